"""Pairs of model and guide: the sites that both have, and what they are of."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from numpyro_lint.facts.distributions import CONSTRAINTS, FAMILIES
from numpyro_lint.model.fit import Fit, family_of, latents
from numpyro_lint.model.ir import Const, Dist, Engine, Frame, Site
from numpyro_lint.model.shapes import Shape, drawn_shape
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.model.supports import dist_of
from numpyro_lint.record import record

# Arrays whose elements are bound to each other.
_STRUCTURED = frozenset(
    "simplex corr_cholesky corr_matrix lower_cholesky positive_definite sphere".split()
)

_PERIODIC = frozenset({"circular", "complex"})
_CATEGORIES = ("Categorical", "OrderedLogistic")
# An end of which not even that it is finite is known.
_UNKNOWN = -1e300


@record
class Support:
    """Where the values of a site lie. A bound that is None is finite and not known.

    `structure` names what binds the elements of an array to each other.
    """

    low: float | None = None
    high: float | None = None
    whole: bool = False
    structure: str = ""

    def lies_outside(self, other: Support) -> bool:
        """Whether some of these values are surely none of the other's."""
        if self.structure or other.structure:
            return not self.structure
        if other.whole != self.whole:
            return True
        return _below(self.low, other.low) or _below(_negated(self.high), _negated(other.high))


def _below(first: float | None, second: float | None) -> bool:
    if second is None:
        return first == -inf
    return first is not None and first < second


def _negated(bound: float | None) -> float | None:
    return None if bound is None else -bound


def twins(fit: Fit) -> Iterator[tuple[Effect, Effect]]:
    """The latent sites that a model shares with the guide that the user wrote for it."""
    if fit.run.kind not in ("svi", "stein") or fit.written is None:
        return
    inside = {effect.name: effect for effect in latents(fit.model) if effect.name.literal}
    for effect in latents(fit.written):
        if effect.name in inside:
            yield inside[effect.name], effect


def draws_many(fit: Fit) -> bool:
    """Whether a guide may propose several values at once, in a dim that the model has not."""
    loss = fit.run.arg("loss")
    if not isinstance(loss, Engine):
        return not (loss is None or isinstance(loss, Const))
    return not (loss.arg("multi_sample_guide") in (None, Const(False)) and loss.arg("**") is None)


def support_of(effect: Effect) -> Support | None:
    """The support of a site's distribution, as far as the text tells."""
    family, dist = family_of(effect), effect.dist
    if family is None or not isinstance(dist, Dist):
        return None
    facts = FAMILIES[family]
    if facts.support in _STRUCTURED:
        return Support(structure=facts.support)
    if facts.bounds is not None:
        low, high = (_end(dist, bound, side) for side, bound in enumerate(facts.bounds))
        return None if _UNKNOWN in (low, high) else Support(low, high, facts.discrete)
    if facts.support == "dependent":
        return Support(whole=True) if family.startswith(_CATEGORIES) else None
    if facts.support in _PERIODIC or facts.support not in CONSTRAINTS:
        return None
    meant = CONSTRAINTS[facts.support]
    return Support(meant.low, meant.high, meant.discrete)


def _end(dist: Dist, bound: float | str, side: int) -> float | None:
    """One end of a support that arguments tell; None where it is finite and not known."""
    if isinstance(bound, float):
        return bound
    value = dist.arg(bound)
    if value is None or value == Const(None):
        return {"Uniform": (0.0, 1.0), "TruncatedNormal": (-inf, inf)}.get(
            dist.family or "", (_UNKNOWN, _UNKNOWN)
        )[side]
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return float(value.value)
    return _UNKNOWN if dist.family == "TruncatedNormal" else None


def plates_of(prediction: Prediction, effect: Effect) -> dict[str, Site]:
    """The plates around a site, by those names that are known."""
    for step in prediction.executions:
        if step.site.span == effect.site.span and step.path == effect.path:
            return {
                active.name.literal: active.frame.plate
                for active in step.stack
                if isinstance(active.frame, Frame) and active.name.literal is not None
            }
    return {}


def shape_of(prediction: Prediction, effect: Effect) -> Shape | None:
    """The shape of a site outside of any plate, where the text tells."""
    for step in prediction.executions:
        if step.site.span == effect.site.span and step.path == effect.path:
            dist = dist_of(step)
            alone = not any(isinstance(active.frame, Frame) for active in step.stack)
            own = effect.value_from == "prior" and effect.site.kind == "sample"
            if dist is None or not alone or not own or effect.site.arg("sample_shape"):
                return None
            return drawn_shape(dist, step.values)
    return None


def int_of(plate: Site, name: str) -> int | None:
    """An argument of a plate that is a literal number."""
    value = plate.arg(name)
    return value.value if isinstance(value, Const) and isinstance(value.value, int) else None


def event_dim(effect: Effect) -> int | None:
    """The number of event dims of a site, where the text tells."""
    family, dist = family_of(effect), effect.dist
    own = FAMILIES[family].event_dim if family is not None else None
    if own is None or not isinstance(dist, Dist) or dist.events is None:
        return None
    return own + dist.events


def is_number(effect: Effect) -> bool:
    """Whether a site is a single number for sure."""
    dist = effect.dist
    if event_dim(effect) != 0 or not isinstance(dist, Dist) or dist.wraps or not dist.args:
        return False
    plain = all(isinstance(value, Const) for _, value in dist.args)
    return plain and not effect.site.arg("sample_shape")
