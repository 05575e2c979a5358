"""A comment to this tool that it cannot follow.

## What it does
Finds comments that begin with `numpyro-lint:` and have no effect: an `ignore` that names no rule,
an unknown word in place of `ignore`, `file-ignore` or `trace`, and a `trace(...)` whose arguments
are not Python, are not given by name, belong to no parameter, or that stands above no function.

## Why is this bad
Whoever wrote it believes that a finding is silenced, or that a model is traced with these
arguments.

## Example
```python
def model(y=None):
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    theta = numpyro.sample("theta", dist.Normal(0.0, tau))  # numpyro-lint: ignore
    numpyro.sample("y", dist.Normal(theta, 1.0), obs=y)
```

## Use instead
```python
def model(y=None):
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    theta = numpyro.sample("theta", dist.Normal(0.0, tau))  # numpyro-lint: ignore[funnel]
    numpyro.sample("y", dist.Normal(theta, 1.0), obs=y)
```

## Fix safety
Naming the rules that report at this place changes no more than a comment: the fix is safe.

## References
`# numpyro-lint: ignore[RULE] reason`, `# numpyro-lint: file-ignore[RULE]`,
`# numpyro-lint: trace(x=jnp.zeros(50), y=None)`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Applicability, Category, Diagnostic, Edit, Fix, Severity
from numpyro_lint.model.program import Function
from numpyro_lint.rule import rule
from numpyro_lint.syntax.comments import Comment, trace_arguments
from numpyro_lint.text import Span

if TYPE_CHECKING:
    from numpyro_lint.suppress import Remark

_WORDS = ("ignore", "file-ignore", "trace")
# What other tools call it.
_MEANT = {"disable": "ignore", "noqa": "ignore", "skip": "ignore", "skip-file": "file-ignore"}


@rule("invalid-comment", category=Category.TOOL, severity=Severity.WARNING, since="0.1")
def check(remark: Remark, ctx: Context) -> Iterator[Diagnostic]:
    comment = remark.comment
    if remark.names:
        return
    if comment.word in ("ignore", "file-ignore"):
        fix = _fix(remark) if comment.body is None and "[" not in comment.text else None
        how = f"write {comment.word}[{', '.join(remark.here) or 'RULE'}]"
        yield ctx.report(comment.span, f"this names no rule and silences nothing: {how}", fix=fix)
    elif comment.word == "trace":
        problem = _of_trace(comment, ctx)
        if problem:
            yield ctx.report(comment.span, f"no model is traced with this: {problem}")
    elif (meant := _meant(comment)) is not None:
        known = "ignore[RULE], file-ignore[RULE] and trace(NAME=VALUE)"
        advice = f"did you mean '{meant}'?" if meant else f"there are {known}"
        said = f"numpyro-lint does not know the comment '{comment.word}'"
        yield ctx.report(comment.span, f"{said}: {advice}")


def _fix(remark: Remark) -> Fix | None:
    """Names the rules that report here."""
    if not remark.here or remark.comment.word == "file-ignore":
        return None
    comment = remark.comment
    end = comment.span.start + comment.text.index(comment.word) + len(comment.word)
    names = f"[{', '.join(remark.here)}]"
    return Fix(f"Write ignore{names}", (Edit(Span(end, end), names),), Applicability.SAFE)


def _meant(comment: Comment) -> str | None:
    """The word that was meant; "" where that cannot be told; None for what reads as prose."""
    from difflib import get_close_matches

    if comment.word in _MEANT:
        return _MEANT[comment.word]
    rest = comment.text.partition("numpyro-lint:")[2].strip().removeprefix(comment.word).lstrip()
    near = get_close_matches(comment.word, _WORDS, 1, 0.75)
    if near and (not rest or rest[0] in "[("):
        return near[0]
    return "" if comment.word and rest[:1] in ("[", "(", "=") else None


def _of_trace(comment: Comment, ctx: Context) -> str | None:
    """Why a `trace(...)` comment has no effect."""
    if "(" not in comment.text:
        return "write trace(NAME=VALUE)"
    if comment.function is None:
        if ctx.module.problems:
            # What stands below may well be a function that could not be read.
            return None
        return "it must stand directly above the model's def or its decorators"
    try:
        given = trace_arguments(ctx.module.source, comment)
    except ValueError as error:
        return str(error)
    function = ctx.module.functions.get(comment.function)
    if function is None or any(each.kind == "kwargs" for each in function.params):
        return None
    return _of_names(given, function)


def _of_names(given: dict[str, str], function: Function) -> str | None:
    known = [each.name for each in function.params if each.kind in ("positional", "keyword")]
    for name in given:
        if name not in known:
            from numpyro_lint.config import near

            return f"'{function.name}' has no parameter '{name}'{near(name, known)}"
    return None
