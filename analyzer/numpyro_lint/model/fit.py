"""Fits: what inference is given, and what becomes of the sites of model and guide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from numpyro_lint.diagnostic import Origin
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.binding import table_of
from numpyro_lint.model.ir import Dist, Engine, Handler, Sequence, Table, Text, Value
from numpyro_lint.model.program import Run
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.record import field, record
from numpyro_lint.text import Span


@record
class Fit:
    """One use of an inference algorithm.

    `kernels` are those of an MCMC, outermost first; `auto` an automatic guide. `guide` is what
    becomes of the guide that the user wrote, or of the model that the autoguide is made from.
    `traced` has the families that a trace has met, by the places of the sites.
    """

    run: Run
    model: Prediction
    guide: Prediction | None
    kernels: tuple[Engine, ...]
    auto: Engine | None
    loss: str | None
    traced: Mapping[Span, str] = field(default_factory=dict)

    @property
    def written(self) -> Prediction | None:
        """What becomes of a guide that the user wrote."""
        return self.guide if self.run.guide is not None else None

    @property
    def name(self) -> str:
        """The model as the user wrote it."""
        return self.run.stack.model.display if self.run.stack else ""


@record
class Sampled:
    """A latent site of a model, and the kernel or autoguide that has to infer it."""

    effect: Effect
    family: str
    by: str
    enumerates: bool
    source: Origin = Origin.STATIC


def infers(run: Run) -> bool:
    """Whether a run infers latent sites, or keeps deterministic ones from an inference."""
    if run.kind == "predictive":
        return any("deterministic" in name for name, _ in run.args)
    return run.kind in ("mcmc", "svi", "stein")


def fit(run: Run, model: Prediction, guide: Prediction | None, traced: Mapping[Span, str]) -> Fit:
    """A run with what becomes of its model and guide."""
    auto, loss = run.arg("guide"), run.arg("loss")
    return Fit(
        run,
        model,
        guide,
        tuple(_kernels(run.arg("sampler"))),
        auto if isinstance(auto, Engine) else None,
        loss.kind if isinstance(loss, Engine) else None,
        traced,
    )


def families(trace: Attached | None) -> dict[Span, str]:
    """The families of a trace's samples by their places, where each place has one alone, and no
    handler has put another in its stead."""
    found: dict[Span, set[str]] = {}
    for joined in trace.sites if trace is not None and trace.ok else ():
        if joined.traced.type == "sample" and joined.span is not None:
            kept = all(change.field != "fn" for change in joined.traced.history)
            family = joined.traced.distribution if kept else None
            found.setdefault(joined.span, set()).add(family or "")
    told = {span: min(names) for span, names in found.items() if len(names) == 1}
    return {span: name for span, name in told.items() if name in FAMILIES}


def _kernels(value: Value | None) -> Iterator[Engine]:
    if isinstance(value, Engine):
        yield value
        yield from _kernels(value.arg("inner_kernel"))
        blocks = value.arg("blocks")
        for block in blocks.items if isinstance(blocks, Sequence) else ():
            if isinstance(block, Sequence) and block.items:
                yield from _kernels(block.items[0])


def latents(prediction: Prediction) -> list[Effect]:
    """The sites that inference is sure to find latent in a model or guide."""
    return [each for each in prediction.effects if is_latent(each) and each.certain]


def is_latent(effect: Effect) -> bool:
    return effect.type == "sample" and effect.observed is False and effect.hidden is False


def family_of(effect: Effect) -> str | None:
    """The family of a site's distribution, where it was built in sight."""
    family = effect.dist.family if isinstance(effect.dist, Dist) else None
    return family if family in FAMILIES else None


def wraps_of(effect: Effect) -> tuple[str, ...]:
    return effect.dist.wraps if isinstance(effect.dist, Dist) else ()


def sampled(fit: Fit) -> Iterator[Sampled]:
    """The latent sites of known family that an MCMC or an autoguide has to infer."""
    prediction = fit.guide if fit.auto else fit.model if fit.run.kind == "mcmc" else None
    names = {kernel.kind for kernel in fit.kernels}
    if prediction is None or (fit.auto and fit.auto.kind == "AutoGuideList"):
        return
    by = fit.auto.kind if fit.auto else fit.kernels[0].kind if fit.kernels else "HMC"
    exempt = [kernel.arg("gibbs_sites") for kernel in fit.kernels if kernel.kind == "HMCGibbs"]
    if any(not _is_whole(table_of(value)) for value in exempt):
        return
    taken = {key.text for value in exempt for key in (table_of(value) or Table(())).keys}
    enumerates = not names & {"DiscreteHMCGibbs", "MixedHMC", "DiscreteGibbs", "Gibbs"}
    for effect in latents(prediction):
        family, source = family_of(effect), Origin.STATIC
        if family is None:
            family, source = fit.traced.get(effect.site.span), Origin.TRACE
        if family is not None and effect.name.literal not in taken:
            yield Sampled(effect, family, by, enumerates and fit.auto is None, source)


def _is_whole(table: Table | None) -> bool:
    return table is not None and table.complete


def is_discrete(family: str) -> bool:
    return FAMILIES[family].discrete


def is_enumerable(family: str) -> bool | None:
    """Whether the values of a discrete family can be listed, as enumeration needs.

    None where that is for another distribution inside it to say.
    """
    return None if "base_dist" in FAMILIES[family].args else FAMILIES[family].enumerable


def enumeration(effect: Effect) -> str | None:
    """What a site's `infer=` says of its enumeration: "" for nothing, None where it is not told."""
    infer = effect.site.arg("infer")
    if infer is None:
        return ""
    table = table_of(infer)
    if table is None or not table.complete:
        return None
    value = next((key.value for key in table.keys if key.text == "enumerate"), None)
    if value is None:
        return ""
    return value.name.literal if isinstance(value, Text) else None


def is_configured(prediction: Prediction, effect: Effect) -> bool:
    """Whether an `infer_config` stands around a site, or something that may be one."""
    return any(
        isinstance(active.frame, Handler) and active.frame.kind in ("infer_config", "opaque")
        for step in prediction.executions
        if step.site.span == effect.site.span and step.path == effect.path
        for active in step.stack
    )
