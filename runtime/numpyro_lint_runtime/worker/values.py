"""The second stage: what a model comes to at concrete draws, and whether its runs agree."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import jax
import numpy as np
from numpyro import handlers
from numpyro.infer.util import initialize_model

from ..protocol import Hierarchy, Levels, ModelRequest, SiteValues, ValueResult
from .density import Looked, Model
from .describe import value_of
from .failure import failure_of, text_of
from .slice import Target
from .stable import unstable
from .trace import is_tracer_error
from .workspace import reset_randomness

DRAWS = 32
STARTS = 16
# As many points as NUTS tries before it gives up.
ALL_STARTS = 100
_NO_START = "Cannot find valid initial parameters"
# What of the deadline may go by before no further point is looked at.
_SHARE = 0.5
# By when a part is to be done that can be left out.
_MOST = 0.8


@dataclass(slots=True)
class _Tally:
    """The sites' values as they are counted, by name in order of execution."""

    sites: dict[str, SiteValues] = field(default_factory=dict)
    draws: int = 0
    starts: int = 0
    valid: int = 0

    def add(self, looked: Looked, order: list[str], at_start: bool) -> None:
        for name in order:
            self.sites.setdefault(name, SiteValues(name))
        if at_start:
            self.starts += 1
            sloped = all(looked.sloped.values())
            self.valid += bool(np.isfinite(looked.total) and sloped)
        else:
            self.draws += 1
        for name in order:
            self.sites[name] = self._with(self.sites[name], looked, at_start)

    def _with(self, site: SiteValues, looked: Looked, at_start: bool) -> SiteValues:
        density = looked.density[site.name]
        site = replace(site, allowed=site.allowed + bool(looked.allowed[site.name]))
        if not at_start:
            site = _drawn(site, looked, self.draws == 1)
        if not np.isfinite(density):
            count = "start" if at_start else "prior"
            if not site.start and (at_start or not site.prior):
                site = replace(site, **_circumstances(site.name, looked))
            return replace(site, **{count: getattr(site, count) + 1})
        if at_start and np.isfinite(looked.total) and not looked.sloped.get(site.name, True):
            if not site.slope:
                site = replace(site, **_circumstances(site.name, looked))
            return replace(site, slope=site.slope + 1)
        return site


def _drawn(site: SiteValues, looked: Looked, is_first: bool) -> SiteValues:
    """With the first value, and with the arguments that lie outside of their domains."""
    if is_first and looked.ranges[site.name] is not None:
        site = replace(site, value=_value(looked.ranges[site.name]))
    if not np.isnan(looked.density[site.name]):
        return site
    outside = dict(site.outside)
    for name, facts in looked.arguments[site.name].items():
        if facts["outside"]:
            outside[name] = outside.get(name, 0) + 1
    if outside and not site.outside:
        site = replace(site, example=_circumstances(site.name, looked)["arguments"])
    return replace(site, outside=outside)


def _circumstances(name: str, looked: Looked) -> dict[str, Any]:
    arguments = looked.arguments[name].items()
    return {
        "density": f"{float(looked.density[name]):.6g}",
        "arguments": {each: _shown(facts["range"]) for each, facts in arguments},
        "drawn": {each: _shown(looked.ranges[each]) for each in looked.sloped},
    }


def _value(ends: Any) -> Any:
    low, high = ends
    return value_of(low) if low == high else _shown(ends)


def _shown(ends: Any) -> str:
    """The least and the greatest of an array; once, where they are the same."""
    if ends is None:
        return ""
    low, high = (f"{float(end):.6g}" for end in ends)
    return low if low == high else f"{low} .. {high}"


def _points(seed: int, end: float) -> Iterator[Any]:
    """Keys, as long as there is time: first that of the seed itself."""
    key = jax.random.key(seed)
    for number in range(ALL_STARTS):
        yield jax.random.fold_in(key, number) if number else key
        if time.perf_counter() > end:
            return


