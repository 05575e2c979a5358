"""Runs the text of a program under NumPyro, and holds what is predicted from that text against it.

A program ends with the stack that is compared. It leaves NumPyro's own trace of it as `tr`, or the
handler that holds it as `traced`.
"""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
from numpyro.distributions import ExpandedDistribution, Independent, MaskedDistribution

from numpyro_lint.model.lift import lift
from numpyro_lint.model.program import Stack
from numpyro_lint.model.stack import Effect, Prediction, predict_all
from numpyro_lint.text import Source, notebook
from numpyro_lint_runtime.protocol import TracedSite
from numpyro_lint_runtime.worker.recording import Recording, recording

_TOLD = ("name", "type", "observed", "was_observed", "value_from", "hidden", "scaled", "masked")
_ONCE = ("sample", "factor", "deterministic")
_UNTOLD = ("prng_key", "subsample", "control_flow")
# Literals of a generated program tell by their size where they were written.
ORIGINS = {1: "condition", 2: "substitute", 3: "do", 4: "obs", 5: "init", 6: None}
_WRITTEN = {*ORIGINS.values(), "replay"}


@dataclass(slots=True)
class Outcome:
    """What a run did: the variables that it left, what it raised, and what was recorded."""

    variables: dict[str, Any] = field(default_factory=dict)
    error: Exception | None = None
    sites: list[TracedSite] = field(default_factory=list)

    @property
    def trace(self) -> dict[str, Any]:
        """NumPyro's own trace, up to the exception if there was one."""
        if "tr" in self.variables:
            return dict(self.variables["tr"])
        return dict(getattr(self.variables.get("traced"), "trace", {}))


def predicted(text: str) -> tuple[Stack, Prediction]:
    """The last stack of a program, and what is predicted for it."""
    module = lift(Source("program.py", text))
    stack, prediction = list(predict_all(module).items())[-1]
    return stack, prediction


def predicted_by_cell(cells: Sequence[str]) -> dict[int, tuple[Stack, Prediction]]:
    """The last stack of each cell that has one, and what is predicted for it."""
    code = [{"cell_type": "code", "source": cell} for cell in cells]
    module = lift(notebook("program.ipynb", json.dumps({"nbformat": 4, "cells": code})))
    found: dict[int, tuple[Stack, Prediction]] = {}
    for stack, prediction in predict_all(module).items():
        cell = module.source.cell_at(stack.span.start)
        if cell is not None:
            found[cell.index] = stack, prediction
    return found


def execute(text: str, record: bool = False) -> Outcome:
    """Runs a program as it stands."""
    return execute_cells((text,), record)[0]


def execute_cells(cells: Sequence[str], record: bool = False) -> list[Outcome]:
    """Runs a program cell by cell, in one namespace; gives what each cell left."""
    outcomes: list[Outcome] = []
    with warnings.catch_warnings(), recording() if record else contextlib.nullcontext() as sites:
        warnings.simplefilter("ignore")
        variables: dict[str, Any] = {"mark": _marker(sites)}
        for cell in cells:
            outcomes.append(_execute_cell(cell, variables))
            if sites is not None:
                new = sites.sites[variables["mark"].start :]
                outcomes[-1].sites = [site for site in new if site.type not in _UNTOLD]
    return outcomes


def _execute_cell(cell: str, variables: dict[str, Any]) -> Outcome:
    outcome = Outcome()
    variables.pop("tr", None)
    variables.pop("traced", None)
    try:
        exec(compile(cell, "program.py", "exec"), variables)
    except Exception as error:
        outcome.error = error
    outcome.variables = dict(variables)
    return outcome


def _marker(sites: Recording | None) -> Callable[[], None]:
    """What a program calls where the stack that counts begins."""

    def mark() -> None:
        mark.start = 0 if sites is None else len(sites)  # type: ignore[attr-defined]

    mark.start = 0  # type: ignore[attr-defined]
    return mark


def stage(text: str, record: bool = False) -> Outcome:
    """Runs a program abstractly: nothing is compiled, and draws are tracers."""
    return stage_cells((text,), record)[0]


def stage_cells(cells: Sequence[str], record: bool = False) -> list[Outcome]:
    """Runs a program abstractly, cell by cell."""
    found: list[Outcome] = []

    def staged() -> int:
        found.extend(execute_cells(cells, record))
        return 0

    jax.eval_shape(staged)
    return found


def visible(prediction: Prediction) -> dict[str, Effect]:
    """What an outermost `trace` holds: a name that comes twice stands where it first came."""
    names: dict[str, Effect] = {}
    for effect in prediction.effects:
        name = effect.name.literal
        assert name is not None, effect
        if effect.hidden or (name in names and effect.type in _ONCE):
            continue
        names[name] = effect
    return names


def disagreements(prediction: Prediction, outcome: Outcome) -> Iterator[str]:
    """How the prediction and NumPyro's own trace differ, in words."""
    assert prediction.complete
    error = outcome.error
    if prediction.may_raise or (prediction.raises is None) != (error is None):
        yield f"raises: predicted {prediction.raises!r} ({prediction.may_raise}), is {error!r}"
    expected, trace = visible(prediction), outcome.trace
    if list(expected) != list(trace):
        yield f"names: predicted {list(expected)}, are {list(trace)} ({error!r})"
        return
    for name, site in trace.items():
        effect = expected[name]
        for what, told, real in _facts(effect, site):
            if told != real:
                yield f"{name} {what}: predicted {told!r}, is {real!r}"


