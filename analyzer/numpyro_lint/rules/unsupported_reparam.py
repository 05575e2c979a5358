"""A reparameterisation that its site does not allow.

## What it does
Finds `LocScaleReparam` on distributions that are not of a location-scale family with real support,
or that need `shape_params`, and `TransformReparam` on anything but a `TransformedDistribution`.
Also any reparam of a site with a `sample_shape`.

## Why is this bad
NumPyro raises an error about a missing argument or attribute of the distribution. On an
`AsymmetricLaplace` it raises nothing: without `shape_params` the asymmetry is silently lost. So
is a `sample_shape`: of eight effects a single one is left, which broadcasts to all groups.
`.expand` of the distribution, or a plate, gives the site its shape and is kept.

## Example
```python
def model(y):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.StudentT(4.0, 0.0, spread))
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)


config = {"effect": numpyro.infer.reparam.LocScaleReparam(0)}
decentred = numpyro.handlers.reparam(model, config=config)
```

## Use instead
```python
def model(y):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.StudentT(4.0, 0.0, spread))
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)


config = {"effect": numpyro.infer.reparam.LocScaleReparam(0, shape_params=["df"])}
decentred = numpyro.handlers.reparam(model, config=config)
```

## Fix safety
Where NumPyro raised before, adding `shape_params` is safe.

## References
numpyro.infer.reparam (0.22)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import (
    Applicability,
    Category,
    Diagnostic,
    Edit,
    Fix,
    Related,
    Severity,
    Stage,
)
from numpyro_lint.facts.distributions import FAMILIES, LOC_SCALE
from numpyro_lint.model.binding import table_of
from numpyro_lint.model.ir import Const, Dist, Reparam, Sequence, Site
from numpyro_lint.model.keys import Met, keys_of
from numpyro_lint.model.program import Module
from numpyro_lint.model.reparam import may_be_transformed
from numpyro_lint.questions import met_handlers
from numpyro_lint.refusals import refused
from numpyro_lint.rule import rule
from numpyro_lint.text import Span

# The support of these is the real line, or the real line element by element.
_REAL = ("real", "real_vector", "dependent")


@rule(
    "unsupported-reparam",
    category=Category.HANDLERS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    found = _written(module, ctx)
    yield from refused(ctx, found, "this reparam does not take the distribution of its site")


def _written(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for entry in met_handlers(ctx):
        if entry.handler.kind != "reparam":
            continue
        for key in keys_of(entry.handler):
            for site in _sites(entry, key.text):
                if isinstance(key.value, Reparam):
                    yield from _of_site(key.value, site, ctx)


def _sites(entry: Met, key: str) -> Iterable[Site]:
    """The sites that a key means, each once; not what another reparam has made of one."""
    met = (seen for seen in entry.seen if seen.name.literal == key and seen.type == "sample")
    return {s.site.span: s.site for s in met if key.endswith(s.site.name.literal or key)}.values()


def _of_site(how: Reparam, site: Site, ctx: Context) -> Iterator[Diagnostic]:
    if isinstance(site.dist, Dist):
        yield from _pair(how, site, site.dist, ctx)
    if not _changes_nothing(how):
        yield from _shape(how, site, ctx)


def _pair(how: Reparam, site: Site, dist: Dist, ctx: Context) -> Iterator[Diagnostic]:
    family, name = dist.family, site.name.literal
    if family is None or family not in FAMILIES:
        return
    if _changes_nothing(how) and FAMILIES[family].support in _REAL:
        return
    if how.kind == "TransformReparam" and not may_be_transformed(family):
        then = "LocScaleReparam(0) decentres it" if family in LOC_SCALE else "NumPyro raises"
        yield ctx.report(
            how.span,
            f"TransformReparam needs a TransformedDistribution and '{name}' is a {family}: {then}",
            site=name,
        )
    elif how.kind == "LocScaleReparam" and family in LOC_SCALE:
        yield from _shape_params(how, family, name, ctx)
    elif how.kind == "LocScaleReparam":
        yield ctx.report(
            how.span,
            f"LocScaleReparam does not take {family}, the distribution of '{name}': "
            f"{_reason(family)}",
            site=name,
        )


def _changes_nothing(how: Reparam) -> bool:
    """Whether a reparam leaves a site as it is, where it can be applied at all."""
    return how.kind == "LocScaleReparam" and how.arg("centered") in (Const(1), Const(1.0))


def _shape(how: Reparam, site: Site, ctx: Context) -> Iterator[Diagnostic]:
    shape = site.arg("sample_shape")
    if isinstance(shape, Sequence) and shape.items:
        name = site.name.literal
        yield ctx.report(
            how.span,
            f"a reparam leaves out the sample_shape of '{name}', which is smaller then, without a "
            "word: .expand of its distribution is kept",
            site=name,
            related=(Related(site.span, f"'{name}' is drawn here"),),
        )


def _reason(family: str) -> str:
    support = FAMILIES[family].support
    if support not in ("real", "real_vector", "dependent"):
        return f"its support is {support.replace('_', ' ')}, not the real line"
    return "it is not given by a loc and a scale"


def _shape_params(
    how: Reparam, family: str, name: str | None, ctx: Context
) -> Iterator[Diagnostic]:
    given = how.arg("shape_params")
    table = table_of(given)
    if given is not None and (table is None or not table.complete):
        return
    present = {key.text for key in table.keys} if table else set()
    lacking = [each for each in LOC_SCALE[family] if each not in present]
    if lacking:
        raises = family == "StudentT"
        then = "NumPyro raises" if raises else f"its {lacking[0]} is silently lost"
        yield ctx.report(
            how.span,
            f"'{name}' is a {family}: without shape_params={lacking} {then}",
            site=name,
            fix=_fix(how, lacking, raises, ctx) if given is None else None,
        )


def _fix(how: Reparam, lacking: list[str], raises: bool, ctx: Context) -> Fix | None:
    text = ctx.module.source.slice(how.span)
    if not text.endswith(")"):
        return None
    bare = text.partition("(")[2].strip() == ")"
    names = ", ".join(f'"{each}"' for each in lacking)
    end = Span(how.span.end - 1, how.span.end - 1)
    safety = Applicability.SAFE if raises else Applicability.UNSAFE
    edit = Edit(end, f"{'' if bare else ', '}shape_params=[{names}]")
    return Fix(f"Add shape_params=[{names}]", (edit,), safety)
