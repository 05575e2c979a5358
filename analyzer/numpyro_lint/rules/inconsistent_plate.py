"""One plate name with two sizes or two dims.

## What it does
Finds plates of one name in one model that differ in size or in `dim`.

## Why is this bad
With two sizes, or two sizes of a subsample, NUTS and autoguides raise `Model and guide shapes
disagree`, though there may be no guide, and so does a guide of one's own that has the plate. For an
SVI whose guide lacks it, this is information only.
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

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.binding import is_none, resolve
from numpyro_lint.model.collide import Named, one_path
from numpyro_lint.model.ir import Const, Frame, Value
from numpyro_lint.model.stack import Prediction
from numpyro_lint.record import record
from numpyro_lint.rule import rule
from numpyro_lint.text import Span

Pair = tuple[int | None, int | None]


@record
class Change:
    """What of a plate is not as it was: its size, its subsample_size or its dim."""

    what: str
    before: int
    now: int


@rule(
    "inconsistent-plate",
    category=Category.PLATES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    first: dict[str, Named] = {}
    used = _used(model)
    for named in model.named:
        if named.type != "plate" or (named.effect.site.span, named.effect.path) not in used:
            continue
        earlier = first.setdefault(named.name, named)
        if earlier is named or not one_path(earlier.execution, named.execution):
            continue
        change = _change(
            ("size", (_known(earlier, "size"), _known(named, "size"))),
            ("subsample_size", (_taken(earlier), _taken(named))),
            ("dim", (_known(earlier, "dim"), _known(named, "dim"))),
        )
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


def _change(*compared: tuple[str, Pair]) -> Change | None:
    """What is not as it was, if anything; what is not known does not count."""
    for what, (before, now) in compared:
        if before is not None and now is not None and before != now:
            return Change(what, before, now)
    return None


def _argument(named: Named, what: str) -> Value | None:
    value = named.effect.site.arg(what)
    return None if value is None else resolve(value, named.execution.values)


def _known(named: Named, what: str) -> int | None:
    value = _argument(named, what)
    return value.value if isinstance(value, Const) and isinstance(value.value, int) else None


def _taken(named: Named) -> int | None:
    """How many elements the plate takes."""
    whole = is_none(_argument(named, "subsample_size"))
    return _known(named, "size" if whole else "subsample_size")


def _finding(
    ctx: Context, model: Model, name: str, change: Change, before: Span, here: Span, source: Origin
) -> Diagnostic:
    severity = Severity.ERROR
    if change.what == "dim":
        then = "an autoguide raises on it, and all else takes two axes for one"
        severity = Severity.INFO
    elif _is_spared(model, name, ctx):
        then = "NUTS and autoguides raise on it"
        severity = Severity.INFO
    else:
        then = "NUTS raises on it, and so does SVI where the guide has the plate"
    return ctx.report(
        here,
        f"the plate '{name}' has {change.what} {change.now} here and {change.before} before: "
        f"{then}",
        severity=severity,
        site=name,
        model=model.function.name,
        source=source,
        related=(Related(before, f"{change.what} {change.before} here"),),
    )


def _is_spared(model: Model, name: str, ctx: Context) -> bool:
    """Whether every inference of the model in sight is SVI with a guide without the plate."""
    runs = [
        run
        for run in ctx.module.runs
        if run.stack and run.stack.model.function == model.function.key
        if run.kind in ("mcmc", "svi")
    ]
    guides = [ctx.prediction(run.guide) if run.guide else None for run in runs]
    return bool(runs) and all(guide and _lacks(guide, name) for guide in guides)


def _lacks(guide: Prediction, name: str) -> bool:
    plates = (effect for effect in guide.effects if effect.type == "plate")
    return guide.complete and all(plate.name.matches(name) is False for plate in plates)


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
            change = _change(("size", (size, plate.size)), ("dim", (dim, plate.dim)))
            if change is not None and plate.name not in reported:
                reported.add(plate.name)
                yield _finding(ctx, model, plate.name, change, before, here, Origin.TRACE)
