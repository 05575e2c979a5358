"""Text that the running Python cannot read.

## What it does
Says where a file, or a cell of a notebook, could not be parsed.

## Why is this bad
Nothing in a file that does not parse is checked. In a notebook only the broken cell is passed over.

## References
The Python Language Reference
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.ir import Module
from numpyro_lint.rule import Context, rule


@rule("invalid-syntax", category=Category.TOOL, severity=Severity.ERROR, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    version = ".".join(map(str, sys.version_info[:2]))
    for problem in module.problems:
        yield ctx.report(
            problem.span, f"not Python {version}: {problem.message}; this part is not checked"
        )
