"""The rules, one file each: the file's name is the rule's name. They never import each other."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from functools import cache

from numpyro_lint.context import Rule
from numpyro_lint.rule import registered


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule by its name: each file of this folder registers the one that it holds."""
    # Not pkgutil, which imports inspect: this is on the way of every start-up.
    for entry in sorted(os.listdir(__path__[0])):
        name, ending = os.path.splitext(entry)
        if ending == ".py" and name != "__init__":
            importlib.import_module(f"{__name__}.{name}")
    return registered()


def page_of(rule: str) -> str | None:
    """The address of a rule's page; None of what is no rule."""
    known = rule in all_rules()
    return f"https://numpyro-lint.readthedocs.io/rules/{rule}" if known else None
