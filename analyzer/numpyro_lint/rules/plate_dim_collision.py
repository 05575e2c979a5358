"""Two nested plates at one dimension.

## What it does
Finds a plate inside another plate that has the same `dim`.

## Why is this bad
NumPyro raises an AssertionError without any text.

## Example
```python
def model():
    with numpyro.plate("row", 3, dim=-1):
        with numpyro.plate("column", 4, dim=-1):
            numpyro.sample("cell", dist.Normal(0.0, 1.0))
```

## Use instead
```python
def model():
    with numpyro.plate("row", 3, dim=-2):
        with numpyro.plate("column", 4, dim=-1):
            numpyro.sample("cell", dist.Normal(0.0, 1.0))
```

## References
numpyro.plate (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.model.expand import Execution, Path
from numpyro_lint.model.ir import (
    Const,
    Frame,
    Handler,
    Site,
)
from numpyro_lint.model.name import Name
from numpyro_lint.rule import Context, Model, rule
from numpyro_lint.text import Span

Dims = dict[tuple[Span, Name, Path], int | None]


@rule("plate-dim-collision", category=Category.PLATES, severity=Severity.ERROR, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    dims: Dims = {}
    for step in model.prediction.executions:
        if step.site.kind != "plate":
            continue
        outer = _outer(step, dims)
        dim, clash = _place(step.site, outer)
        dims[_key(step.site, step.path)] = dim
        if clash is not None:
            yield ctx.report(
                step.site.span,
                f"this plate is at dim={dim}, and so is the plate '{clash.name.glob}' around it: "
                "NumPyro raises an AssertionError without text; move one of them further left",
                site=step.name.literal,
                model=model.function.name,
                related=(Related(clash.span, f"this plate is at dim={dim} too"),),
            )


def _key(plate: Site, path: Path) -> tuple[Span, Name, Path]:
    """What tells one plate of a run from another; `plate_stack` makes several at one place."""
    return plate.span, plate.name, path


def _outer(step: Execution, dims: Dims) -> list[tuple[Site, int | None]]:
    """The plates that a plate meets on its way out, with the dims that they were given."""
    met: list[tuple[Site, int | None]] = []
    for active in reversed(step.active):
        frame = active.frame
        if isinstance(frame, Frame):
            met.append((frame.plate, dims.get(_key(frame.plate, active.path))))
        elif isinstance(frame, Handler) and frame.kind in ("block", "opaque"):
            # What is hidden there never comes to the plates outside.
            break
    return met


def _place(site: Site, outer: list[tuple[Site, int | None]]) -> tuple[int | None, Site | None]:
    """The dim of a plate, and the plate around it that is there already."""
    taken = {dim: plate for plate, dim in outer}
    given = site.arg("dim")
    if given is None or given == Const(None):
        if None in taken:
            return None, None
        dim = -1
        while dim in taken:
            dim -= 1
        return dim, None
    if isinstance(given, Const) and isinstance(given.value, int):
        return given.value, taken.get(given.value)
    return None, None
