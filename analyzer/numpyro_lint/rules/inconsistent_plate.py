"""One plate name with two sizes or two dims.

## What it does
Finds plates of one name in one model that differ in size or in `dim`.

## Why is this bad
With two sizes NUTS and SVI raise `Model and guide shapes disagree`, though there may be no guide.
With two dims autoguides raise `The plate ... has inconsistent dim or size`; NUTS and SVI with a
guide of one's own silently take two independent axes for one. Where that is meant all is well, so
two dims are said as information only.

## Example
```python
def model(y):
    with numpyro.plate("data", 5):
        offset = numpyro.sample("offset", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 7):
        numpyro.sample("y", dist.Normal(offset.sum(), 1.0), obs=y)
```

## Use instead
```python
def model(y):
    with numpyro.plate("group", 5):
        offset = numpyro.sample("offset", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 7):
        numpyro.sample("y", dist.Normal(offset.sum(), 1.0), obs=y)
```

## References
numpyro.plate (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity
from numpyro_lint.model.collide import Named, one_path
from numpyro_lint.model.ir import (
    Const,
    Frame,
)
from numpyro_lint.record import record
from numpyro_lint.rule import Context, Model, rule
from numpyro_lint.text import Span

Pair = tuple[int | None, int | None]


@record
class Change:
    """What of a plate is not as it was: its size or its dim."""

    what: str
    before: int
    now: int


@rule("inconsistent-plate", category=Category.PLATES, severity=Severity.ERROR, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    first: dict[str, Named] = {}
    used = _used(model)
    for named in model.named:
        if named.type != "plate" or (named.effect.site.span, named.effect.path) not in used:
            continue
        earlier = first.setdefault(named.name, named)
        if earlier is named or not one_path(earlier.execution, named.execution):
            continue
        sizes = _known(earlier, "size"), _known(named, "size")
        change = _change(sizes, (_known(earlier, "dim"), _known(named, "dim")))
        if change is not None:
            before, here = earlier.effect.site.span, named.effect.site.span
            yield _finding(ctx, model, named.name, change, before, here, Origin.STATIC)
    yield from _traced(model, ctx)


def _used(model: Model) -> set[tuple[Span, tuple[Span, ...]]]:
    """The plates that stand around some sample site: inference meets no others."""
    return {
        (active.frame.plate.span, active.path)
        for named in model.named
        if named.type == "sample"
        for active in named.execution.active
        if isinstance(active.frame, Frame)
    }


def _change(sizes: Pair, dims: Pair) -> Change | None:
    """What is not as it was, if anything; what is not known does not count."""
    for what, (before, now) in (("size", sizes), ("dim", dims)):
        if before is not None and now is not None and before != now:
            return Change(what, before, now)
    return None


def _known(named: Named, what: str) -> int | None:
    value = named.effect.site.arg(what)
    return value.value if isinstance(value, Const) and isinstance(value.value, int) else None


def _finding(
    ctx: Context, model: Model, name: str, change: Change, before: Span, here: Span, source: Origin
) -> Diagnostic:
    then = (
        "NUTS and SVI raise on it"
        if change.what == "size"
        else "an autoguide raises on it, and all else takes two axes for one"
    )
    return ctx.report(
        here,
        f"the plate '{name}' has {change.what} {change.now} here and {change.before} before: "
        f"{then}",
        severity=Severity.ERROR if change.what == "size" else Severity.INFO,
        site=name,
        model=model.function.name,
        source=source,
        related=(Related(before, f"{change.what} {change.before} here"),),
    )


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    """Plates of the trace whose size or dim changes from site to site."""
    made: dict[str, Span] = {}
    known: dict[str, tuple[int, int, Span]] = {}
    reported: set[str] = set()
    for joined in model.trace.sites if model.trace else ():
        if joined.span is None:
            continue
        if joined.traced.type == "plate":
            made[joined.traced.name] = joined.span
        if joined.traced.type != "sample" or joined.traced.hidden:
            continue
        for plate in joined.traced.plates:
            here = made.get(plate.name, joined.span)
            size, dim, before = known.setdefault(plate.name, (plate.size, plate.dim, here))
            change = _change((size, plate.size), (dim, plate.dim))
            if change is not None and plate.name not in reported:
                reported.add(plate.name)
                yield _finding(ctx, model, plate.name, change, before, here, Origin.TRACE)
