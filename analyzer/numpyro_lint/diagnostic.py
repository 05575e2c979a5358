"""Findings and their mends as data: `Diagnostic`, `Related`, `Fix`, `Edit`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum, StrEnum
from typing import Any

from numpyro_lint.record import record
from numpyro_lint.text import Source, Span


class Severity(IntEnum):
    """How much a finding matters. `HINT` is shown with `--pedantic` alone."""

    HINT = 0
    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class Category(StrEnum):
    NAMES = "names"
    HANDLERS = "handlers"
    PLATES = "plates"
    OBSERVATIONS = "observations"
    SUPPORTS = "supports"
    INFERENCE = "inference"
    RANDOMNESS = "randomness"
    TRACING = "tracing"
    GEOMETRY = "geometry"
    TOOL = "tool"


class Stage(IntEnum):
    """How far a model is run before a rule has found all that it can find."""

    TEXT = 0
    TRACE = 1
    VALUES = 2


class Applicability(StrEnum):
    """SAFE: trace and log density stay as they were, or the code raised before."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Origin(StrEnum):
    """What a finding was seen by."""

    STATIC = "static"
    TRACE = "trace"
    GEOMETRY = "geometry"


@record
class Edit:
    """Replaces `span` of the text by `text`."""

    span: Span
    text: str


@record
class Fix:
    """Edits that mend a finding: they do not overlap and stand in order."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.UNSAFE


@record
class Related:
    """Another place that the finding speaks of."""

    span: Span
    message: str


@record
class Diagnostic:
    """One finding. `site` and `model` are names as the user wrote them.

    `rewrite` writes a fix that takes a second reading of the text; `fix_of` asks it.
    """

    rule: str
    category: Category
    severity: Severity
    span: Span
    message: str
    site: str | None = None
    model: str | None = None
    source: Origin = Origin.STATIC
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    evidence: Mapping[str, Any] | None = None
    rewrite: Callable[[], Fix | None] | None = None


def fix_of(diagnostic: Diagnostic) -> Fix | None:
    """The fix of a finding: the one that it brings, or else the one that is written on demand."""
    if diagnostic.fix is None and diagnostic.rewrite is not None:
        return diagnostic.rewrite()
    return diagnostic.fix


def line_of(source: Source, each: Diagnostic) -> str:
    """A finding in one line: `path:line:column: severity[rule] message`."""
    where = source.location(each.span)
    path = source.home(each.span.start).source.path
    cell = "" if where.cell is None else f"cell {where.cell}:"
    place = f"{path}:{cell}{where.line}:{where.column}"
    return f"{place}: {each.severity.label}[{each.rule}] {each.message}"
