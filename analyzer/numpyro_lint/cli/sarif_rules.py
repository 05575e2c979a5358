"""The rules as SARIF describes them: what they mean, their pages, levels and categories."""

from __future__ import annotations

import re
from typing import Any

from numpyro_lint.context import Rule
from numpyro_lint.diagnostic import Severity
from numpyro_lint.rules import all_rules, page_of

LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.HINT: "note",
}
# What GitHub puts the alerts of a repository in order by.
_PROBLEMS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "recommendation",
    Severity.HINT: "recommendation",
}
_DOES = re.compile(r"^## What it does\n(.*?)(?=^## |\Z)", re.M | re.S)
_LINK = re.compile(r"\]\((?P<page>[^()/ ]+)\.md\)")


def descriptors() -> list[dict[str, Any]]:
    """All rules in the order of their names, whether they have found anything or not (3.49)."""
    return [_descriptor(rule) for rule in all_rules().values()]


def _descriptor(rule: Rule) -> dict[str, Any]:
    documentation = rule.documentation.strip()
    does = _DOES.search(documentation)
    full = " ".join(does[1].split()) if does else rule.summary
    level = {"level": LEVELS[rule.severity]}
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": full},
        "helpUri": page_of(rule.name),
        "help": {"text": documentation, "markdown": _LINK.sub(_linked, documentation)},
        # A hint is for those who ask for it.
        "defaultConfiguration": level | ({"enabled": False} if rule.severity == 0 else {}),
        "properties": {
            "tags": [rule.category.value],
            "problem.severity": _PROBLEMS[rule.severity],
            "since": rule.since,
        },
    }


def _linked(link: re.Match[str]) -> str:
    """A link from one rule to another, from wherever the text is read."""
    return f"]({page_of(link['page'])})"
