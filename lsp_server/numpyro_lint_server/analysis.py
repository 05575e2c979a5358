"""One reading of one text: what is found in it, with and without its trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from numpyro_lint.check import Report, check, filtered
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Diagnostic, Fix
from numpyro_lint.editor.broken import carried, legible
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.program import Function, Module, Stack
from numpyro_lint.model.project import Project
from numpyro_lint.text import Source, Span
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
    that did, where the text is as it was; `last` is then the reading of that one. `fixes` and
    `all_fixes` remember what was rewritten on demand.
    """

    inputs: Inputs
    static: Report
    report: Report
    shown: tuple[Diagnostic, ...]
    serial: int = field(default_factory=lambda: next(_serials))
    last: Reading | None = None
    fixes: dict[tuple[str, Span, str | None], Fix | None] = field(default_factory=dict)
    all_fixes: dict[str, Fix | None] = field(default_factory=dict)
    _legible: list[Report] = field(default_factory=list)

    @property
    def source(self) -> Source:
        return self.inputs.source

    @property
    def is_whole(self) -> bool:
        return not self.static.module.problems

    def legible(self) -> Report:
        """The report that what is asked of a place goes by: of a text that does not parse, one of
        those lines that are as they were."""
        if self.last is None:
            return self.report
        if not self._legible:
            before, project = self.last.source.text, self.inputs.project
            found = legible(self.source, before, self.shown, project)
            self._legible.append(found or self.report)
        return self._legible[0]

    @property
    def models(self) -> tuple[Function, ...]:
        functions = self.static.module.functions.values()
        return tuple(each for each in functions if each.role in ("model", "guide"))


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
    if not static.module.problems or source.is_notebook or last is None:
        return Reading(inputs, static, report, shown)
    shown = (*shown, *carried(last.static, source))
    return Reading(inputs, static, report, shown, last=last)


def _checked(inputs: Inputs, traced: Traced | None, module: Module | None) -> Report:
    settings = inputs.settings
    traces, stacks = (traced.with_pilots, traced.stacks) if traced is not None else (None, None)
    report = check(inputs.source, settings, traces, module, inputs.project, stacks)
    return filtered(report, settings.min_severity)
