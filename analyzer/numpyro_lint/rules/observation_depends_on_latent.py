"""Data that are observed after they were scaled or bent by a latent site.

## What it does
Finds continuous sites whose `obs` are data divided by a latent site, raised to a power, or
standardised by latent sites.

## Why is this bad
The density of `(y - mu) / sigma` is not that of `y`: the derivative of the one by the other,
`1 / sigma`, is missing, and with it the reason for `sigma` to be small. NumPyro says nothing, and
the posterior is wrong. Put the latent sites into the distribution, or add the logarithm of the
derivative with `numpyro.factor`.

## Example
```python
def model(y):
    scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y / scale)
```

## Use instead
```python
def model(y):
    scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    numpyro.sample("y", dist.Normal(0.0, scale), obs=y)
```

## References
Stan User's Guide, Changes of variables
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.binding import resolve
from numpyro_lint.model.execution import Execution
from numpyro_lint.model.ir import Data, Derived, Param
from numpyro_lint.model.jacobian import scaled_by
from numpyro_lint.model.supports import dist_of
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule(
    "observation-depends-on-latent",
    category=Category.OBSERVATIONS,
    severity=Severity.WARNING,
    since="0.1",
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    steps = model.prediction.executions
    computed = [step for step in steps if _is_computed(step)]
    if not computed or any(step.site.kind == "factor" for step in steps):
        # A factor may well be the logarithm that is missing.
        return
    latent = {
        effect.site.span: effect.name.glob
        for effect in model.prediction.effects
        if effect.type == "sample" and effect.observed is False
    }
    for step in computed:
        assert step.site.obs is not None
        obs = resolve(step.site.obs, step.values)
        found = scaled_by(obs, step.values, frozenset(latent))
        if found and _is_continuous(step):
            yield _finding(step, {s: latent[s] for s in found if isinstance(s, Span)}, model, ctx)


def _is_computed(step: Execution) -> bool:
    site = step.site
    return (
        site.kind == "sample"
        and isinstance(site.obs, (Data, Param, Derived))
        and step.observed is not False
        and bool(step.origins(site.obs))
    )


def _is_continuous(step: Execution) -> bool:
    dist = dist_of(step)
    family = dist.family if dist else None
    return family not in (None, "Delta", "Unit") and not FAMILIES[family].discrete


def _finding(step: Execution, latent: dict[Span, str], model: Model, ctx: Context) -> Diagnostic:
    names = ", ".join(f"'{latent[span]}'" for span in sorted(latent))
    return ctx.report(
        step.site.span,
        f"'{step.name.glob}' observes data that {names} scales: the derivative of that is missing "
        "from the log density; put it into the distribution and observe the data themselves, or "
        "add its logarithm with numpyro.factor",
        site=step.name.literal,
        model=model.function.name,
        related=tuple(Related(span, "the latent site") for span in sorted(latent)),
    )
