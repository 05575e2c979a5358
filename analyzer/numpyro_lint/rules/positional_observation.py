"""A shape as the third positional argument of `sample`, which is `obs`.

## What it does
Finds an int, a tuple of ints or a `.shape` as the third positional argument of `sample`.

## Why is this bad
The third parameter is `obs`: the site silently becomes observed at the numbers that were meant as
a shape. `sample_shape=` gives the shape.

## Example
```python
def model():
    numpyro.sample("weights", dist.Normal(0.0, 1.0), (10,))
```

## Use instead
```python
def model():
    numpyro.sample("weights", dist.Normal(0.0, 1.0), sample_shape=(10,))
```

## Fix safety
The observed site becomes a latent one, so the fix is unsafe.

## References
numpyro.sample (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Edit, Fix, Severity
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.ir import Const, Data, Dist, Sequence, Site, Value
from numpyro_lint.model.program import Function
from numpyro_lint.rule import rule


@rule(
    "positional-observation", category=Category.OBSERVATIONS, severity=Severity.ERROR, since="0.1"
)
def check(function: Function, ctx: Context) -> Iterator[Diagnostic]:
    for site in function.sites:
        if site.kind != "sample" or site.obs_keyword or site.obs_span is None:
            continue
        if not _is_shape(site):
            continue
        text = ctx.module.source.slice(site.obs_span)
        shape = f"({text},)" if _is_int(site.obs) else text
        edit = Edit(site.obs_span, f"sample_shape={shape}")
        yield ctx.report(
            site.span,
            f"the third argument of sample is obs: '{site.name.glob}' is observed at {text}; "
            f"sample_shape={shape} gives it a shape",
            site=site.name.literal,
            model=function.name,
            fix=Fix(f"Pass sample_shape={shape}", (edit,)),
        )


def _is_shape(site: Site) -> bool:
    value = site.obs
    if isinstance(value, Data):
        return value.is_shape
    if isinstance(value, Sequence):
        sizes = bool(value.items) and all(_is_int(item) for item in value.items)
        return sizes and not _may_be_counted(site)
    return _is_int(value) and not _may_be_counted(site)


def _is_int(value: Value | None) -> bool:
    return (
        isinstance(value, Const)
        and isinstance(value.value, int)
        and not isinstance(value.value, bool)
        and value.value > 0
    )


def _may_be_counted(site: Site) -> bool:
    """Ints may well be observations of a discrete distribution, or of one that is a point."""
    family = site.dist.family if isinstance(site.dist, Dist) else None
    return family in (None, "Delta", "Unit") or family not in FAMILIES or FAMILIES[family].discrete
