"""Writes docs/report.schema.json, the JSON Schema of `analyze --output-format json`."""

from __future__ import annotations

import json
from pathlib import Path

from numpyro_lint.cli.schema import schema

TARGET = Path(__file__).parent.parent / "docs/report.schema.json"


def main() -> None:
    TARGET.write_text(json.dumps(schema(), indent=2) + "\n")
    print(f"wrote {TARGET.name}")


if __name__ == "__main__":
    main()
