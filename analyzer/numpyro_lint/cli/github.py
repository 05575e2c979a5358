"""`--output-format github`: workflow commands, which GitHub shows as annotations of a change.

As https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands has them.
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.cli.formats import Outcome
from numpyro_lint.cli.places import Files, relative
from numpyro_lint.diagnostic import Diagnostic, Severity
from numpyro_lint.text import Source, where_of

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
    Severity.HINT: "notice",
}
# The percent sign first: the others bring new ones.
_IN_MESSAGES = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_IN_PROPERTIES = (*_IN_MESSAGES, (":", "%3A"), (",", "%2C"))


def render(outcome: Outcome) -> str:
    """A command for each finding."""
    files = Files(outcome.given)
    return "\n".join(
        _command(each, report.source, files)
        for report in outcome.reports
        for each in report.diagnostics
    )


def _command(each: Diagnostic, source: Source, files: Files) -> str:
    properties = {
        "file": relative(source.home(each.span.start).source.path),
        **_lines(each, source, files),
        "title": f"numpyro-lint: {each.rule}",
    }
    told = ",".join(f"{key}={_escaped(str(v), _IN_PROPERTIES)}" for key, v in properties.items())
    message = "\n".join((each.message, *_cell(each, source)))
    return f"::{_COMMANDS[each.severity]} {told}::{_escaped(message, _IN_MESSAGES)}"


def _lines(each: Diagnostic, source: Source, files: Files) -> dict[str, int]:
    """The lines of the annotation, none where they are not known: it is about the file then."""
    where = files.location(source, each.span)
    if where is None:
        return {}
    lines = {"line": where.line, "endLine": where.end_line}
    if where.line != where.end_line:
        return lines  # GitHub refuses columns then
    return {**lines, "col": where.column, "endColumn": where.end_column}


def _cell(each: Diagnostic, source: Source) -> Iterator[str]:
    """Where to look for the finding in a notebook, as people see one."""
    where = source.location(each.span)
    if where.cell is not None:
        yield f"({where_of(where)})"


def _escaped(text: str, replacements: tuple[tuple[str, str], ...]) -> str:
    for character, escape in replacements:
        text = text.replace(character, escape)
    return text
