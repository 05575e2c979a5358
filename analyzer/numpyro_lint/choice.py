"""Which rules are run, which of their findings are shown, and how severe they are: as is set."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from numpyro_lint.config import Settings
from numpyro_lint.context import Rule
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.rules import all_rules


def chosen(settings: Settings, path: str) -> tuple[Rule, ...]:
    """The rules that are run on a file."""
    levels = tuple(settings.severity.items())
    return _selected(_named(settings), settings.ignored_in(path), settings.pedantic, levels)


def _named(settings: Settings) -> tuple[str, ...]:
    return (*settings.select, *settings.extend_select)


@lru_cache(maxsize=64)
def _selected(
    named: tuple[str, ...],
    ignored: tuple[str, ...],
    pedantic: bool,
    levels: tuple[tuple[str, Severity], ...],
) -> tuple[Rule, ...]:
    """The rules that are run. A rule's own name outdoes its category, and that outdoes ALL."""

    def is_run(rule: Rule) -> bool:
        level = level_of(rule.name, rule.category, dict(levels))
        if (rule.severity if level is None else level) == Severity.HINT:
            if not (pedantic or rule.name in named):
                return False
        return _rank_of(rule, named) > _rank_of(rule, ignored)

    return tuple(filter(is_run, all_rules().values()))


def _rank_of(rule: Rule, names: tuple[str, ...]) -> int:
    """How closely some names mean a rule: 0 not at all, 3 by its own name."""
    if rule.name in names:
        return 3
    return 2 if rule.category.value in names else int("ALL" in names)


def level_of(rule: str, category: Category, levels: Mapping[str, Severity]) -> Severity | None:
    """The severity that the user gives to a rule."""
    return levels.get(rule, levels.get(category.value)) if levels else None


def is_shown(finding: Diagnostic, settings: Settings) -> bool:
    """Hints are for those who ask for them."""
    if finding.severity != Severity.HINT or settings.pedantic:
        return True
    return finding.rule in _named(settings)
