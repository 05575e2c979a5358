"""A compiled function that draws from a seed outside of it.

## What it does
Finds functions with sites that `jax.jit` compiles and that are called inside `with seed(...)`.

## Why is this bad
Each draw changes the key that the handler holds. A draw inside of compiled code leaves a traced key
behind: JAX raises UnexpectedTracerError at the next draw. Where JAX has compiled the function
already, it draws nothing at all and gives the old numbers again.

## Example
```python
def draw():
    return numpyro.sample("x", dist.Normal(0.0, 1.0))


with numpyro.handlers.seed(rng_seed=0):
    jax.jit(draw)()
```

## Use instead
```python
def draw(key):
    with numpyro.handlers.seed(rng_seed=key):
        return numpyro.sample("x", dist.Normal(0.0, 1.0))


jax.jit(draw)(jax.random.key(0))
```

## References
numpyro.handlers.seed (0.22); jax.errors.UnexpectedTracerError
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.ir import Call, Handler, Step, Use
from numpyro_lint.model.program import Module
from numpyro_lint.rule import rule


@rule("jitted-seed", category=Category.RANDOMNESS, severity=Severity.INFO, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    yield from _found(module, module.loose, module.uses, ctx)
    for function in module.functions.values():
        yield from _found(module, function.body, function.uses, ctx)


def _found(
    module: Module, steps: tuple[Step, ...], uses: tuple[Use, ...], ctx: Context
) -> Iterator[Diagnostic]:
    compiled = {
        use.span
        for use in uses
        if use.kind == "transform" and use.detail.rpartition(".")[2] in ("jit", "filter_jit")
        if any(isinstance(each, Handler) and each.kind == "seed" for each in use.place.frames)
    }
    for step in steps if compiled else ():
        if isinstance(step, Call) and step.span in compiled and not step.callee.handlers:
            function = module.function(step.callee)
            if function is not None and function.role != "other":
                yield ctx.report(
                    step.span,
                    f"'{step.callee.display}' is compiled and draws from the seed around it: its "
                    "key leaves compiled code, and JAX raises UnexpectedTracerError at the next "
                    "draw; put the seed inside of what is compiled",
                    model=step.callee.display,
                )
