"""What was said of a run from its text, against what a trace of it shows: the trace is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from numpyro_lint.model.attach import Attached, Joined
from numpyro_lint.model.ir import Const, Handler
from numpyro_lint.model.message import Trace
from numpyro_lint.model.program import Module, Stack
from numpyro_lint.model.stack import Effect, Prediction, predict
from numpyro_lint.record import record
from numpyro_lint.text import Span

# Messages that users give no name, and those of a control flow as a whole.
UNNAMED = frozenset({"subsample", "prng_key", "control_flow"})
_SEED = Handler("seed", Span(-1, -1), (("rng_seed", Const(0)),))
_OF_SAMPLES = ("observed", "was_observed", "value_from", "hidden", "scaled", "masked")


@record
class Disagreement:
    """One thing that text and trace say differently of a site; `span` is the site's call."""

    span: Span | None
    name: str
    what: str
    told: object
    real: object

    def __str__(self) -> str:
        return f"{self.name}: {self.what} is {self.real!r}, and {self.told!r} by the text"


def as_traced(module: Module) -> Mapping[Stack, Prediction]:
    """The prediction of every stack as it is traced: under one more seed."""
    traces: dict[Span, Trace | None] = {}
    found: dict[Stack, Prediction] = {}
    for stack in module.stacks:
        handlers = (_SEED, *stack.handlers)
        known = module.as_of(stack)
        prediction = predict(known, handlers, stack.model, stack.arguments, traces, draws=False)
        found[stack] = prediction
        for span, recorded in (prediction.traces or {}).items():
            traces[span] = recorded if traces.get(span, recorded) == recorded else None
    return found


def disagreements(prediction: Prediction, trace: Attached) -> Iterator[Disagreement]:
    """Where a prediction is wrong in what it does say. What it leaves open agrees with all."""
    if not trace.ok:
        return
    if prediction.raises is not None:
        yield Disagreement(None, "the run", "what it raises", prediction.raises, None)
        return
    met = [joined for joined in trace.sites if joined.traced.type not in UNNAMED]
    for joined in met:
        yield from _of_site(joined, prediction)
    names = {joined.traced.name for joined in met}
    for effect in prediction.effects:
        if effect.certain and effect.name.literal not in (None, *names):
            yield Disagreement(effect.site.span, effect.name.glob, "presence", True, False)
    if is_exact(prediction) and all(joined.span is not None for joined in met):
        told, real = [e.name.glob for e in prediction.effects], [j.traced.name for j in met]
        if sorted(told) == sorted(real) and told != real:
            yield Disagreement(None, "the run", "order of sites", told, real)


def is_exact(prediction: Prediction) -> bool:
    """Whether the text tells all: each site by its name, and whether it is reached."""
    known = all(each.certain and each.name.literal is not None for each in prediction.effects)
    return known and prediction.complete and not prediction.may_raise


def _of_site(joined: Joined, prediction: Prediction) -> Iterator[Disagreement]:
    name, span = joined.traced.name, joined.span
    here = [each for each in prediction.effects if span in (None, each.site.span)]
    meant = [each for each in here if each.name.matches(name) is not False]
    if not meant:
        # A neural network may have state besides its parameters.
        sites = [each.site for each in here]
        is_module = any(site.kind == "param" and site.name_span is None for site in sites)
        if prediction.complete and not is_module:
            told = " or ".join(dict.fromkeys(each.name.glob for each in here)) or None
            yield Disagreement(span, name, "name", told, name)
        return
    found = [list(_differences(each, joined)) for each in meant]
    if [] not in found:
        yield from min(found, key=len)


def _differences(effect: Effect, joined: Joined) -> Iterator[Disagreement]:
    traced = joined.traced
    kind = "param" if effect.type.endswith("module") else effect.type
    if kind != traced.type:
        if effect.certain:
            yield Disagreement(joined.span, traced.name, "type", kind, traced.type)
        return
    real = _real(joined)
    for what in _OF_SAMPLES:
        told = getattr(effect, what)
        if told is not None and told != real[what]:
            yield Disagreement(joined.span, traced.name, what, told, real[what])


def _real(joined: Joined) -> dict[str, Any]:
    traced = joined.traced
    sampled = traced.type in ("sample", "factor")
    return {
        "observed": traced.observed,
        "was_observed": traced.was_observed,
        "value_from": traced.value_from,
        "hidden": traced.hidden,
        "scaled": sampled and traced.scale is not None,
        "masked": traced.masked,
    }
