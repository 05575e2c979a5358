"""A funnel that no reparameteriser of NumPyro's decentres in one step.

## What it does
Finds latent sites of a `LogNormal`, a `GaussianRandomWalk`, a `MultivariateNormal` or a
`ZeroSumNormal` whose scale was computed from another latent site; and where the data say so, sites
drawn in the body of a `scan`, which no reparam around the model reaches.

## Why is this bad
Where the data say little about each element, the posterior narrows to a funnel as the scale gets
small, as that of a `Normal` does ([funnel](funnel.md)). `LocScaleReparam` raises for these
families, so the decentred form is written by hand: a standard `z` is sampled, and the site is what
is made of it.

| | decentred |
|-|-|
| `LogNormal(mu, tau)` | `jnp.exp(mu + tau * z)` |
| `GaussianRandomWalk(tau, num_steps)` | `jnp.cumsum(tau * z, -1)`, `z` with `num_steps` elements |
| `MultivariateNormal(mu, scale_tril=L)` | `mu + L @ z`; in a plate `(L @ z[..., None])[..., 0]` |
| `MultivariateNormal(mu, covariance_matrix=K)` | the same with `L = jnp.linalg.cholesky(K)` |
| `ZeroSumNormal(tau, event_shape)` | `tau * z`, `z` of `ZeroSumNormal(1.0, event_shape)` |

A site in the body of a `scan` is decentred by `handlers.reparam` around that body, with the config
that would else be around the model: `scan(handlers.reparam(body, config=config), init, xs)`.

A `LogNormal` site `x` can also stay as it is: `{"x": TransformReparam(), "x_base":
LocScaleReparam(0)}` in `handlers.reparam`.

The data are asked as for a funnel: nothing is said where the centred form is hardly harder than the
decentred one. Where forms cannot be compared nothing is said where the data give 40 % and more of
what is known of an element, and of the steps of a random walk or a `scan` from 15 % on. Measured
with walks of 60 steps, the decentred form has 4 to 400 times the effective draws per gradient
where the data give 10 % and less of what is known of a step; from 17 % to 24 % either form may
win, and at 33 % the centred one does.

`--verify` runs NUTS in both forms for a short while: where that hurts nothing is said.

## Example
```python
def model(x, y=None):
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    with numpyro.plate("group", 8):
        rate = numpyro.sample("rate", dist.LogNormal(0.0, tau))
        numpyro.sample("y", dist.Poisson(rate), obs=y)
```

## Use instead
```python
def model(x, y=None):
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    with numpyro.plate("group", 8):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        rate = numpyro.deterministic("rate", jnp.exp(tau * z))
        numpyro.sample("y", dist.Poisson(rate), obs=y)
```

## References
Betancourt and Girolami, Hamiltonian Monte Carlo for Hierarchical Models (2013);
Stan User's Guide, Reparameterization and change of variables
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.centring import as_evidence, evidence_of, in_words, when
from numpyro_lint.model.geometry import BY_HAND, Funnel, funnels, reparam_of, too
from numpyro_lint.model.piloted import as_evidence as as_verified
from numpyro_lint.model.piloted import in_words as as_said
from numpyro_lint.model.piloted import is_to_decentre, pilot_at, to_decentre
from numpyro_lint.questions import draws, inference_predictions
from numpyro_lint.rewrite.by_hand import by_hand
from numpyro_lint.rule import rule

if TYPE_CHECKING:
    from numpyro_lint_runtime.pilots import PilotResult
    from numpyro_lint_runtime.values import SiteEvidence


@rule(
    "funnel-without-loc-scale",
    category=Category.GEOMETRY,
    severity=Severity.INFO,
    since="0.1",
    stage=Stage.VALUES,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    if model.function.role != "model":
        return
    yield from _in_scans(model, ctx)
    if not any(draw.family in BY_HAND for draw in draws(ctx, model)):
        return
    uses = inference_predictions(ctx, model.function)
    found = funnels(model.prediction, uses, model.trace, BY_HAND)
    for alike, evidence, pilot in to_decentre(found, model.trace):
        yield _finding(alike, evidence, pilot, model, ctx)


def _in_scans(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    """Of sites in the body of a scan that are sampled as they are, and could be by a reparam."""
    for joined, found in evidence_of(model.trace):
        site = found.site
        if joined.span is None or not site.scanned or site.standard or site.family in BY_HAND:
            continue
        pilot = pilot_at(model.trace, joined.span)
        if not is_to_decentre(found, pilot):
            continue
        scales = " and ".join(f"'{name}'" for name in site.scales)
        reparam = reparam_of(site.shape_params, "0")
        config = f'{{"{joined.traced.name_as_written}": {reparam}}}'
        said = f"; {as_said(pilot, 'that')}" if pilot is not None else ""
        yield ctx.report(
            joined.span,
            f"the scale of '{site.name}' depends on {scales}: {in_words(found)}, so it is a "
            "funnel; it is drawn in a scan, where no reparam around the model reaches it: have "
            f"handlers.reparam around the body, with config={config}{said}",
            site=site.name,
            model=model.function.name,
            source=Origin.GEOMETRY,
            evidence={**as_evidence(found), **as_verified(pilot)},
        )


def _finding(
    alike: Sequence[Funnel],
    found: SiteEvidence | None,
    pilot: PilotResult | None,
    model: Model,
    ctx: Context,
) -> Diagnostic:
    funnel = alike[0]
    scales = " and ".join(f"'{name}'" for name in funnel.scale_sites)
    form = by_hand(ctx.module.source, funnel.dist)
    sums = funnel.dist.family == "ZeroSumNormal"
    standard = "z of a ZeroSumNormal with a scale of 1" if sums else "a standard normal z"
    rewrite = f"sample {standard} and write {form}"
    if funnel.dist.family == "LogNormal":
        name = funnel.name
        config = f'{{"{name}": TransformReparam(), "{name}_base": LocScaleReparam(0)}}'
        rewrite = f"{rewrite}, or have handlers.reparam decentre it by {config}"
    said = f"; {as_said(pilot, 'that')}" if pilot is not None else ""
    return ctx.report(
        funnel.site.span,
        f"the scale of '{funnel.name}' depends on {scales}: "
        f"{when(funnel, found, model.trace)}; LocScaleReparam does not take a "
        f"{funnel.dist.family}: {rewrite}{too(alike)}{said}",
        site=funnel.name,
        model=model.function.name,
        source=Origin.GEOMETRY
        if found is not None or pilot is not None
        else Origin.TRACE
        if funnel.traced
        else Origin.STATIC,
        related=tuple(
            Related(site.span, f"the scale comes from '{name}'")
            for site, name in zip(funnel.parents, funnel.scale_sites, strict=True)
        ),
        evidence={
            "decentred": form,
            "scale_sites": list(funnel.scale_sites),
            **(as_evidence(found) if found is not None else {}),
            **as_verified(pilot),
        },
    )
