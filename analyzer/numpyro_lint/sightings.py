"""Findings of what a trace shows of one site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Diagnostic, Fix, Origin, Severity
from numpyro_lint.model.attach import Joined
from numpyro_lint.model.densities import by_run


def seen(
    context: Context,
    model: Model,
    joined: Joined,
    message: str,
    *,
    evidence: Mapping[str, Any],
    severity: Severity | None = None,
    fix: Fix | None = None,
) -> Diagnostic:
    """A finding of the rule at work at a traced site, which has a place in the text.

    It names the run whose arguments show it, where the model's own trace has others.
    """
    assert joined.span is not None
    return context.report(
        joined.span,
        message,
        severity=severity,
        site=joined.traced.name,
        model=model.function.name,
        source=Origin.TRACE,
        related=by_run(joined),
        fix=fix,
        evidence=evidence,
    )
