"""One reading of one text: what is found in it, with and without its trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from numpyro_lint.check import Report, check, filtered
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Diagnostic, Fix
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.program import Function, Module, Stack
from numpyro_lint.model.project import Project
from numpyro_lint.record import replace
from numpyro_lint.text import ELSEWHERE, Source, Span
from numpyro_lint.verifying import Settled, with_pilots

_serials = count(1)


@dataclass(frozen=True, slots=True)
class Traced:
    """The traces of a text, and what sampling has settled; they tell nothing of any other."""

    text: str
    module: Module
    traces: Mapping[int, Attached]
    stacks: Mapping[Stack, Attached] = field(default_factory=dict)
    settled: tuple[Settled, ...] = ()

    @property
    def with_pilots(self) -> dict[int, Attached]:
        return {key: with_pilots(each, self.settled) for key, each in self.traces.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """All that a reading depends on: a new object whenever any of it changes."""

    source: Source
    settings: Settings
    traced: Traced | None = None
    project: Project | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What is found in a text: by its text alone (`static`), and with its trace (`report`).

    `shown` are the findings to show: in a text that does not parse, also those of the last one
    that did, where the text is as it was. `fixes` remembers what was rewritten on demand.
    """

    inputs: Inputs
    static: Report
    report: Report
    shown: tuple[Diagnostic, ...]
    serial: int = field(default_factory=lambda: next(_serials))
    fixes: dict[tuple[str, Span, str | None], Fix | None] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        return self.inputs.source

    @property
    def is_whole(self) -> bool:
        return not self.static.module.problems

    @property
    def models(self) -> tuple[Function, ...]:
        functions = self.static.module.functions.values()
        return tuple(each for each in functions if each.role in ("model", "guide"))

    @property
    def by_trace(self) -> tuple[Diagnostic, ...]:
        """What the trace alone has found."""
        known = {_identity(each) for each in self.static.diagnostics}
        return tuple(each for each in self.report.diagnostics if _identity(each) not in known)


def _identity(diagnostic: Diagnostic) -> tuple[str, Span, str | None]:
    return diagnostic.rule, diagnostic.span, diagnostic.site


def read(inputs: Inputs, last: Reading | None) -> Reading:
    """Reads a text. `last` is the latest reading of one that parsed."""
    source, traced = inputs.source, inputs.traced
    fits = traced is not None and traced.text == source.text
    module = traced.module if traced is not None and fits else None
    static = _checked(inputs, None, module)
    report = static
    if traced is not None and fits:
        report = _checked(inputs, traced, static.module)
    shown = report.diagnostics
    if static.module.problems and not source.is_notebook and last is not None:
        shown = (*shown, *carried(last.static, source))
    return Reading(inputs, static, report, shown)


def _checked(inputs: Inputs, traced: Traced | None, module: Module | None) -> Report:
    settings = inputs.settings
    traces, stacks = (traced.with_pilots, traced.stacks) if traced is not None else (None, None)
    report = check(inputs.source, settings, traces, module, inputs.project, stacks)
    return filtered(report, settings.min_severity)


def carried(report: Report, source: Source) -> tuple[Diagnostic, ...]:
    """The findings of an earlier text in lines that a later one has still, without their fixes."""
    old, new = report.source.text, source.text
    head, tail = unchanged(old, new)
    shift = len(new) - len(old)

    def moved(span: Span) -> Span | None:
        if span.end <= head or span.start >= ELSEWHERE:
            return span
        if span.start >= len(old) - tail:
            return Span(span.start + shift, span.end + shift)
        return None

    found = []
    for each in report.diagnostics:
        span = moved(each.span)
        if span is not None:
            related = tuple(
                replace(other, span=place)
                for other in each.related
                if (place := moved(other.span)) is not None
            )
            found.append(replace(each, span=span, related=related, fix=None, rewrite=None))
    return tuple(found)


def unchanged(old: str, new: str) -> tuple[int, int]:
    """The lengths of the whole lines that two texts share at their beginning and at their end."""
    limit = min(len(old), len(new))
    head = next((n for n in range(limit) if old[n] != new[n]), limit)
    head = old.rfind("\n", 0, head) + 1
    ends = range(1, limit - head + 1)
    tail = next((n - 1 for n in ends if old[-n] != new[-n]), limit - head)
    if tail < len(old):
        line_end = old.find("\n", len(old) - tail - 1)
        tail = len(old) - line_end - 1 if line_end >= 0 else 0
    return head, max(tail, 0)
