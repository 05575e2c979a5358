"""A helper with sites that is called twice in one model.

## What it does
Finds the second call of a function of the file whose sites get the same names as in the first.

## Why is this bad
NumPyro's trace raises `all sites must have unique names`. `handlers.scope` gives each call names of
its own.

## Example
```python
def effect():
    return numpyro.sample("effect", dist.Normal(0.0, 1.0))


def model(y=None):
    left = effect()
    right = effect()
    numpyro.sample("y", dist.Normal(left - right, 1.0), obs=y)
```

## Use instead
```python
def effect():
    return numpyro.sample("effect", dist.Normal(0.0, 1.0))


def model(y=None):
    with numpyro.handlers.scope(prefix="left"):
        left = effect()
    with numpyro.handlers.scope(prefix="right"):
        right = effect()
    numpyro.sample("y", dist.Normal(left - right, 1.0), obs=y)
```

## Fix safety
The fix puts each call into a scope; the sites get new names, so it is unsafe.

## References
numpyro.handlers.scope (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Origin, Related, Severity, Stage
from numpyro_lint.model.expand import Path
from numpyro_lint.model.passes import calls_of
from numpyro_lint.refusals import repeats
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule(
    "helper-reused-without-scope",
    category=Category.NAMES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    calls: dict[Span, list[Span]] = {}
    reported: set[Span] = set()
    for collision in model.collisions:
        if collision.kind != "helper":
            continue
        first, second = collision.first, collision.second
        earlier, later = _parting(first.execution.path, second.execution.path)
        if later in reported:
            continue
        reported.add(later)
        group = calls.setdefault(earlier, [earlier])
        if later != earlier:
            group.append(later)
        yield ctx.report(
            later,
            f"this call makes the site '{second.name}' again: wrap each call in "
            "handlers.scope(prefix=...)",
            site=second.name,
            model=model.function.name,
            related=(
                Related(earlier, "the first call"),
                Related(second.effect.site.span, f"'{second.name}' is made here"),
            ),
            # A scope of one name is no better in a loop, whose passes would share it.
            rewrite=partial(_scopes, ctx, group) if _is_apart(ctx, earlier, later) else None,
        )
    yield from _looped(model, ctx, reported)
    yield from _traced(model, ctx)


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    """A call that makes a site once more in the trace."""
    reported: set[Span] = set()
    for each in repeats(ctx, model, "helper"):
        if each.at in reported:
            continue
        reported.add(each.at)
        name, site = each.second.traced.name, each.second.span
        yield ctx.report(
            each.at,
            f"this call makes the site '{name}' again: wrap each call in "
            "handlers.scope(prefix=...)",
            site=name,
            model=model.function.name,
            source=Origin.TRACE,
            related=(
                Related(each.first_at, "the first call"),
                *((Related(site, f"'{name}' is made here"),) if site else ()),
            ),
        )


def _scopes(ctx: Context, calls: list[Span], loops: tuple[Span, ...] = ()) -> Fix | None:
    from numpyro_lint.rewrite.scope import scopes_fix

    return scopes_fix(ctx.module.source, calls, loops)


def _loops_around(ctx: Context, call: Span) -> tuple[Span, ...]:
    """The loops that a call stands in, in its own function."""
    functions = ctx.module.functions.values()
    steps = (step for function in functions for step in function.calls)
    return next((step.place.loops for step in steps if step.span == call), ())


def _is_apart(ctx: Context, earlier: Span, later: Span) -> bool:
    """Whether a scope around each of two calls tells them apart."""
    return later != earlier and not _loops_around(ctx, later)


def _in_loop(ctx: Context, call: Span) -> Fix | None:
    loops = _loops_around(ctx, call)
    return _scopes(ctx, [call], loops) if loops else None


def _parting(first: Path, second: Path) -> tuple[Span, Span]:
    """The calls at which two ways to one site part; one way goes on where a function recurs."""
    calls, others = calls_of(first), calls_of(second)
    for left, right in zip(calls, others, strict=False):
        if left != right:
            return left, right
    longer = max(calls, others, key=len)
    return longer[-1], longer[-1]


def _looped(model: Model, ctx: Context, reported: set[Span]) -> Iterator[Diagnostic]:
    """A helper that is called in a loop of its caller, with names that stay the same."""
    for named in model.named:
        execution = named.execution
        own = execution.own_loops
        if named.type not in ("sample", "deterministic") or own or not execution.loops:
            continue
        calls = calls_of(execution.path)
        if not calls or calls[-1] in reported:
            continue
        if any(loop.start < execution.site.span.start < loop.end for loop in execution.loops):
            continue
        if any(branch.turns or path for path, branch in execution.arms):
            # Not every pass comes here, or what is passed may tell the passes apart.
            continue
        reported.add(calls[-1])
        yield ctx.report(
            calls[-1],
            f"this call stands in a loop and makes the site '{named.name}' in every pass: wrap it "
            "in handlers.scope(prefix=...) with a prefix of its own",
            site=named.name,
            model=model.function.name,
            related=(Related(execution.site.span, f"'{named.name}' is made here"),),
            rewrite=partial(_in_loop, ctx, calls[-1]),
        )
