"""A subsampling plate in a model that is given to MCMC.

## What it does
Finds plates that take fewer elements than they have in a model under an MCMC kernel other than
HMCECS.

## Why is this bad
MCMC kernels have no random key for the indices: NumPyro raises `Missing random key to generate
subsample indices`. HMCECS and SVI can subsample.

## Example
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 100, subsample_size=10) as index:
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y[index])


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.zeros(100))
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 100, subsample_size=10) as index:
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y[index])


kernel = numpyro.infer.HMCECS(numpyro.infer.NUTS(model), num_blocks=10)
mcmc = numpyro.infer.MCMC(kernel, num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.zeros(100))
```

## References
numpyro.infer.HMCECS (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.model.binding import resolve
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.ir import Const, Engine, Handler, Opaque, Param, Value
from numpyro_lint.model.program import Run
from numpyro_lint.rule import rule

_KERNELS = frozenset({"NUTS", "HMC", "SA", "BarkerMH", "AIES", "ESS"})


@rule("subsampling-in-mcmc", category=Category.INFERENCE, severity=Severity.ERROR, since="0.1")
def check(run: Run, ctx: Context) -> Iterator[Diagnostic]:
    kernel = run.arg("sampler") or run.arg("kernel")
    if run.kind != "mcmc" or run.stack is None or not isinstance(kernel, Engine):
        return
    if kernel.kind not in _KERNELS:
        return
    prediction = ctx.prediction(run.stack)
    free = {
        (effect.site.span, effect.path)
        for effect in prediction.effects
        if effect.type == "plate" and effect.hidden is False and effect.value_from is None
    }
    for step in prediction.executions:
        if step.site.kind != "plate" or (step.site.span, step.path) not in free or step.arms:
            continue
        if _subsamples(step) and not _seeded(step, run):
            yield ctx.report(
                step.site.span,
                f"the plate '{step.name.glob}' subsamples, and {kernel.kind} cannot: NumPyro "
                "raises `Missing random key to generate subsample indices`; use HMCECS or SVI, or "
                "all of the data",
                site=step.name.literal,
                model=run.stack.model.display,
                related=(Related(kernel.span, f"the model is given to {kernel.kind} here"),),
            )


def _subsamples(step: Execution) -> bool:
    size, taken = (_argument(step, name) for name in ("size", "subsample_size"))
    if taken is None or isinstance(taken, (Opaque, Param)) or taken == Const(None):
        return False
    if isinstance(taken, Const):
        return not isinstance(size, Const) or size.value != taken.value
    return False


def _argument(step: Execution, name: str) -> Value | None:
    value = step.site.arg(name)
    return None if value is None else resolve(value, step.values)


def _seeded(step: Execution, run: Run) -> bool:
    """Whether a seed of the user's gives the plate a key: it draws one subsample, always the
    same."""
    assert run.stack is not None
    inner = [a.frame for a in step.active if isinstance(a.frame, Handler)]
    return any(handler.kind == "seed" for handler in (*run.stack.handlers, *inner))
