"""An autoguide that cannot guide its model.

## What it does
Finds autoguides whose model has what they do not take: no latent site at all for those that are one
distribution of all latents, latents in a subsampled plate, a single number for a normalising flow,
subsampling under `AutoDAIS`, no local latents for `AutoSemiDAIS`; `Auto...Batched...` without
`batch_ndim`; and the autoguides that SteinVI does not take. A trace with the arguments of the run
knows sizes and sites that the text does not tell.

## Why is this bad
NumPyro raises, in most cases at the first step of SVI only.

## Example
```python
def model(y):
    with numpyro.plate("data", 100, subsample_size=10) as index:
        level = numpyro.sample("level", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y[index])


guide = numpyro.infer.autoguide.AutoMultivariateNormal(model)
svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, jnp.zeros(100))
```

## Use instead
```python
def model(y):
    with numpyro.plate("data", 100, subsample_size=10) as index:
        level = numpyro.sample("level", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y[index])


guide = numpyro.infer.autoguide.AutoNormal(model)
svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, jnp.zeros(100))
```

## References
numpyro.infer.autoguide, numpyro.contrib.einstein.SteinVI (0.22)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.facts.inference import CONTINUOUS, FLOWS, NOT_FOR_STEIN
from numpyro_lint.model.attach import Attached, Joined
from numpyro_lint.model.fit import Fit, is_latent
from numpyro_lint.model.fit import latents as predicted
from numpyro_lint.model.guides import int_of, is_number, plates_of
from numpyro_lint.model.ir import Engine, Site
from numpyro_lint.model.stack import Prediction
from numpyro_lint.model.witnessed import latents
from numpyro_lint.rule import rule

_NO_LATENT = "it has no latent site; use an empty guide"
_LOCAL = "'{}' stands in a subsampled plate; use AutoNormal or AutoDelta"
_SUBSAMPLES = "it subsamples a plate"
_ONE_NUMBER = "its one latent site is a single number; use AutoDiagonalNormal"
_NOT_LOCAL = "none of its latent sites stands in a plate; use AutoDAIS"
# Of these, the unconstrained values are as many as the values.
_OF_NUMBERS = frozenset({"real", "positive", "nonnegative", "unit_interval", "interval"})


@rule(
    "unsupported-autoguide",
    category=Category.INFERENCE,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    auto, model = fit.auto, fit.guide
    if auto is None or model is None or fit.run.kind not in ("svi", "stein"):
        return
    reason = _reason(auto, model)
    if fit.run.kind == "stein" and auto.kind in NOT_FOR_STEIN:
        reason = "SteinVI does not take it"
    trace = ctx.run_trace(fit.run.auto)
    shown = _shown(auto.kind, trace) if trace is not None else None
    if reason or shown:
        yield ctx.report(
            auto.span,
            f"{auto.kind} cannot guide {fit.name}: {reason or shown}",
            model=fit.name,
            source=Origin.TRACE if shown else Origin.STATIC,
        )


def _reason(auto: Engine, model: Prediction) -> str | None:
    if "Batched" in auto.kind and auto.arg("batch_ndim") is None and auto.arg("**") is None:
        return "it needs batch_ndim"
    if auto.kind in CONTINUOUS:
        return _of_continuous(auto.kind, model)
    if auto.kind == "AutoSemiDAIS" and model.complete and not model.raises:
        local = (plates_of(model, each) for each in model.effects if is_latent(each))
        known = all(each.hidden is not None and each.observed is not None for each in model.effects)
        if known and not any(local):
            return _NOT_LOCAL
    return None


def _of_continuous(kind: str, model: Prediction) -> str | None:
    """What the autoguides that are one distribution of all latents do not take."""
    found = [each for each in model.effects if each.type == "sample"]
    possible = [each for each in found if each.observed is not True and each.hidden is not True]
    whole = model.complete and not model.raises
    if whole and not possible:
        return _NO_LATENT
    for effect in predicted(model):
        if _subsampled(plates_of(model, effect).values()):
            return _LOCAL.format(effect.name.glob)
    if "DAIS" in kind and _subsampled(e.site for e in model.effects if e.type == "plate"):
        return _SUBSAMPLES
    if whole and kind in FLOWS and len(possible) == 1 and is_number(possible[0]):
        if possible[0].certain and is_latent(possible[0]) and not plates_of(model, possible[0]):
            return _ONE_NUMBER
    return None


def _shown(kind: str, trace: Attached) -> str | None:
    """What a trace with the arguments of the run shows that an autoguide does not take."""
    found = latents(trace)
    if kind == "AutoSemiDAIS" and found:
        return None if any(joined.traced.plates for joined in found) else _NOT_LOCAL
    if kind not in CONTINUOUS:
        return None
    if not found:
        return _NO_LATENT
    for joined in found:
        if _is_subsampled(joined):
            return _LOCAL.format(joined.traced.name)
    if "DAIS" in kind and any(map(_is_subsampled, trace.sites)):
        return _SUBSAMPLES
    supports = {joined.traced.support for joined in found}
    if kind in FLOWS and supports <= _OF_NUMBERS and _size(found) == 1:
        return _ONE_NUMBER
    return None


def _is_subsampled(joined: Joined) -> bool:
    """Whether a plate has scaled a site up for those that it leaves out."""
    changes = joined.traced.history
    return any(change.handler == "plate" and change.field == "scale" for change in changes)


def _size(found: list[Joined]) -> int | None:
    """How many numbers some sites are in all."""
    shapes = [joined.traced.shape for joined in found]
    return None if None in shapes else sum(prod(shape or ()) for shape in shapes)


def _subsampled(plates: Iterable[Site]) -> bool:
    return any(
        (int_of(plate, "size") or 0) > (int_of(plate, "subsample_size") or 1 << 62)
        for plate in plates
    )
