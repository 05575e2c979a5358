"""A site of which the text and a trace say different things.

## What it does
Compares what is predicted from the text of each model and handler stack with a trace of it: the
names, types and order of the sites, where their values come from, what is observed, hidden, scaled
and masked. What the text leaves open agrees with every trace.

## Why is this bad
It is no mistake of yours. The trace is right, and what numpyro-lint reads from this text is wrong:
other findings on the same site may be, too. Please report it.

## References
`analyze trace FILE:MODEL` shows what each handler did to the site
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.agree import Disagreement
from numpyro_lint.model.program import Module
from numpyro_lint.questions import mispredictions
from numpyro_lint.rule import rule
from numpyro_lint.text import ELSEWHERE


@rule(
    "mispredicted-site",
    category=Category.TOOL,
    severity=Severity.INFO,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for each, place in mispredictions(ctx):
        if ctx.strict:
            raise AssertionError(f"text and trace disagree: {each}")
        span = place if each.span is None or each.span.start >= ELSEWHERE else each.span
        yield ctx.report(span, _message(each), site=each.name, source=Origin.TRACE)


def _message(each: Disagreement) -> str:
    what = each.what.replace("_", " ")
    return (
        f"text and trace disagree on '{each.name}': its {what} is {each.real!r} in the trace, "
        f"which is right, and {each.told!r} by the text; this is a mistake of numpyro-lint, please "
        "report it"
    )
