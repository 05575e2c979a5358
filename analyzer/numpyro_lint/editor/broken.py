"""A text that does not parse, by what it has in common with the last one that did."""

from __future__ import annotations

from collections.abc import Callable

from numpyro_lint.check import Report
from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Diagnostic
from numpyro_lint.model.lift import lift
from numpyro_lint.model.project import Project
from numpyro_lint.record import replace
from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import ELSEWHERE, Source, Span


def legible(
    source: Source, before: str, shown: tuple[Diagnostic, ...], project: Project | None = None
) -> Report | None:
    """A text as it is but for the lines that differ from an earlier one: these are left out.

    Places are those of the text itself. `shown` is what has been found in it. None where that does
    not parse either.
    """
    for filler in ("", "pass"):
        text = _without_changes(before, source.text, filler)
        mended = Source(source.path, text, source.version)
        tree = parse(mended)
        if not tree.unreadable:
            module = replace(lift(mended, tree, project), stale=True)
            return Report(module.source, module, Context(module), shown)
    return None


def _without_changes(before: str, text: str, filler: str) -> str:
    """The text with a filler, or nothing, in the lines that are not as they were."""
    head, tail = unchanged(before, text)
    middle = text[head : len(text) - tail].splitlines(keepends=True)
    blank = (_blanked(line, filler) for line in middle)
    return text[:head] + "".join(blank) + text[len(text) - tail :]


def _blanked(line: str, filler: str) -> str:
    body = line.rstrip("\r\n")
    indent = body[: len(body) - len(body.lstrip())]
    fits = len(indent) + len(filler) <= len(body)
    return (indent + filler if fits else "").ljust(len(body)) + line[len(body) :]


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
    head = _most(limit, lambda a, b: old[a:b] == new[a:b])
    head = old.rfind("\n", 0, head) + 1
    n, m = len(old), len(new)
    tail = _most(limit - head, lambda a, b: old[n - b : n - a] == new[m - b : m - a])
    if tail < len(old):
        line_end = old.find("\n", len(old) - tail - 1)
        tail = len(old) - line_end - 1 if line_end >= 0 else 0
    return head, max(tail, 0)


def _most(limit: int, same: Callable[[int, int], bool]) -> int:
    """How far two texts agree: `same` compares a part of them, which is quick where it is long."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if same(low, middle):
            low = middle
        else:
            high = middle - 1
    return low
