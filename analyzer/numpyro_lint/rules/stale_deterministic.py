"""Deterministic sites that keep the values of the posterior samples.

## What it does
Finds a `Predictive` with `condition_deterministic=True` (`exclude_deterministic=False` before)
whose model has deterministic sites that the posterior samples may hold.

## Why is this bad
The samples of an MCMC hold the deterministic sites as they were on the data of the fit. Conditioned
on, they stay as they were: with new inputs the predictions are those of the old ones.

## Example
```python
def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    mean = numpyro.deterministic("mean", slope * x)
    numpyro.sample("y", dist.Normal(mean, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0, y=2.0)
predict = Predictive(model, mcmc.get_samples(), condition_deterministic=True)
predict(jax.random.key(1), 3.0)
```

## Use instead
```python
def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    mean = numpyro.deterministic("mean", slope * x)
    numpyro.sample("y", dist.Normal(mean, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0, y=2.0)
predict = Predictive(model, mcmc.get_samples())
predict(jax.random.key(1), 3.0)
```

## References
numpyro.infer.Predictive (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.fit import Fit
from numpyro_lint.model.ir import Const, Table
from numpyro_lint.rule import rule


@rule("stale-deterministic", category=Category.INFERENCE, severity=Severity.INFO, since="0.1")
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    run = fit.run
    kept = run.arg("condition_deterministic") == Const(True) or run.arg(
        "exclude_deterministic"
    ) == Const(False)
    samples = run.arg("posterior_samples")
    if run.kind != "predictive" or not kept or not isinstance(samples, Table):
        return
    given = {key.text for key in samples.keys}
    for effect in fit.model.effects:
        name = effect.name.literal
        if effect.site.kind != "deterministic" or effect.type != "deterministic" or name is None:
            continue
        if effect.certain and (name in given or not samples.complete):
            yield ctx.report(
                run.span,
                f"'{name}' keeps the values of the posterior samples, whatever the inputs are now; "
                "leave condition_deterministic out to have it computed anew",
                site=name,
                model=fit.name,
            )
