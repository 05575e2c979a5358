"""A plate that is built and never entered.

## What it does
Finds plates that a function builds as a statement, or into a variable that nothing reads.

## Why is this bad
A plate acts on the sites inside its `with` block. One that is not entered does nothing at all, and
NumPyro says nothing: the sites that were meant to stand in it are neither expanded nor scaled.

## Example
```python
def model(y):
    numpyro.plate("data", 8)
    numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)
```

## Use instead
```python
def model(y):
    with numpyro.plate("data", 8):
        numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)
```

## References
numpyro.plate (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.program import Held, Module
from numpyro_lint.rule import rule


@rule("plate-never-entered", category=Category.PLATES, severity=Severity.WARNING, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for held in module.held:
        if held.name is not None and _is_read(held, module):
            continue
        name = held.plate.name.glob
        yield ctx.report(
            held.plate.span,
            f"the plate '{name}' is never entered, so it does nothing: write "
            f"`with {_written(held, module)}:` around the sites that it is for",
            site=held.plate.name.literal,
            model=module.functions[held.function].name,
        )


def _is_read(held: Held, module: Module) -> bool:
    """Whether the function has the variable's name at any other place, but in the plate itself."""
    import re

    around, plate, text = module.functions[held.function].span, held.plate.span, module.source.text
    rest = text[around.start : plate.start] + text[plate.end : around.end]
    return len(re.findall(rf"\b{held.name}\b", rest)) > 1


def _written(held: Held, module: Module) -> str:
    text = module.source.slice(held.plate.span)
    return text if len(text) < 72 and "\n" not in text else "numpyro.plate(...)"
