"""A `deterministic` of nothing but what a latent site gave.

## What it does
Finds a `deterministic` whose value is, unchanged, that of a latent `sample` of the same function.
Where another branch or model of the file has a site of that name, it keeps the name and is left be.

## Why is this bad
The samples hold the value twice, under two names.

## Example
```python
def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.deterministic("gradient", slope)
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)
```

## Use instead
```python
def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.deterministic("double", 2.0 * slope)
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)
```

## Fix safety
The fix leaves the value alone and drops the site: the trace has one less, so it is unsafe.

## References
numpyro.deterministic (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Edit, Fix, Related, Severity
from numpyro_lint.model.ir import Data, Site, Value
from numpyro_lint.model.program import Function
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule("redundant-deterministic", category=Category.NAMES, severity=Severity.HINT, since="0.1")
def check(function: Function, ctx: Context) -> Iterator[Diagnostic]:
    for site in function.sites:
        if site.kind != "deterministic":
            continue
        drawn = _drawn(site.arg("value"))
        for sample in function.sites if drawn is not None else ():
            if sample.span == drawn and sample.obs is None and sample.place == site.place:
                if _is_alone(site, ctx):
                    yield _report(site, sample, ctx)


def _is_alone(site: Site, ctx: Context) -> bool:
    """Whether no other branch or model of the file has a site of the name that this one keeps."""
    sites = (each for function in ctx.module.functions.values() for each in function.sites)
    return sum(each.name == site.name for each in sites) == 1


def _drawn(value: Value | None) -> Span | None:
    """The sample whose value this is, unchanged."""
    if not isinstance(value, Data) or value.made is None or value.made.op != "sample":
        return None
    spans = [each for each in value.depends if isinstance(each, Span)]
    return spans[0] if len(spans) == 1 == len(value.depends) else None


def _report(site: Site, sample: Site, ctx: Context) -> Diagnostic:
    name, other = site.name.glob, sample.name.glob
    return ctx.report(
        site.span,
        f"'{name}' is the value of '{other}' once more: the samples hold it under that name",
        site=name,
        related=(Related(sample.span, f"'{other}' is here"),),
        rewrite=lambda: _fix(site, ctx),
    )


def _fix(site: Site, ctx: Context) -> Fix | None:
    from numpyro_lint.rewrite.place import whole_lines

    lines = whole_lines(ctx.module.source, site.span)
    if lines is not None:
        return Fix("Leave it out", (Edit(lines, ""),))
    text = ctx.module.source.slice(site.span)
    value = text.rpartition(",")[2].rpartition(")")[0].strip()
    if not value.isidentifier():
        return None
    return Fix("Leave the value alone", (Edit(site.span, value),))
