"""Writes docs/rules/, a page for each rule from its docstring and the index, and the schema of
configurations, which names the rules.
"""

from __future__ import annotations

import json
from pathlib import Path

from numpyro_lint.config_schema import schema
from numpyro_lint.rule import Rule
from numpyro_lint.rules import all_rules

FOLDER = Path(__file__).parent.parent / "docs/rules"
SCHEMA = FOLDER.parent / "config.schema.json"


def page(rule: Rule) -> str:
    """The page of a rule."""
    facts = f"**{rule.severity.label}** · {rule.category.value} · since {rule.since}"
    return f"# {rule.name}\n\n{facts}\n\n{rule.documentation.strip()}\n"


def index() -> str:
    """The list of all rules."""
    rows = [
        f"| [{rule.name}]({rule.name}.md) | {rule.severity.label} | {rule.category.value} "
        f"| {rule.summary} |"
        for rule in all_rules().values()
    ]
    head = "# Rules\n\n| rule | severity | category | what it finds |\n|-|-|-|-|\n"
    return head + "\n".join(rows) + "\n"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    return {"README.md": index()} | {f"{r.name}.md": page(r) for r in all_rules().values()}


def config_schema() -> str:
    """What `analyze config-schema` prints."""
    return json.dumps(schema(), indent=2) + "\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.md"):
        old.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    SCHEMA.write_text(config_schema(), encoding="utf-8")
    print(f"wrote {len(pages())} pages and {SCHEMA.name} to docs")


if __name__ == "__main__":
    main()
