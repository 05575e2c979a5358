"""Writes docs/rules/: a page for each rule from its docstring, and the index."""

from __future__ import annotations

from pathlib import Path

from numpyro_lint.rule import Rule
from numpyro_lint.rules import all_rules

FOLDER = Path(__file__).parent.parent / "docs/rules"


def page(rule: Rule) -> str:
    """The page of a rule."""
    facts = f"**{rule.severity.label}** · {rule.category.value} · since {rule.since}"
    return f"# {rule.name}\n\n{facts}\n\n{rule.documentation.strip()}\n"


def index() -> str:
    """The list of all rules."""
    rows = [
        f"| [{rule.name}]({rule.name}.md) | {rule.severity.label} | {rule.category.value} "
        f"| {rule.documentation.strip().partition(chr(10))[0]} |"
        for rule in all_rules().values()
    ]
    head = "# Rules\n\n| rule | severity | category | what it finds |\n|-|-|-|-|\n"
    return head + "\n".join(rows) + "\n"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    return {"README.md": index()} | {f"{r.name}.md": page(r) for r in all_rules().values()}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.md"):
        old.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"wrote {len(pages())} pages to docs/rules")


if __name__ == "__main__":
    main()
