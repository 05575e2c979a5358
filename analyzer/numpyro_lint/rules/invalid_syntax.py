"""Text that the running Python cannot read.

## What it does
Says where a file, or a cell of a notebook, could not be parsed.

## Why is this bad
Nothing in a file that does not parse is checked. In a notebook only the broken cell is passed over.
Text of a newer Python than the one that runs this tool is no error and is said as information: run
the tool with the Python of the project.

## References
The Python Language Reference
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.program import Module, Problem
from numpyro_lint.rule import rule
from numpyro_lint.syntax.parse import readable


@rule("invalid-syntax", category=Category.TOOL, severity=Severity.ERROR, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    if not module.problems:
        return
    from numpyro_lint.rewrite.newer import is_newer_python

    version = ".".join(map(str, sys.version_info[:2]))
    for problem in module.problems:
        line = module.source.line_text(module.source.line(problem.span.start))
        newer = is_newer_python(_part(module, problem), line, problem.message)
        said = (
            f"needs a newer Python than the {version} that reads it ({problem.message})"
            if newer
            else f"not Python {version}: {problem.message}"
        )
        yield ctx.report(
            problem.span,
            f"{said}; this part is not checked",
            severity=Severity.INFO if newer else Severity.ERROR,
        )


def _part(module: Module, problem: Problem) -> str:
    """What could not be read: the cell, or the whole file."""
    cell = module.source.cell_at(problem.span.start)
    return readable(module.source.slice(cell.span)) if cell else module.source.text
