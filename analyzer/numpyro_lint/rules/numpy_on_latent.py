"""A value that inference traces, given to numpy, math or scipy, or made a Python number.

## What it does
Finds functions of numpy, math and scipy that are given a value computed from a latent site, and
`float`, `int`, `.item()`, `.tolist()`, formats and indices of lists that make it a Python number.
Where the file gives the model to MCMC, SVI, `Predictive` or `render_model`, that is an error; where
no run of the model is in sight, information. Functions of numpy that merely call a method of their
argument (`np.sum`, `np.reshape`) work, and are left alone.

## Why is this bad
With a seed and a trace the model runs on plain numbers and all is well. Inference runs it on traced
values, which hold no number: JAX raises TracerArrayConversionError or ConcretizationTypeError.

## Example
```python
import jax
import numpy as np
import numpyro
import numpyro.distributions as dist


def model(y):
    rate = numpyro.sample("rate", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Poisson(np.exp(rate)), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1)
```

## Use instead
```python
def model(y):
    rate = numpyro.sample("rate", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Poisson(jnp.exp(rate)), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1)
```

## Fix safety
The inference raised before, so the fix is safe. Where no run of the model is in sight it is not:
numpy may have worked there, and rounds otherwise.

## References
jax.errors.TracerArrayConversionError, jax.errors.ConcretizationTypeError
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Applicability, Category, Diagnostic, Fix, Severity
from numpyro_lint.model.program import Module
from numpyro_lint.model.traced import Hazard
from numpyro_lint.questions import drawn_uses
from numpyro_lint.refusals import seen_by
from numpyro_lint.rule import rule

_ERROR = {"numpy": "TracerArrayConversionError", "convert": "ConcretizationTypeError"}


@rule("numpy-on-latent", category=Category.TRACING, severity=Severity.ERROR, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for hazard in drawn_uses(ctx, "numpy", "convert"):
        use = hazard.used.use
        instead = "use jax.numpy" if use.kind == "numpy" else "leave it an array"
        error = "TypeError" if use.detail == "a format" else _ERROR[use.kind]
        by = f"{hazard.by} traces the model" if hazard.by else "MCMC and SVI trace models"
        number = "numbers" if use.kind == "numpy" else "number"
        yield ctx.report(
            use.span,
            f"{use.detail} needs the {number} of a value drawn at '{hazard.site}': {by}, and there "
            f"JAX raises {error}; {instead}",
            severity=None if hazard.by else Severity.INFO,
            site=hazard.site,
            model=hazard.model,
            source=seen_by(ctx, hazard),
            rewrite=(lambda h=hazard: _rewrite(ctx, h)) if use.kind == "numpy" else None,  # type: ignore[misc]
        )


def _rewrite(ctx: Context, hazard: Hazard) -> Fix | None:
    from numpyro_lint.rewrite import to_jax

    use = hazard.used.use
    safety = Applicability.SAFE if hazard.by else Applicability.UNSAFE
    return to_jax(ctx.module.source, use.span, use.detail, safety)
