"""`obs_mask` in a model that is given to MCMC.

## What it does
Finds sites with `obs_mask` that are sampled by MCMC.

## Why is this bad
`obs_mask` makes a latent site `NAME_unobserved` of the full shape. Its elements that are observed
have no density, so that MCMC walks off with them (to the millions within a hundred steps), and the
step size that it adapts is not that of the posterior. NumPyro says so in its documentation only.

## Example
```python
def model(y, mask):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 5):
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y, obs_mask=mask)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.zeros(5), jnp.arange(5) > 0)
```

## Use instead
```python
def model(y, mask):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 5), numpyro.handlers.mask(mask=mask):
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.zeros(5), jnp.arange(5) > 0)
```

## References
numpyro.sample (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.model.binding import is_none, resolve
from numpyro_lint.model.ir import Param
from numpyro_lint.model.program import Run
from numpyro_lint.rule import rule


@rule(
    "masked-observation-in-mcmc",
    category=Category.OBSERVATIONS,
    severity=Severity.WARNING,
    since="0.1",
)
def check(run: Run, ctx: Context) -> Iterator[Diagnostic]:
    if run.kind != "mcmc" or run.stack is None:
        return
    prediction = ctx.prediction(run.stack)
    masked = [s for s in prediction.executions if s.site.arg("obs_mask") is not None]
    sampled = {
        (effect.site.span, effect.path)
        for effect in prediction.effects
        if masked and effect.observed is False and effect.hidden is False
        if effect.type == "sample" and effect.value_from == "prior"
    }
    for step in masked:
        mask = resolve(step.site.arg("obs_mask"), step.values)  # type: ignore[arg-type]
        unknown = isinstance(mask, Param) or is_none(mask)
        if unknown or step.observed is False or (step.site.span, step.path) not in sampled:
            continue
        name = step.name.glob
        yield ctx.report(
            step.site.span,
            f"obs_mask makes a latent site '{name}_unobserved' whose observed elements have no "
            "density, and MCMC walks off with them; mask the likelihood instead "
            "(handlers.mask), and draw what is missing with Predictive",
            site=step.name.literal,
            model=run.stack.model.display,
            related=(Related(run.span, "the model is given to MCMC here"),),
        )
