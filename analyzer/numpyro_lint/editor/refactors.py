"""What can be made of a model that no finding asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Fix
from numpyro_lint.model.geometry import by_place, funnels, reparam_of
from numpyro_lint.model.stack import Effect
from numpyro_lint.questions import decentred, inference_predictions
from numpyro_lint.rewrite.observe import observe_fix, unused_parameters
from numpyro_lint.text import ELSEWHERE, Span


def refactors(context: Context, place: Span) -> Iterator[Fix]:
    """The changes that are offered at a place: a site that can be decentred, one to be observed."""
    if context.module.stale or context.module.problems:
        return
    for model in context.models:
        if model.function.role == "model" and model.function.key < ELSEWHERE:
            yield from _decentred(context, model, place)
            yield from _observed(context, model, place)


def _decentred(context: Context, model: Model, place: Span) -> Iterator[Fix]:
    uses = inference_predictions(context, model.function)
    for alike in by_place(funnels(model.prediction, uses, model.trace)):
        if _touch(alike[0].site.span, place):
            names = [each.name for each in alike]
            fix = decentred(context, model, names, reparam_of(alike[0].shape_params, "0"))
            if fix is not None:
                yield fix


def _observed(context: Context, model: Model, place: Span) -> Iterator[Fix]:
    """A model that observes nothing, and a parameter that it does not use."""
    effects, source = model.prediction.effects, context.module.source
    if not model.prediction.complete or any(map(_counts, effects)):
        return
    at_name = _touch(model.function.name_span, place)
    for data in unused_parameters(source, model.function.span):
        site = _to_observe(effects, data)
        if site is not None and (at_name or _touch(site.site.span, place)):
            fix = observe_fix(source, site.site.span, site.name.glob, data)
            if fix is not None:
                yield fix


def _counts(effect: Effect) -> bool:
    """Whether something may be observed there."""
    return effect.type == "factor" or (effect.type == "sample" and effect.observed is not False)


def _to_observe(effects: Sequence[Effect], data: str) -> Effect | None:
    """The site that some data are of: the one of their name, or else the last one."""
    samples = [each for each in effects if each.type == "sample" and each.site.obs is None]
    named = [each for each in samples if each.name.literal == data]
    if len(named) == 1:
        return named[0]
    return samples[-1] if samples else None


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end
