"""A site in a function that a transformation of JAX's runs.

## What it does
Finds sites in functions that a model gives to `jax.lax.scan`, `fori_loop`, `while_loop`, `map`,
`cond` or `switch`, to `jax.vmap`, `jax.jit` or `jax.checkpoint`. Sites that a `block` hides, params
and draws with a key of their own are left alone.

## Why is this bad
NumPyro meets the site once, whatever the number of passes: a latent site is then one value that
all passes share, silently. What the trace keeps is a value from inside of the transformation: as
soon as it is used, JAX raises UnexpectedTracerError. A function that `jax.jit` has compiled is not
even run again: its sites are missing from the next trace, and MCMC samples nothing of them.

## Example
```python
def model(y):
    def step(level, y):
        level = numpyro.sample("level", dist.Normal(level, 1.0))
        return level, level

    jax.lax.scan(step, 0.0, y)
```

## Use instead
```python
def model(y):
    def step(level, y):
        level = numpyro.sample("level", dist.Normal(level, 1.0))
        return level, level

    scan(step, 0.0, y)
```

## References
numpyro.contrib.control_flow.scan and cond, numpyro.plate (0.22); jax.errors.UnexpectedTracerError
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.facts.tracing import REPEATING
from numpyro_lint.model.passes import calls_of
from numpyro_lint.model.stack import Effect
from numpyro_lint.model.values import is_none
from numpyro_lint.rule import rule

_SITES = frozenset({"sample", "deterministic", "factor"})
_INSTEAD = {
    "jax.lax.scan": "numpyro.contrib.control_flow.scan",
    "jax.lax.fori_loop": "numpyro.contrib.control_flow.scan",
    "jax.lax.while_loop": "numpyro.contrib.control_flow.scan",
    "jax.lax.cond": "numpyro.contrib.control_flow.cond",
    "jax.lax.map": "a plate",
    "jax.vmap": "a plate",
    "jax.pmap": "a plate",
}


@rule(
    "sample-in-jax-transform",
    category=Category.TRACING,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    found = list(_written(model, ctx))
    yield from found
    told = {each.span for each in found}
    for joined in model.trace.sites if model.trace is not None else ():
        written, name = joined.site, joined.traced.name
        if not joined.traced.transformed or joined.span is None or joined.span in told:
            continue
        if written is not None and is_none(written.arg("rng_key")):
            told.add(joined.span)
            yield ctx.report(
                joined.span,
                f"'{name}' stands in a function that a JAX transformation runs: NumPyro meets it "
                "once, and JAX raises UnexpectedTracerError where its value is used outside; use "
                f"{_INSTEAD['jax.lax.scan']} or a plate",
                site=name,
                model=model.function.name,
                source=Origin.TRACE,
            )


def _written(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    transforms = {
        (*calls_of(used.path), used.use.span): used.use.detail
        for used in model.prediction.uses
        if used.use.kind == "transform"
    }
    for effect in model.prediction.effects:
        if effect.type in _SITES and effect.hidden is False and is_none(effect.site.arg("rng_key")):
            path = calls_of(effect.path)
            for length in range(1, len(path) + 1):
                if (detail := transforms.get(path[:length])) is not None:
                    yield _report(ctx, model, effect, detail)
                    break


def _report(ctx: Context, model: Model, effect: Effect, detail: str) -> Diagnostic:
    name = effect.name.glob
    shared = effect.type == "sample" and effect.observed is False and detail in REPEATING
    what = "all passes share one value, and " if shared else ""
    instead = _INSTEAD.get(detail, "the plain function, or move the site out of it")
    return ctx.report(
        effect.site.span,
        f"'{name}' stands in a function that {detail} runs: NumPyro meets it once, {what}JAX "
        f"raises UnexpectedTracerError where its value is used outside; use {instead}",
        site=name,
        model=model.function.name,
    )
