"""The rule mechanism: `@rule`, the registry, and the nodes that rules are given."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator

from numpyro_lint.context import Context, Rule
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage

_registry: dict[str, Rule] = {}


def rule(
    name: str, *, category: Category, severity: Severity, since: str, stage: Stage = Stage.TEXT
) -> Callable[[Callable[..., Iterable[Diagnostic]]], Callable[..., Iterable[Diagnostic]]]:
    """Registers a check. The annotation of its first parameter says which nodes it is given."""

    def register(
        check: Callable[..., Iterable[Diagnostic]],
    ) -> Callable[..., Iterable[Diagnostic]]:
        node = next(iter(check.__annotations__.values()))
        module = importlib.import_module(check.__module__)
        documentation = module.__doc__ or ""
        _registry[name] = Rule(
            name, category, severity, since, stage, str(node), check, documentation
        )
        return check

    return register


def registered() -> dict[str, Rule]:
    """The rules whose files are imported, by their names."""
    return dict(sorted(_registry.items()))


def meanings() -> dict[str, frozenset[str]]:
    """Every name that a user may give for rules, and the rules that it stands for."""
    found: dict[str, set[str]] = {"ALL": set(_registry)}
    for each in _registry.values():
        found.setdefault(each.category.value, set()).add(each.name)
        found[each.name] = {each.name}
    return {name: frozenset(rules) for name, rules in found.items()}


def nodes(kind: str, context: Context) -> Iterator[object]:
    """The nodes of a file that rules of this kind are given."""
    module = context.module
    if kind == "Module":
        yield module
    elif kind == "Function":
        yield from module.functions.values()
    elif kind == "Model":
        yield from context.models
    elif kind == "Stack":
        yield from module.stacks
    elif kind == "Run":
        yield from module.runs
    elif kind == "Remark":
        yield from context.remarks
    elif kind == "Fit":
        yield from context.fits
