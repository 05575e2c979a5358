"""Scales with heavy tails, and what they scale: read off the products that a model is written with.

A horseshoe that has a slab (Piironen and Vehtari 2017) divides by its local scales, so that what is
a product of scales and nothing else has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numpyro_lint.facts.distributions import LOC_SCALE
from numpyro_lint.model.ir import Const, Data, Dist, Value
from numpyro_lint.model.ranges import elements
from numpyro_lint.model.supports import Draw
from numpyro_lint.record import record
from numpyro_lint.text import Span

# What scales a positive family.
_OF_SCALES = {"HalfCauchy": "scale", "HalfNormal": "scale", "InverseGamma": "rate"}
# From this many expressions on a value is not read.
_MOST = 300


@record
class Scaled:
    """A latent that is scaled by `scales`, latents that are nothing but multiplied."""

    latent: Draw
    scales: tuple[Draw, ...]


def is_heavy(dist: Dist) -> bool:
    """Whether a prior of a scale has no mean."""
    if dist.family == "FoldedDistribution":
        base = dist.arg("base_dist")
        return isinstance(base, Dist) and base.family == "Cauchy"
    shape = elements(dist.arg("concentration")) if dist.family == "InverseGamma" else None
    return dist.family == "HalfCauchy" or bool(shape and max(shape) <= 1)


def scaled(latents: Iterable[Draw], made: Iterable[Value]) -> Iterator[Scaled]:
    """The latents of a location-scale family with their scales: by their prior, or as one of the
    factors of a product that is `made`."""
    drawn = {draw.step.site.span: draw for draw in latents}
    for draw in drawn.values():
        if draw.family in LOC_SCALE:
            yield Scaled(draw, _known(factors(draw.dist.arg("scale")), drawn))
    for value in made:
        for product in _products(value):
            found = _known(product, drawn)
            standard = [draw for draw in found if draw.family in LOC_SCALE]
            if len(standard) == 1:
                yield Scaled(standard[0], tuple(d for d in found if d is not standard[0]))


def scales_of(draw: Draw, latents: Iterable[Draw]) -> tuple[Draw, ...]:
    """The latents that scale one which is itself a scale."""
    drawn = {each.step.site.span: each for each in latents}
    name = _OF_SCALES.get(draw.family)
    return _known(factors(draw.dist.arg(name)), drawn) if name is not None else ()


def factors(value: Value | None) -> tuple[Span, ...]:
    """The sites that are multiplied to a value; none where it is made in any other way."""
    if not isinstance(value, Data) or value.made is None:
        return ()
    op, operands = value.made.op, value.made.operands
    if op == "sample":
        return tuple(span for span in value.depends if isinstance(span, Span))[:1]
    if op == "[]":
        return factors(operands[0])
    if op != "*":
        return ()
    parts = [(each, factors(each)) for each in operands]
    if any(not found and not isinstance(each, Const) for each, found in parts):
        return ()
    return tuple(span for _, found in parts for span in found)


def _products(value: Value) -> Iterator[tuple[Span, ...]]:
    """The largest products in what a value is made of."""
    waiting, met = [value], 0
    while waiting and met < _MOST:
        each, met = waiting.pop(), met + 1
        if not isinstance(each, Data) or each.made is None or each.made.op == "sample":
            continue
        found = factors(each) if each.made.op == "*" else ()
        if len(found) > 1:
            yield found
        else:
            waiting += each.made.operands


def _known(spans: Iterable[Span], drawn: dict[Span, Draw]) -> tuple[Draw, ...]:
    return tuple(drawn[span] for span in dict.fromkeys(spans) if span in drawn)