def _look(model: Model, seed: int, deadline: float) -> _Tally:
    """Look at prior draws, then at points where NUTS may begin: more where none is good."""
    tally = _Tally()
    compiled = jax.jit(model.at)
    end = time.perf_counter() + _SHARE * deadline

    def at(key: Any, at_start: bool) -> None:
        tally.add(jax.device_get(compiled(key, at_start)), model.order, at_start)

    for number, key in zip(range(DRAWS), _points(seed, end), strict=False):
        at(key, False)
        if number < STARTS:
            at(key, True)
    for key in _points(seed + 1, end):
        if tally.valid or tally.starts >= ALL_STARTS:
            break
        at(key, True)
    return tally


def _raised_by_numpyro(target: Target, seed: int) -> str:
    """What NumPyro says where it finds no initial values; empty where it finds some, or fails."""
    try:
        initialize_model(
            jax.random.key(seed), target.model, model_args=target.args, model_kwargs=target.kwargs
        )
    except Exception as error:
        return text_of(error) if _NO_START in text_of(error) else ""
    return ""


def _compiled(target: Target, seed: int, deadline: float) -> tuple[_Tally, Model]:
    model = Model(target.model, target.args, target.kwargs)
    return _look(model, seed, deadline), model


def _concrete(target: Target, seed: int) -> _Tally:
    """One prior draw without compilation, and without gradients."""
    tally = _Tally()
    model = Model(target.model, target.args, target.kwargs)
    seeded = handlers.seed(target.model, rng_seed=jax.random.key(seed))
    looked = jax.device_get(model.seen(seeded))
    tally.add(looked, model.order, False)
    return tally


def values_call(request: ModelRequest, target: Target, own: str) -> ValueResult:
    """The second stage for one model; what it raises is in the result."""
    seed = request.seed
    result = ValueResult(request.id, "ok", seed=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = replace(result, unstable=tuple(unstable(target, seed)))
            if result.unstable:
                return result
            reset_randomness(seed)
            began = time.perf_counter()
            result = _filled(result, target, request.deadline)
            result = _with_evidence(
                result, target, request.hierarchies, began + _MOST * request.deadline
            )
            end = began + _SHARE * request.deadline
            return _with_ridges(result, target, request.levels, end)
        except BaseException as error:
            return replace(result, status="failed", failure=failure_of(error, "model", own))


def _filled(result: ValueResult, target: Target, deadline: float) -> ValueResult:
    raised, discrete = "", []
    try:
        tally, model = _compiled(target, result.seed, deadline)
        discrete = model.discrete
        if tally.starts == ALL_STARTS and not tally.valid:
            raised = _raised_by_numpyro(target, result.seed)
    except Exception as error:
        if not is_tracer_error(error):
            raise
        tally, result = _concrete(target, result.seed), replace(result, mode="concrete")
    return replace(
        result,
        draws=tally.draws,
        starts=tally.starts,
        valid=tally.valid,
        raised=raised,
        discrete=tuple(discrete),
        sites=tuple(tally.sites.values()),
    )


def _with_evidence(
    result: ValueResult, target: Target, asked: tuple[Hierarchy, ...], end: float
) -> ValueResult:
    """With what the data say of the sites that were asked for."""
    if not asked or result.mode != "compiled":
        return result
    from .evidence import evidence

    try:
        return replace(result, evidence=tuple(evidence(target, asked, end)))
    except Exception as error:
        return replace(result, unsettled=_why(error))


def _why(error: Exception) -> str:
    """Why nothing was found, in words."""
    from .laplace import Unsettled

    told = text_of(error)
    return told if isinstance(error, Unsettled) else f"{type(error).__name__}: {told}"


def _with_ridges(
    result: ValueResult, target: Target, asked: Levels | None, end: float
) -> ValueResult:
    """With the levels that the data know only together, where there is time left to tell."""
    if asked is None or result.mode != "compiled" or time.perf_counter() > end:
        return result
    from .ridges import ridges

    try:
        return replace(result, ridges=tuple(ridges(target, asked)))
    except Exception as error:
        return replace(result, lost=(f"which latents are known only together: {_why(error)}",))
