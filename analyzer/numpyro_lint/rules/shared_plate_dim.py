"""Two plates that were built outside of each other and are entered together at one dim.

## What it does
Finds sites in two plates of one dim, neither of which was built inside the other.

## Why is this bad
A plate takes its dim when it is built, and sees only the plates that it is built in. Two plates
that are built one after the other both take `dim=-1`; entered together they are one axis, not two.
With equal sizes NumPyro says nothing and the site gets the shape of one plate; with other sizes it
raises an error about broadcasting.

## Example
```python
def model(y):
    rows = numpyro.plate("row", 3)
    columns = numpyro.plate("column", 3)
    with rows, columns:
        numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)
```

## Use instead
```python
def model(y):
    rows = numpyro.plate("row", 3, dim=-2)
    columns = numpyro.plate("column", 3, dim=-1)
    with rows, columns:
        numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)
```

## References
numpyro.plate (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.binding import resolve
from numpyro_lint.model.densities import scored
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.ir import Const, Frame
from numpyro_lint.model.plates import Built, built_plates, plates_around
from numpyro_lint.rule import rule


@rule(
    "shared-plate-dim",
    category=Category.PLATES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    steps = model.prediction.executions
    crowded = [s for s in steps if s.site.kind == "sample" and _in_two_plates(s)]
    built = built_plates(steps) if crowded else {}
    order = {id(plate): index for index, plate in enumerate(built.values())}
    reported: set[int] = set()
    for step in crowded:
        at: dict[int, Built] = {}
        for plate in filter(None, map(built.get, plates_around(step))):
            if plate.dim is None:
                continue
            other = at.setdefault(plate.dim, plate)
            first, second = sorted((plate, other), key=lambda each: order[id(each)])
            if first is second or second.clash is first or id(second) in reported:
                continue
            reported.add(id(second))
            yield _finding(first, second, step, model, ctx)
    yield from _traced(model, ctx)


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    """Plates of one dim around a site of the trace."""
    for trace in model.traces:
        made = {j.traced.name: j.span for j in reversed(trace.sites) if j.traced.type == "plate"}
        order = list(reversed(made))
        for joined in scored((trace,)):
            by_dim: dict[int, str] = {}
            for plate in joined.traced.plates:
                other = by_dim.setdefault(plate.dim, plate.name)
                if other == plate.name or not {other, plate.name} <= made.keys():
                    continue
                first, second = sorted((other, plate.name), key=order.index)
                here, before = made[second], made[first]
                if here is not None and before is not None:
                    yield ctx.report(
                        here,
                        f"the plates '{first}' and '{second}' are both at dim={plate.dim}, and "
                        f"'{joined.traced.name}' stands in both: NumPyro takes them for one axis; "
                        "give each a dim of its own",
                        site=second,
                        model=model.function.name,
                        source=Origin.TRACE,
                        related=(Related(before, f"this plate is at dim={plate.dim} too"),),
                    )


def _in_two_plates(step: Execution) -> bool:
    return sum(isinstance(active.frame, Frame) for active in step.active) > 1


def _finding(
    first: Built, second: Built, step: Execution, model: Model, ctx: Context
) -> Diagnostic:
    name, other = second.step.name.glob, first.step.name.glob
    sizes = {_size(first), _size(second)}
    if None in sizes or 1 in sizes:
        then = "NumPyro takes them for one axis"
    elif len(sizes) == 1:
        then = f"'{step.name.glob}' has one axis for both, and NumPyro says nothing"
    else:
        then = "NumPyro cannot broadcast their sizes"
    return ctx.report(
        second.step.site.span,
        f"the plates '{other}' and '{name}' were both built at dim={second.dim}, neither inside "
        f"the other, and '{step.name.glob}' stands in both: {then}; give each a dim of its own",
        site=second.step.name.literal,
        model=model.function.name,
        related=(
            Related(first.step.site.span, f"this plate is at dim={first.dim} too"),
            Related(step.site.span, "a site in both"),
        ),
    )


def _size(plate: Built) -> int | None:
    value = plate.step.site.arg("size")
    value = resolve(value, plate.step.values) if value is not None else None
    return value.value if isinstance(value, Const) and isinstance(value.value, int) else None
