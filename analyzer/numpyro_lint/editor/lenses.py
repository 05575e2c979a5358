"""What can be done with each model of a file, to be offered above it."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.addresses import addresses
from numpyro_lint.check import Report
from numpyro_lint.record import record
from numpyro_lint.text import ELSEWHERE, Span
from numpyro_lint.verifying import unsettled


@record
class Lens:
    """A command (`trace`, `graph`, `verify`) for the model of this address; `span` is its name."""

    span: Span
    command: str
    title: str
    model: str


def lenses(report: Report, may_run: bool) -> tuple[Lens, ...]:
    """The commands for each model and guide of a file; those that run code only if that may be."""
    known = [each for each in report.module.models if each.key < ELSEWHERE]
    names = addresses(report.module, known)

    def offered() -> Iterator[Lens]:
        for model, name in zip(known, names, strict=True):
            if may_run:
                yield Lens(model.name_span, "trace", "Trace now", name)
            yield Lens(model.name_span, "graph", "Model graph", name)
            if may_run and unsettled(report.context, report.diagnostics, model):
                yield Lens(model.name_span, "verify", "Verify", name)

    return tuple(sorted(offered(), key=lambda lens: lens.span.start))
