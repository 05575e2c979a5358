"""A site whose name stays the same in every pass of a loop.

## What it does
Finds a `sample`, `deterministic` or `factor` in a `for`, `while` or comprehension of a model whose
name does not change from pass to pass.

## Why is this bad
NumPyro's trace raises `all sites must have unique names` in the second pass.

## Example
```python
def model(groups):
    for group in range(3):
        numpyro.sample("effect", dist.Normal(0.0, 1.0))
```

## Use instead
```python
def model(groups):
    for group in range(3):
        numpyro.sample(f"effect_{group}", dist.Normal(0.0, 1.0))
```

## Fix safety
Where the loop has a variable that counts its passes, or goes through literal names, the fix makes
it part of the name; the sites get new names, so it is unsafe.

## References
numpyro.handlers.trace (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Origin, Severity, Stage
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.ir import Handler, Site
from numpyro_lint.refusals import repeats
from numpyro_lint.rule import rule


@rule(
    "constant-site-name-in-loop",
    category=Category.NAMES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for named in model.named:
        execution = named.execution
        if named.type not in ("sample", "deterministic") or not execution.own_loops:
            continue
        if _starts_over(execution) or any(branch.turns for _, branch in execution.arms):
            continue
        yield ctx.report(
            execution.site.span,
            f"the site '{named.name}' has one name in every pass of the loop: NumPyro's trace "
            "raises in the second pass",
            site=named.name,
            model=model.function.name,
            rewrite=partial(_named, execution.site, ctx),
        )
    yield from _traced(model, ctx)


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    """A site that a loop has come to twice under one name."""
    told: set[str] = set()
    for each in repeats(ctx, model, "loop"):
        name = each.second.traced.name
        if name not in told:
            told.add(name)
            yield ctx.report(
                each.at,
                f"the site '{name}' has one name in several passes of the loop: NumPyro's trace "
                "raises in the second of them",
                site=name,
                model=model.function.name,
                source=Origin.TRACE,
            )


def _named(site: Site, ctx: Context) -> Fix | None:
    from numpyro_lint.rewrite.expressions import named_by_loop

    if site.name_span is None:
        return None
    return named_by_loop(ctx.module.source, site.name_span, site.place.loops)


def _starts_over(execution: Execution) -> bool:
    """Whether a trace or a block inside the loop keeps the passes apart."""
    return any(
        isinstance(active.frame, Handler) and active.frame.kind in ("trace", "block", "seed")
        for active in execution.active
    )