def is_exact(prediction: Prediction) -> bool:
    """Whether the text tells all: each site by its name, and whether it is reached."""
    known = all(each.certain and each.name.literal is not None for each in prediction.effects)
    return known and prediction.complete and not prediction.may_raise


def contradictions(prediction: Prediction, outcome: Outcome) -> Iterator[str]:
    """Where a prediction that is not exact is wrong in what it does say."""
    error, trace = outcome.error, outcome.trace
    if prediction.raises is not None and error is None:
        yield f"raises: predicted {prediction.raises!r}, is None"
    shown = [each for each in prediction.effects if each.hidden is not True]
    for name, site in trace.items():
        meant = [each for each in shown if each.name.matches(name) is not False]
        if not meant and prediction.complete:
            yield f"{name}: not predicted"
        if meant and not any(_agrees(each, site) for each in meant):
            told = [f"{each.name.glob} {_facts_told(each)}" for each in meant]
            yield f"{name}: predicted as {told}, is {[*_facts(meant[0], site)]}"
    for effect in shown:
        sure = effect.certain and effect.hidden is False and not error
        if sure and not any(effect.name.matches(name) is not False for name in trace):
            yield f"{effect.name.glob}: predicted, is not there"


def _facts_told(effect: Effect) -> list[object]:
    return [effect.type, effect.observed, effect.was_observed, effect.masked, effect.scaled]


def _agrees(effect: Effect, site: dict[str, Any]) -> bool:
    if not effect.certain and effect.type not in (site["type"], "factor"):
        return True
    return all(told is None or told == real for _, told, real in _facts(effect, site))


def _facts(effect: Effect, site: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    kind = "sample" if effect.type == "factor" else effect.type
    yield "type", kind, site["type"]
    sampled = site["type"] == "sample"
    yield "observed", effect.observed, sampled and site["is_observed"]
    yield "was_observed", effect.was_observed, sampled and "was_observed" in site["infer"]
    yield "masked", effect.masked, sampled and is_masked(site["fn"])
    if effect.scaled is not None:
        yield "scaled", effect.scaled, sampled and site["scale"] is not None


def misattributed(prediction: Prediction, outcome: Outcome) -> Iterator[str]:
    """Where a value in the trace of a generated program does not come from where it should."""
    expected = visible(prediction)
    for name, site in outcome.trace.items():
        if site.get("_control_flow_done") or name not in expected:
            continue  # what comes out of a `scan` is an array
        told, real = _written(name, expected[name]), _source(site, outcome)
        if told != real and not (site["type"] == "plate" and told == "substitute"):
            yield f"{name} value: predicted {told!r}, is {real!r} ({site['value']})"


def _written(name: str, effect: Effect) -> str | None:
    """Where a value is written, if it is a literal or replayed, going by what is predicted."""
    made = effect.type == "factor" or name.endswith("_centered")
    if effect.value_from in ("obs", "init") and made:
        return None
    return effect.value_from if effect.value_from in _WRITTEN else None


def _source(site: dict[str, Any], outcome: Outcome) -> str | None:
    value = site["value"]
    for earlier in outcome.variables.get("earlier", {}).values():
        if value is earlier["value"] and earlier["type"] == site["type"]:
            if site["type"] == "plate" or not site.get("is_observed", True):
                return "replay"
    return origin(value)


def is_masked(fn: Any) -> bool:
    while isinstance(fn, (ExpandedDistribution, Independent)):
        fn = fn.base_dist
    return isinstance(fn, MaskedDistribution)


def origin(value: object) -> str | None:
    """Where a literal of a generated program was written."""
    return ORIGINS.get(int(value) // 1000) if isinstance(value, float) else None


def recorder_disagreements(prediction: Prediction, sites: list[TracedSite]) -> Iterator[str]:
    """How the prediction and the recorder differ, hidden sites included."""
    told = [_told(effect) for effect in prediction.effects]
    real = [_recorded(site) for site in sites]
    if [row["name"] for row in told] != [row["name"] for row in real]:
        yield f"recorded {[r['name'] for r in real]}, predicted {[t['name'] for t in told]}"
        return
    for mine, theirs in zip(told, real, strict=True):
        for what in _TOLD:
            if mine[what] != theirs[what] and not (what == "scaled" and mine[what] is None):
                yield f"{mine['name']} {what}: predicted {mine[what]!r}, recorded {theirs[what]!r}"


def _told(effect: Effect) -> dict[str, object]:
    return {what: getattr(effect, what) for what in _TOLD} | {"name": effect.name.literal}


def _recorded(site: TracedSite) -> dict[str, object]:
    sampled = site.type in ("sample", "factor")
    return {
        "name": site.name,
        "type": site.type,
        "observed": site.observed,
        "was_observed": site.was_observed,
        "value_from": site.value_from,
        "hidden": site.hidden,
        "scaled": sampled and site.scale is not None,
        "masked": site.masked,
    }
