"""A comment that silences nothing.

## What it does
Finds the names in `# numpyro-lint: ignore[...]` and `file-ignore[...]` whose rule has looked and
reports nothing there. It is said of no rule that is not run, nor, in a run without a trace, of one
that may need a trace; nor of one whose finding a trace refutes, as long as the text alone still
leads to it.

## Why is this bad
The mistake was mended, or the comment has never stood at the right line: it tells its reader of
something that is not so, and would hide a mistake that is made there later.

## Example
```python
def model(y=None):
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))  # numpyro-lint: ignore[unseeded-model]
    numpyro.sample("y", dist.Normal(0.0, tau), obs=y)
```

## Use instead
```python
def model(y=None):
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    numpyro.sample("y", dist.Normal(0.0, tau), obs=y)
```

## Fix safety
Removes the name, or the comment where no name is left. Only a comment changes, so the fix is safe.

## References
To let it fail a run: `severity = { unused-suppression = "warning" }` in the configuration
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Applicability, Category, Diagnostic, Edit, Fix, Severity
from numpyro_lint.rule import rule
from numpyro_lint.text import Source, Span

if TYPE_CHECKING:
    from numpyro_lint.suppress import Remark


@rule("unused-suppression", category=Category.TOOL, severity=Severity.INFO, since="0.1")
def check(remark: Remark, ctx: Context) -> Iterator[Diagnostic]:
    if not remark.unused:
        return
    names = ", ".join(f"'{name.text}'" for name in remark.unused)
    kept = [name.text for name in remark.names if name not in remark.unused]
    where = "in this file" if remark.comment.word == "file-ignore" else "here"
    span = remark.unused[0].span if kept else remark.comment.span
    yield ctx.report(
        span,
        f"nothing {where} is silenced by {names}",
        fix=_fix(ctx.module.source, remark, kept),
    )


def _fix(source: Source, remark: Remark, kept: list[str]) -> Fix:
    if not kept:
        edit = Edit(_whole(source, remark.comment.span), "")
        return Fix("Remove the comment", (edit,), Applicability.SAFE)
    assert remark.comment.body is not None
    edit = Edit(remark.comment.body, ", ".join(kept))
    names = ", ".join(f"'{name.text}'" for name in remark.unused)
    return Fix(f"Remove {names}", (edit,), Applicability.SAFE)


def _whole(source: Source, span: Span) -> Span:
    """A comment with the space before it; with its line, if nothing else stands there."""
    text = source.text
    line = source.line(span.start)
    first = source.line_starts[line - 1]
    start = len(text[: span.start].rstrip(" \t"))
    if start > first or text[span.end :].partition("\n")[0].strip():
        return Span(max(start, first), span.end)
    after = source.line_starts[line] if line < len(source.line_starts) else len(text)
    return Span(first, after)
