"""A subsampling plate whose observations are not those of the subsample.

## What it does
Finds observations in a plate with `subsample_size` that are not taken with the plate's indices but
as the first elements (`y[:B]`), or as all of the data that give the plate its size.

## Why is this bad
The plate draws other indices in each step and scales the log density as if the observations were
theirs. `y[:B]` are the same first elements each time: NumPyro says nothing, and the rest of the
data never counts. All of the data do not fit: an error about broadcasting.

## Example
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", len(y), subsample_size=10):
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y[:10])
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", len(y), subsample_size=10) as index:
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y[index])
```

## References
numpyro.plate, numpyro.subsample (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.model.binding import is_none
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.ir import Frame, Site
from numpyro_lint.rule import rule
from numpyro_lint.text import Source, Span


@rule("unused-subsample-index", category=Category.PLATES, severity=Severity.ERROR, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    steps = model.prediction.executions
    for step in steps:
        if step.site.kind != "sample" or step.site.obs_span is None or step.observed is False:
            continue
        for plate in _subsampled(step):
            if plate.span in step.origins(step.site.obs) or _subsamples(steps, plate):
                continue
            why = _mistaken(step, plate, ctx.module.source)
            if why is not None:
                yield ctx.report(
                    step.site.span,
                    f"the plate '{plate.name.glob}' subsamples, and '{step.name.glob}' is observed "
                    f"at {why}; write `with ... as index:` and take the data at [index]",
                    site=step.name.literal,
                    model=model.function.name,
                    related=(Related(plate.span, "the plate that subsamples"),),
                )


def _subsampled(step: Execution) -> Iterator[Site]:
    for active in step.active:
        if isinstance(active.frame, Frame):
            plate = active.frame.plate
            if not is_none(plate.arg("subsample_size")) and plate.spans:
                yield plate


def _subsamples(steps: tuple[Execution, ...], plate: Site) -> bool:
    """Whether `numpyro.subsample` takes the plate's elements of anything."""
    return any(
        isinstance(active.frame, Frame) and active.frame.plate.span == plate.span
        for step in steps
        if step.site.kind == "subsample"
        for active in step.active
    )


def _mistaken(step: Execution, plate: Site, source: Source) -> str | None:
    import re

    spans, obs = dict(plate.spans), _written(step, source)
    size, taken = (source.slice(spans.get(k, Span(0, 0))) for k in ("size", "subsample_size"))
    first = re.fullmatch(r"(.+?)\[\s*(?:0\s*)?:\s*([^\]:,\[]+?)\s*(?:,[^\]]*)?\]", obs, re.DOTALL)
    if first and first[2] == taken:
        return f"the first {taken} elements of {first[1]} each time"
    whole = {f"len({obs})", f"{obs}.shape[0]", f"{obs}.size"}
    if obs.isidentifier() and size in whole and taken not in whole:
        return f"all of {obs}, which does not fit"
    return None


def _written(step: Execution, source: Source) -> str:
    """The observation as it is written; for a variable that is assigned once, that assignment."""
    import re

    assert step.site.obs_span is not None
    text = source.slice(step.site.obs_span)
    if text.isidentifier() and step.function is not None:
        body = source.slice(step.function.span)
        found = re.findall(rf"^[ \t]*{text}[ \t]*=[ \t]*(.+?)[ \t]*$", body, re.MULTILINE)
        if len(found) == 1 and "]" in found[0] and body.count(f"{text} =") == 1:
            return str(found[0])
    return text
