"""What must hold of any text, whatever it is: `examine` says what does not."""

from __future__ import annotations

import contextlib
import io
import traceback
from collections.abc import Iterator, Sequence

from numpyro_lint.check import Report, check
from numpyro_lint.cli import formats
from numpyro_lint.cli.many.packed import Notes, Wants, pack, reduced, unpack
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Diagnostic, Fix, Severity, fix_of, line_of
from numpyro_lint.editor.broken import carried, legible
from numpyro_lint.editor.complete import complete
from numpyro_lint.editor.hints import hints
from numpyro_lint.editor.hover import hover
from numpyro_lint.editor.ignore import ignored
from numpyro_lint.editor.lenses import lenses
from numpyro_lint.editor.occurrences import NoRename, definitions, references, renamed
from numpyro_lint.editor.outline import outline, symbols
from numpyro_lint.editor.refactors import refactors
from numpyro_lint.fix import ROUNDS, allows, fixed
from numpyro_lint.record import record
from numpyro_lint.rewrite import changed
from numpyro_lint.rules import all_rules
from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import Source, Span

PEDANTIC = Settings(pedantic=True)
# So many places of a text are asked about as an editor does, and so many fixes written.
_PLACES, _FIXES = 12, 12
# The fixes of a larger text, or of so many findings, are made in many rounds, each of which reads
# all of it.
_LARGE, _MANY = 20_000, 60


@record
class Failure:
    """What did not hold, so that the same is told as the same, and all there is to say of it."""

    what: str
    detail: str


def examine(report: Report, before: str = "") -> list[Failure]:
    """What does not hold of a text that was read with `PEDANTIC` settings.

    `before` is what it was before it was broken, if it was.
    """
    found = list(guarded("check", _findings(report)))
    if found:
        return found
    held = {"cache": _cache(report)}
    if len(report.source.text) < _LARGE:
        held |= {
            "formats": _formats(report), "fixes": _fixes(report), "editor": _editor(report, before),
        }  # fmt: skip
        if len(report.diagnostics) < _MANY:
            held["all fixes"] = _all_fixes(report)
    return [each for name, said in held.items() for each in guarded(name, said)]


def guarded(name: str, held: Iterator[str]) -> Iterator[Failure]:
    """What one of these does not hold; that it raises is a failure as well."""
    try:
        for said in held:
            yield Failure(f"{name}: {said.partition(chr(10))[0]}", said)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{name}: {type(error).__name__} in {where.name}, line {where.lineno}"
        yield Failure(what, traceback.format_exc(limit=-12))


def _findings(report: Report) -> Iterator[str]:
    source, size = report.source, len(report.source.text)
    for each in report.diagnostics:
        if each.rule == "internal-error":
            yield f"internal-error: {each.message}"
        for span in (each.span, *(related.span for related in each.related)):
            if not 0 <= span.start <= span.end <= size:
                yield f"{each.rule} stands at {tuple(span)} in a text of {size}"
        line_of(source, each)


def _fixable(found: Sequence[Diagnostic]) -> Iterator[tuple[Diagnostic, Fix]]:
    for each in found:
        fix = fix_of(each)
        if fix is not None:
            yield each, fix


def _unread(source: Source) -> int:
    return len(parse(source).unreadable)


def _fixes(report: Report) -> Iterator[str]:
    """Each fix by itself: its edits are in order, and what parsed still does."""
    source = report.source
    for each, fix in list(_fixable(report.diagnostics))[:_FIXES]:
        yield from _edits(source, each.rule, fix)
    for each in report.diagnostics[:_FIXES]:
        comment = ignored(report.module, each)
        if comment is not None:
            yield from _edits(source, f"ignoring {each.rule}", comment)


def _edits(source: Source, name: str, fix: Fix) -> Iterator[str]:
    places = [place for edit in fix.edits for place in edit.span]
    if not fix.edits or places != sorted(places) or not _within(source, places):
        yield f"{name}: the edits of its fix are not in order: {fix.edits}"
        return
    new = changed(source, fix.edits)
    if _unread(new) > _unread(source):
        yield f"{name}: the text does not parse after its fix\n{fix.edits}\n{new.text}"


def _within(source: Source, places: Sequence[int]) -> bool:
    return bool(places) and places[0] >= 0 and places[-1] <= len(source.text)


def _all_fixes(report: Report) -> Iterator[str]:
    """All of them, the safe ones and the others: it comes to rest, and what parsed still does."""
    # Each run of fixes goes so many rounds, and some rounds mend one finding alone.
    runs = 3 + len(report.diagnostics) // ROUNDS
    for unsafe in (False, True):
        every = allows(unsafe, frozenset(all_rules()))
        source = report.source
        for _ in range(runs):
            done = fixed(source, _found(source), _found, every)
            if _unread(done.source) > _unread(report.source):
                yield f"it does not parse after all fixes\n{done.source.text}"
            if done.source.text == source.text:
                break
            source = done.source
        else:
            yield f"fixes (unsafe: {unsafe}) do not come to rest\n{source.text}"


def _found(source: Source) -> Sequence[Diagnostic]:
    return check(source, PEDANTIC).diagnostics


def _editor(report: Report, before: str) -> Iterator[str]:
    source, context = report.source, report.context
    outline(context), symbols(source), lenses(report, True)
    tuple(hints(context, Span(0, len(source.text))))
    for offset in _offsets(report):
        shown = hover(report, offset)
        if shown is not None and not shown.span.start <= offset <= shown.span.end:
            yield f"hover: what is shown at {offset} is of {tuple(shown.span)}"
        complete(source, offset), definitions(context, offset), references(context, offset)
        with contextlib.suppress(NoRename):
            renamed(context, offset)
        for fix in refactors(context, Span(offset, offset)):
            yield from _edits(source, "refactoring", fix)
    if before and not source.is_notebook:
        known = check(Source(source.path, before), PEDANTIC)
        legible(source, before, report.diagnostics), carried(known, source)


def _offsets(report: Report) -> list[int]:
    """Where findings and the names of sites stand, and some places besides."""
    size = len(report.source.text)
    places = [each.span.start + 1 for each in report.diagnostics]
    for function in report.module.functions.values():
        places += [site.span.start for site in function.sites]
    places = sorted(set(places) | {0, size})
    step = max(1, len(places) // _PLACES)
    return [min(each, size) for each in places[::step]]


def _formats(report: Report) -> Iterator[str]:
    outcome = formats.Outcome([report], 0.0, "", "verbose", Severity.WARNING)
    for name in formats.FORMATS:
        if name not in ("html",):
            to = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
            formats.write(outcome, name, to)
    yield from ()


def _cache(report: Report) -> Iterator[str]:
    """What is kept between runs tells the same."""
    wants = Wants(fixes=len(report.diagnostics) < _MANY)
    try:
        data = pack(reduced(report, wants), Notes())
    except RecursionError:  # it is then not kept
        return
    again, _ = unpack(data, report.source)
    if [(e.rule, e.span, e.message) for e in again.diagnostics] != [
        (e.rule, e.span, e.message) for e in report.diagnostics
    ]:
        yield "what is kept of a report tells something else"
