"""One plate name with two sizes or two dims.

## What it does
Finds plates of one name in one model that differ in size or in `dim`.

## Why is this bad
With two sizes NUTS and SVI raise `Model and guide shapes disagree`, though there may be no guide.
With two dims autoguides raise `The plate ... has inconsistent dim or size`; NUTS and SVI with a
guide of one's own silently take two independent axes for one.

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
from numpyro_lint.model.ir import Const
from numpyro_lint.rule import Context, Model, rule
from numpyro_lint.text import Span


@rule("inconsistent-plate", category=Category.PLATES, severity=Severity.ERROR, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    first: dict[str, Named] = {}
    for named in model.named:
        if named.type != "plate":
            continue
        earlier = first.setdefault(named.name, named)
        if earlier is named or not one_path(earlier.execution, named.execution):
            continue
        for what in ("size", "dim"):
            one, two = _known(earlier, what), _known(named, what)
            if one is not None and two is not None and one != two:
                yield _finding(ctx, model, named.name, what, one, two, earlier, named)
                break
    yield from _traced(model, ctx)


def _known(named: Named, what: str) -> int | None:
    value = named.effect.site.arg(what)
    return value.value if isinstance(value, Const) and isinstance(value.value, int) else None


def _finding(
    ctx: Context,
    model: Model,
    name: str,
    what: str,
    one: int,
    two: int,
    earlier: Named,
    named: Named,
) -> Diagnostic:
    return ctx.report(
        named.effect.site.span,
        f"the plate '{name}' has {what} {two} here and {one} before",
        site=name,
        model=model.function.name,
        related=(Related(earlier.effect.site.span, f"{what} {one} here"),),
    )


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    """Plates of the trace whose size or dim changes from site to site."""
    if model.trace is None:
        return
    known: dict[str, tuple[int, int, Span]] = {}
    reported: set[str] = set()
    for joined in model.trace.sites:
        for plate in joined.traced.plates:
            if joined.span is None or plate.name in reported:
                continue
            size, dim, span = known.setdefault(plate.name, (plate.size, plate.dim, joined.span))
            for what, one, two in (("size", size, plate.size), ("dim", dim, plate.dim)):
                if one != two:
                    reported.add(plate.name)
                    yield ctx.report(
                        joined.span,
                        f"the plate '{plate.name}' has {what} {two} here and {one} before",
                        site=plate.name,
                        model=model.function.name,
                        source=Origin.TRACE,
                        related=(Related(span, f"{what} {one} here"),),
                    )
                    break
