"""Traces of models by how other files of the project run them."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Sequence
from itertools import islice

from numpyro_lint import text
from numpyro_lint.config import Settings
from numpyro_lint.importers import importers
from numpyro_lint.model.lift import lift
from numpyro_lint.model.program import Function
from numpyro_lint.model.project import Project
from numpyro_lint.record import record, replace
from numpyro_lint.slicing import Plan, Slicer
from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import ELSEWHERE, Source
from numpyro_lint_runtime.protocol import Position, TraceResult

_MOST_FILES = 6


@record
class Caller:
    """A file that runs models of another, and the ways in it to each, by the model's key."""

    source: Source
    plans: dict[int, tuple[Plan, ...]]


def runs_elsewhere(
    slicer: Slicer, functions: Sequence[Function], settings: Settings
) -> Iterator[Caller]:
    """The files that run some models, nearest first, a few of them."""
    path = os.path.abspath(slicer.source.path)
    project = Project()
    left = {function.key: function for function in functions}
    for other in islice(importers().of(path), _MOST_FILES) if left else ():
        found = _plans(slicer, left, other, project, settings)
        if found is not None:
            yield found
            left = {key: each for key, each in left.items() if key not in found.plans}
        if not left:
            return


def _plans(
    slicer: Slicer,
    functions: dict[int, Function],
    other: str,
    project: Project,
    settings: Settings,
) -> Caller | None:
    try:
        source = text.load(other)
    except (OSError, ValueError):
        return None
    path = os.path.abspath(slicer.source.path)
    tree = parse(source)
    module = lift(source, tree, project)
    bases = (
        each.base for each in module.source.elsewhere if os.path.abspath(each.source.path) == path
    )
    base = next(bases, ELSEWHERE)
    theirs = Slicer(module, tree)
    found: dict[int, tuple[Plan, ...]] = {}
    for key, function in functions.items():
        if function.qualname.partition(".")[0] not in source.text:
            continue
        seen = replace(function, key=base + key, enclosing=None)
        plans, _ = theirs.plans(seen, None, settings.seed, settings.timeout)
        at = slicer.position_of(function)
        found[key] = tuple(
            _renamed(plan, str(key), dataclasses.replace(at, path=path))
            for plan in plans
            if plan.origin.kind == "call"
        )
    return Caller(source, {key: plans for key, plans in found.items() if plans})


def _renamed(plan: Plan, id: str, function: Position) -> Plan:
    return Plan(dataclasses.replace(plan.request, id=id, function=function), plan.origin)


def at_home(result: TraceResult, here: str, there: str) -> TraceResult:
    """A result with its places as the file `here` has them, though `there` ran its model."""

    def moved(position: Position | None) -> Position | None:
        if position is None:
            return None
        path = os.path.abspath(position.path or there)
        return dataclasses.replace(position, path=None if path == here else path)

    sites = tuple(dataclasses.replace(site, position=moved(site.position)) for site in result.sites)
    failure = result.failure
    if failure is not None:
        failure = dataclasses.replace(failure, position=moved(failure.position))
    return dataclasses.replace(result, sites=sites, failure=failure)
