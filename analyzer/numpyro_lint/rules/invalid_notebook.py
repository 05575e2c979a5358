"""A notebook that cannot be read.

## What it does
Says where a file that is named `.ipynb` is no notebook of format 4: where it is no JSON (a merge
that was committed, a download that ended early), where its cells are missing, or where its format
is that of IPython 3 and before.

## Why is this bad
Nothing in it is checked, and Jupyter will not open it either, or will first convert it. A file that
does not mention NumPyro is passed over.

## References
The Jupyter notebook format (nbformat 4); `jupyter nbconvert --to notebook` renews an older one
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.program import Module
from numpyro_lint.rule import rule


@rule("invalid-notebook", category=Category.TOOL, severity=Severity.ERROR, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    damage = module.source.damage
    if damage is not None:
        yield ctx.report(damage.span, f"{damage.message}; none of it is checked")
