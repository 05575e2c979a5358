"""`--fix` and `--diff`: what fixes make of the texts of a run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

from numpyro_lint.check import Report, filtered
from numpyro_lint.cli.differences import differences
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Diagnostic, fix_of
from numpyro_lint.fix import Fixed, allows, fixed
from numpyro_lint.record import record
from numpyro_lint.text import Source

Read = Callable[[Source], Report]


@record
class Mended:
    """A text before and after its fixes, with the reports of both.

    `left`: how many findings the unsafe fixes might mend, where only the safe ones are allowed;
    `unnamed`: the rules whose unsafe fixes are left for being less than a warning.
    """

    before: Report
    after: Report
    fixed: Fixed
    left: int
    unnamed: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        return self.before.source.text != self.after.source.text


def mend(
    reports: Sequence[Report], read: Read, settings: Settings, options: argparse.Namespace
) -> list[Mended]:
    """Applies the fixes that the options allow; `read` analyses a new text. Writes nothing."""
    named = frozenset((*settings.select, *settings.extend_select))
    allowed, others = allows(options.unsafe_fixes, named), allows(True, named)

    def one(report: Report) -> Mended:
        known = {report.source.text: report}

        def found(source: Source) -> Sequence[Diagnostic]:
            if source.text not in known:
                known[source.text] = read(source)
            return filtered(known[source.text], settings.min_severity).diagnostics

        result = fixed(report.source, found(report.source), found, allowed)
        after = known[result.source.text]
        shown = filtered(after, settings.min_severity).diagnostics
        remaining = [(each, fix) for each in shown if (fix := fix_of(each)) is not None]
        if not options.unsafe_fixes:
            return Mended(report, after, result, sum(others(*pair) for pair in remaining))
        refused = {each.rule for each in result.refused}
        unnamed = {e.rule for e, fix in remaining if not allowed(e, fix)} - refused
        return Mended(report, after, result, 0, tuple(sorted(unnamed)))

    return [one(report) for report in reports]


def written(mended: Sequence[Mended], options: argparse.Namespace) -> list[str]:
    """Writes the changed files, standard input to standard output.

    Gives a line for each that cannot be written.
    """
    from numpyro_lint.cli.save import rewritten, save

    failed = []
    for number, each in enumerate(mended):
        old, new = each.before.source, each.after.source
        try:
            if number == 0 and "-" in options.paths:
                data: bytes = options.standard_input
                sys.stdout.buffer.write(rewritten(data, old, new) if each.is_changed else data)
                sys.stdout.buffer.flush()
            elif each.is_changed:
                save(old, new)
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else error
            failed.append(f"{old.path}: not written: {said}")
    return failed


def summary(mended: Sequence[Mended], done: str) -> Iterator[str]:
    """What was mended, what was not and why; `done` is "Fixed" or "Would fix"."""
    count = sum(len(each.fixed.mended) for each in mended)
    files = sum(each.is_changed for each in mended)
    said = f" in {files} file{'s' if files != 1 else ''}" if count else ""
    yield f"{done} {count} finding{'s' if count != 1 else ''}{said}."
    for each in mended:
        for refused in each.fixed.refused:
            place = _place(each.after.source, refused)
            yield f"Not fixed: {place}: its fix would leave it, or bring another finding."
    left = sum(each.left for each in mended)
    if left:
        yield f"{left} more with --unsafe-fixes, which change what a model does or is called."
    for rule in sorted({rule for each in mended for rule in each.unnamed}):
        yield f"What {rule} found is less than a warning: --extend-select {rule} has it mended too."


def _place(source: Source, finding: Diagnostic) -> str:
    site = f" '{finding.site}'" if finding.site else ""
    return f"{source.path}: {finding.rule}{site}"


def diff(mended: Sequence[Mended]) -> str:
    """The changes of all texts as unified diffs."""
    return "".join(
        line
        for each in mended
        if each.is_changed
        for line in differences(each.before.source, each.after.source)
    )
