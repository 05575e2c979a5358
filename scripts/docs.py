"""Writes docs/rules/, a page for each rule from its docstring and the index, and what may
stand in a configuration, as a page and as a schema.
"""

from __future__ import annotations

import json
from pathlib import Path

from numpyro_lint.config_schema import schema
from numpyro_lint.context import Rule
from numpyro_lint.rules import all_rules

FOLDER = Path(__file__).parent.parent / "docs/rules"
SCHEMA = FOLDER.parent / "config.schema.json"
SETTINGS = FOLDER.parent / "settings.md"
SETTINGS_TEXT = """\
# Comments and settings

Rules are named by their name, by their category, or all by `ALL`: in comments, in the configuration
and on the command line alike.

## Comments

    theta = numpyro.sample("theta", dist.Normal(mu, tau))  # numpyro-lint: ignore[funnel] ample data

    # numpyro-lint: ignore[funnel] ample data
    theta = numpyro.sample("theta", dist.Normal(mu, tau))

    # numpyro-lint: file-ignore[funnel, names]

At the end of a line a comment silences what begins or ends on that line. Where nothing does, it
silences what stands in the statement, or between the brackets, that its line opens or closes; and
else what goes on across its line. On a line of its own it is about the statement, or the line
within brackets, directly below; other comments may stand between, an empty line may not. Of a
statement with a block, as `def` or `with`, it is about the head alone. `file-ignore` is for the
whole file or notebook, wherever it stands.

[unused-suppression](rules/unused-suppression.md) reports comments that silence nothing,
[unknown-rule](rules/unknown-rule.md) those that name no rule, and
[invalid-comment](rules/invalid-comment.md) those that say nothing this tool understands.

## Settings

They stand in `[tool.numpyro-lint]` of pyproject.toml, or without that heading in
numpyro-lint.toml: the nearest of these files at or above the current folder counts (in an editor,
the folder of the file). The command line goes over it: `--select` replaces `select`,
`extend-select` and `ignore`, and `--extend-select` adds to what is configured.

| setting | what it may be | default | what it is |
|-|-|-|-|
ROWS

Patterns are of paths as they are seen from the folder of the configuration: `gen`, `tests/*`,
`**/data_*.py`. A pattern without a slash is compared with each part of a path, and `*` also crosses
folders.

[config.schema.json](config.schema.json) is the JSON Schema of all this; `analyze config-schema`
prints it.
"""


def page(rule: Rule) -> str:
    """The page of a rule."""
    facts = f"**{rule.severity.label}** · {rule.category.value} · since {rule.since}"
    return f"# {rule.name}\n\n{facts}\n\n{rule.documentation.strip()}\n"


def index() -> str:
    """The list of all rules."""
    rows = [
        f"| [{rule.name}]({rule.name}.md) | {rule.severity.label} | {rule.category.value} "
        f"| {'yes' if rule.has_fix else ''} | {rule.summary} |"
        for rule in all_rules().values()
    ]
    head = "# Rules\n\n| rule | severity | category | fix | what it finds |\n|-|-|-|-|-|\n"
    return head + "\n".join(rows) + "\n"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    return {"README.md": index()} | {f"{r.name}.md": page(r) for r in all_rules().values()}


def settings() -> str:
    """The page of comments and settings."""
    described, kinds = schema()["properties"], schema()["$defs"]
    rows = []
    for key, each in described.items():
        title = each.get("title") or kinds[each["$ref"].rpartition("/")[2]]["title"]
        default = f"`{json.dumps(each['default'])}`" if "default" in each else ""
        rows.append(f"| `{key}` | {title} | {default} | {each['description']} |")
    return SETTINGS_TEXT.replace("ROWS", "\n".join(rows))


def config_schema() -> str:
    """What `analyze config-schema` prints."""
    return json.dumps(schema(), indent=2) + "\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.md"):
        old.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    SETTINGS.write_text(settings(), encoding="utf-8")
    SCHEMA.write_text(config_schema(), encoding="utf-8")
    print(f"wrote {len(pages())} pages and {SCHEMA.name} to docs")


if __name__ == "__main__":
    main()
