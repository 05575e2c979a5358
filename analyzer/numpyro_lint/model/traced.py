"""Which runs of a file trace a model abstractly, and what models do with values so traced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from numpyro_lint.model.expand import Used
from numpyro_lint.model.ir import Const, Site, Table, UseKind
from numpyro_lint.model.program import Function, Module, Run, Stack
from numpyro_lint.model.stack import Prediction
from numpyro_lint.record import record
from numpyro_lint.text import Source, Span

Predict = Callable[[Stack], Prediction]
_ABSTRACT = {"mcmc": "MCMC", "svi": "SVI", "predictive": "Predictive", "render": "render_model"}
_KINDS = frozenset({"test", "convert", "numpy", "shape"})
_RUNS = {"mcmc": ("run", "warmup"), "svi": ("run",)}
# Under these a model draws what it draws without them.
_AS_WRITTEN = frozenset({"seed", "trace", "scale", "mask", "scope"})
# With these in a file, models may well be run without tracing.
_UNTRACED = ("disable_jit", "control_flow_prims_disabled")
# Tests of what kind of value is at hand.
_ASKS_KIND = ("isinstance", "Tracer", "is_concrete", "hasattr")


@record
class Hazard:
    """A use of a drawn value that tracing does not allow.

    `site` names what was drawn, `by` the algorithm that traces the model, None where no run of it
    is in sight.
    """

    used: Used
    site: str
    model: str
    by: str | None


def hazards(
    module: Module, predict: Predict, bare: Callable[[], Iterable[tuple[str, Prediction]]]
) -> Iterator[Hazard]:
    """The uses of drawn values that tracing does not allow, each once: those of runs come first.

    `bare` gives the models that no run in sight has, with their names.
    """
    functions = module.functions.values()
    if not any(use.kind in _KINDS for function in functions for use in function.uses):
        return
    if may_be_untraced(module):
        return
    seen: set[Span] = set()
    untold: list[Hazard] = []
    for run in module.runs:
        for stack in (run.stack, run.guide):
            if stack is None or run.kind not in _ABSTRACT:
                continue
            for used, site in _drawn(module.source, predict(stack), run.kind == "svi"):
                by = _traced_by(run, used.use.kind)
                if by is not None and used.use.span not in seen:
                    seen.add(used.use.span)
                    yield Hazard(used, site, stack.model.display, by)
                elif _may_be_many(run) and not used.arms:
                    untold.append(Hazard(used, site, stack.model.display, None))
    for hazard in untold:
        # Of how many draws the predictions are is not told: such a run says nothing for sure.
        if hazard.used.use.span not in seen:
            seen.add(hazard.used.use.span)
            yield hazard
    for name, prediction in bare():
        for used, site in _drawn(module.source, prediction, False):
            if used.use.span not in seen and not used.arms:
                seen.add(used.use.span)
                yield Hazard(used, site, name, None)


def may_be_untraced(module: Module) -> bool:
    """Whether a file may run models without tracing."""
    return any(word in module.source.text for word in _UNTRACED)


def _may_be_many(run: Run) -> bool:
    """Whether a Predictive draws as often as it has samples: mostly more than once."""
    draws = run.arg("num_samples") or Const(None)
    return run.kind == "predictive" and draws == Const(None)


def _traced_by(run: Run, kind: UseKind) -> str | None:
    """What a run is called that traces its model; None where it may run it on plain numbers.

    Even outside of `jit`, `svi.update` differentiates: numpy cannot read what it gives a model.
    """
    if run.kind in _RUNS and run.method not in _RUNS[run.kind]:
        return "SVI" if run.method == "update" and kind == "numpy" else None
    if run.kind == "predictive":
        draws = run.arg("num_samples")
        many = isinstance(draws, Const) and isinstance(draws.value, int) and draws.value > 1
        return _ABSTRACT[run.kind] if many else None
    return _ABSTRACT[run.kind]


def traced_by(module: Module, function: Function) -> str | None:
    """What a run of the file is called that traces a model as it is written, if there is one."""
    for run in module.runs:
        for stack in (run.stack, run.guide):
            if stack is None or stack.model.function != function.key or run.kind not in _ABSTRACT:
                continue
            as_written = all(handler.kind in _AS_WRITTEN for handler in stack.handlers)
            if as_written and (by := _traced_by(run, "numpy")) is not None:
                return by
    return None


def _drawn(source: Source, prediction: Prediction, svi: bool) -> Iterator[tuple[Used, str]]:
    uses = [each for each in prediction.uses if each.drawn and each.use.kind in _KINDS]
    latent = _latent(prediction, svi) if uses else {}
    for used in uses:
        sites = sorted(span for span in used.drawn if latent.get(span))
        if sites and not _asks_kind(source, used):
            yield used, latent[sites[0]] or ""


def _latent(prediction: Prediction, svi: bool) -> dict[Span, str | None]:
    """The sites that an algorithm draws, or learns, wherever they are met; None for the others."""
    found: dict[Span, str | None] = {}
    for effect in prediction.effects:
        drawn = effect.hidden is False and (
            (effect.type == "sample" and effect.observed is False and effect.value_from == "prior")
            or effect.value_from in ("reparam", "lift")
            or (svi and effect.type == "param" and effect.value_from == "init")
        )
        span = effect.site.span
        if not drawn or is_branching(effect.site):
            found[span] = None
        elif span not in found:
            found[span] = effect.name.glob
    return found


def is_branching(site: Site) -> bool:
    """A site of stochastic support, whose inference runs the model once for each of its values."""
    infer = site.arg("infer")
    return isinstance(infer, Table) and any(key.text == "branching" for key in infer.keys)


def _asks_kind(source: Source, used: Used) -> bool:
    """Whether some test around this place asks what kind of value is at hand."""
    for _, branch in (*used.arms, *(((), b) for b in used.use.place.branches)):
        line = source.text[branch.key : source.text.find("\n", branch.key)]
        if any(word in line for word in _ASKS_KIND):
            return True
    return False
