"""Model and guide of one SVI as traces show them: both run with the arguments of the same call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from numpyro_lint.facts.distributions import CONSTRAINTS
from numpyro_lint.model.attach import Attached, Joined
from numpyro_lint.model.fit import Fit
from numpyro_lint.model.guides import Support, draws_many
from numpyro_lint.model.program import Stack
from numpyro_lint.record import record


@record
class Pair:
    """The latents of model and guide by name, as an outer trace sees them, and what is observed."""

    fit: Fit
    model: Mapping[str, Joined]
    guide: Mapping[str, Joined]
    observed: Mapping[str, Joined]
    guided: Attached

    @property
    def twins(self) -> Iterator[tuple[Joined, Joined]]:
        """The latents that both have: that of the model, and that of the guide."""
        for name, outside in self.guide.items():
            if name in self.model:
                yield self.model[name], outside


def pair_of(fit: Fit, traces: Mapping[Stack, Attached]) -> Pair | None:
    """The traces of model and guide with the arguments of an SVI; None where one is not there.

    Nothing is told of those that handlers stand around.
    """
    stack, guide = fit.run.stack, fit.run.guide
    if fit.run.kind not in ("svi", "stein") or stack is None or guide is None:
        return None
    if stack.handlers or guide.handlers:
        return None
    inside, outside = traces.get(stack), traces.get(guide)
    if inside is None or outside is None or not (inside.ok and outside.ok):
        return None
    observed = {each.traced.name: each for each in _samples(inside) if each.traced.observed}
    return Pair(fit, _latents(inside), _latents(outside), observed, outside)


def _samples(trace: Attached) -> Iterator[Joined]:
    return (each for each in trace.sites if each.traced.type == "sample" and not each.traced.hidden)


def _latents(trace: Attached) -> dict[str, Joined]:
    return {each.traced.name: each for each in _samples(trace) if not each.traced.observed}


def support_of_traced(joined: Joined) -> Support | None:
    """The support of a traced site, where its name tells the bounds; None of a point mass too."""
    traced = joined.traced
    name = (traced.support or "").removeprefix("independent(").partition(",")[0]
    name = "real" if name in ("real_vector", "real_matrix") else name
    if traced.distribution == "Delta" or name not in CONSTRAINTS or "interval" in name:
        return None
    meant = CONSTRAINTS[name]
    return Support(meant.low, meant.high, meant.discrete)


def differing_shapes(pair: Pair) -> Iterator[tuple[Joined, Joined, str]]:
    """The twins whose shapes NumPyro does not take for the same, and what differs, in words."""
    if draws_many(pair.fit) or pair.fit.loss in (None, "TraceEnum_ELBO"):
        return
    for inside, outside in pair.twins:
        here, there = outside.traced, inside.traced
        if here.event_shape is None or there.event_shape is None:
            continue
        if len(here.event_shape) != len(there.event_shape):
            said = f"{len(here.event_shape)} event dims in the guide and {len(there.event_shape)}"
            yield inside, outside, said
        elif here.shape is not None and there.shape is not None:
            if _stripped(here.shape) != _stripped(there.shape):
                yield inside, outside, f"shape {here.shape} in the guide and {there.shape}"


def _stripped(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape without the ones at its front, which NumPyro does not count."""
    while shape and shape[0] == 1:
        shape = shape[1:]
    return shape
