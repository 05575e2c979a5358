"""A handler that names a site of a kind it does nothing to.

## What it does
Finds keys of `condition`, `do`, `reparam` and `lift` that name a site of another type than these
act on, a `reparam` of an observed site, and a `mask` or `scale` around nothing that has a log
density.

## Why is this bad
NumPyro passes over the site without a word: a `condition` on a deterministic changes nothing, nor
does `lift` of a sample. A `reparam` of an observed site raises an AssertionError once it is run.

## Example
```python
def model():
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    line = numpyro.deterministic("line", 2.0 * slope)
    numpyro.sample("y", dist.Normal(line, 1.0))


conditioned = numpyro.handlers.condition(model, data={"line": 1.0})
```

## Use instead
```python
def model():
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    line = numpyro.deterministic("line", 2.0 * slope)
    numpyro.sample("y", dist.Normal(line, 1.0))


held = numpyro.handlers.substitute(model, data={"line": 1.0})
```

## References
numpyro.handlers (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.facts.api import ACTS_ON
from numpyro_lint.model.ir import Key
from numpyro_lint.model.keys import Met
from numpyro_lint.model.program import Module
from numpyro_lint.model.values import is_none
from numpyro_lint.questions import key_uses, met_handlers
from numpyro_lint.refusals import refused
from numpyro_lint.rule import rule

_KEYED = ("condition", "do", "reparam", "lift")
_THEN = {
    "condition": "substitute sets it",
    "do": "substitute sets it",
    "reparam": "only a sample can be reparameterised",
    "lift": "only a param can be lifted",
}


@rule(
    "handler-on-wrong-site",
    category=Category.HANDLERS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    found = _written(module, ctx)
    yield from refused(ctx, found, "a reparam is put on a site that is observed")


def _written(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for uses in key_uses(ctx):
        entry, key = uses[0]
        if entry.handler.kind not in _KEYED:
            continue
        faults = [_fault(entry, key) for entry, key in uses]
        if faults[0] is not None and None not in faults:
            yield ctx.report(key.span, faults[0], site=key.text)
    yield from _without_density(module, ctx)


def _fault(entry: Met, key: Key) -> str | None:
    kind = entry.handler.kind
    met = entry.called(key.text)
    if kind not in _KEYED or not met or is_none(key.value):
        return None
    types = {seen.type for seen in met}
    if kind == "reparam" and types == {"sample"} and all(seen.observed for seen in met):
        by = met[0].value
        means = "is observed" if by == "obs" else f"has its value from the {by} further in"
        return f"'{key.text}' {means}: NumPyro raises, since only a latent can be reparameterised"
    if types & ACTS_ON[kind] or _made_deterministic(entry, key):
        return None
    return f"this {kind} does nothing to '{key.text}', which is a {met[0].type}: {_THEN[kind]}"


def _made_deterministic(entry: Met, key: Key) -> bool:
    """Whether a reparam further in is what made the site deterministic: the order is at fault."""
    return any(
        seen.type == "deterministic" and seen.value == "reparam" for seen in entry.called(key.text)
    )


def _without_density(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    if not any(handler.kind in ("mask", "scale") for handler in module.handlers):
        return
    for entry in met_handlers(ctx):
        if entry.handler.kind not in ("mask", "scale") or not entry.known or not entry.seen:
            continue
        types = {seen.type for seen in entry.seen}
        if "sample" not in types and "get_mask" not in module.source.text:
            met = ", ".join(f"the {seen.type} '{seen.name.glob}'" for seen in entry.seen[:3])
            yield ctx.report(
                entry.handler.span,
                f"this {entry.handler.kind} does nothing: it meets {met} and no site that has a "
                "log density",
            )
