"""A guide whose shapes are not those of its model.

## What it does
Compares the number of event dims of a site in model and guide of one SVI, and the plates that stand
around it, as far as their names, sizes and dims are written out, or a trace of both shows them.

## Why is this bad
With another number of event dims NumPyro raises; `TraceEnum_ELBO` says nothing.
The guide's plate indices are put into the plate of that name in the model: with another size the
model silently runs on the guide's number of elements. With another dim, or with a plate that the
model has not around a single number, NumPyro raises that the shapes disagree. A plate with a name
of its own draws minibatches of its own.

## Example
```python
def model(y):
    with numpyro.plate("group", 5):
        level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level.sum(), 1.0), obs=y)


def guide(y):
    loc = numpyro.param("loc", 0.0)
    with numpyro.plate("group", 6):
        numpyro.sample("level", dist.Normal(loc, 1.0))


svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, 1.0)
```

## Use instead
```python
def model(y):
    with numpyro.plate("group", 5):
        level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level.sum(), 1.0), obs=y)


def guide(y):
    loc = numpyro.param("loc", 0.0)
    with numpyro.plate("group", 5):
        numpyro.sample("level", dist.Normal(loc, 1.0))


svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, 1.0)
```

## References
numpyro.util.check_model_guide_match, numpyro.handlers.replay (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.fit import Fit
from numpyro_lint.model.guides import (
    draws_many,
    event_dim,
    int_of,
    is_number,
    plates_of,
    shape_of,
    twins,
)
from numpyro_lint.model.ir import Site
from numpyro_lint.model.pairs import differing_shapes
from numpyro_lint.model.stack import Effect
from numpyro_lint.questions import pair
from numpyro_lint.rule import rule


@rule(
    "guide-shape-mismatch",
    category=Category.INFERENCE,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    yield from _traced(fit, ctx)
    if draws_many(fit):
        return
    for inside, outside in twins(fit):
        assert fit.written is not None
        yield from _events(inside, outside, fit, ctx)
        yield from _shapes(inside, outside, fit, ctx)
        plates = plates_of(fit.written, outside)
        known = plates_of(fit.model, inside)
        for name, plate in plates.items():
            if name in known:
                found = _difference(name, plate, known[name])
            elif is_number(inside) and not known and (int_of(plate, "size") or 0) > 1:
                found = f"the model has '{inside.name.glob}' outside of any plate, as one number"
            else:
                found = None
            if found is not None:
                yield ctx.report(
                    plate.span,
                    f"the plate '{name}' of the guide: {found}",
                    site=name,
                    model=fit.name,
                    related=(Related(known.get(name, inside.site).span, "the model's"),),
                )


def _traced(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    """What a trace of both shows: it knows the shapes that the text does not tell."""
    both = pair(ctx, fit)
    for inside, outside, differs in differing_shapes(both) if both is not None else ():
        if outside.span is not None:
            yield ctx.report(
                outside.span,
                f"'{outside.traced.name}' has {differs} in the model: NumPyro raises that they "
                "disagree; make them agree with plate, expand and to_event",
                site=outside.traced.name,
                model=fit.name,
                source=Origin.TRACE,
                related=(Related(inside.span, "the model's"),) if inside.span else (),
                evidence={
                    "guide_shape": list(outside.traced.shape or ()),
                    "model_shape": list(inside.traced.shape or ()),
                },
            )


def _events(inside: Effect, outside: Effect, fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    here, there = event_dim(outside), event_dim(inside)
    if here is not None and there is not None and here != there:
        raises = "" if fit.loss == "TraceEnum_ELBO" else ", and NumPyro raises"
        yield ctx.report(
            outside.site.span,
            f"'{outside.name.glob}' has {here} event dims in the guide and {there} in the model"
            f"{raises}; make them agree with to_event",
            site=outside.name.literal,
            model=fit.name,
            related=(Related(inside.site.span, "the model's"),),
        )


def _shapes(inside: Effect, outside: Effect, fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    """Shapes of sites outside of all plates: NumPyro wants them equal, and does not broadcast."""
    assert fit.written is not None
    here = shape_of(fit.written, outside)
    there = shape_of(fit.model, inside) if here is not None else None
    if there is not None and here != there and fit.loss != "TraceEnum_ELBO":
        yield ctx.report(
            outside.site.span,
            f"'{outside.name.glob}' has shape {here} in the guide and {there} in the model: "
            "NumPyro raises that the shapes disagree",
            site=outside.name.literal,
            model=fit.name,
            related=(Related(inside.site.span, "the model's"),),
        )


def _difference(name: str, guide: Site, model: Site) -> str | None:
    """What of a plate the guide has otherwise than the model."""
    for what, then in (
        ("size", "and the model silently runs on the guide's number of elements"),
        ("dim", "and NumPyro raises that the shapes disagree"),
        ("subsample_size", "and the minibatches are not the same"),
    ):
        here, there = int_of(guide, what), int_of(model, what)
        if here is not None and there is not None and here != there:
            return f"its {what} is {here} here and {there} in the model, {then}"
    return None
