"""What a release takes besides building: that all say the same version, and what is new in it.

    python scripts/release.py v0.2.0 > notes.md

prints the section of CHANGELOG.md; where a file has another version it says so and fails.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def versions(root: Path = ROOT) -> dict[str, str]:
    """The version that each file of the project says it has."""
    module = (root / "analyzer/numpyro_lint/__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', module, re.MULTILINE)
    said = {"numpyro_lint.__version__": found[1] if found else "none"}
    for name in ("package.json", "package-lock.json"):
        file = root / "editors/vscode" / name
        said[f"editors/vscode/{name}"] = json.loads(file.read_text(encoding="utf-8"))["version"]
    for name in ("CHANGELOG.md", "editors/vscode/CHANGELOG.md"):
        newest = re.search(r"^## (.+)$", (root / name).read_text(encoding="utf-8"), re.MULTILINE)
        said[name] = newest[1] if newest else "none"
    return said


def disagreements(tag: str, said: dict[str, str]) -> list[str]:
    """What has another version than a tag; empty where all agree."""
    version = tag.removeprefix("v")
    wrong = [f"{name} has {each}, not {version}" for name, each in said.items() if each != version]
    return wrong if tag == f"v{version}" else [f"'{tag}' is no tag of a version, as v1.2.3", *wrong]


def notes(changelog: str, version: str) -> str:
    """The section of a changelog that tells of a version."""
    _, _, rest = changelog.partition(f"\n## {version}\n")
    return rest.partition("\n## ")[0].strip()


def main(tag: str) -> int:
    wrong = disagreements(tag, versions())
    for each in wrong:
        print(each, file=sys.stderr)
    if not wrong:
        print(notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), tag.removeprefix("v")))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
