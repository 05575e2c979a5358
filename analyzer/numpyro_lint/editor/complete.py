"""The names of sites that a string may be about to mean, in text that is being written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.editor.texts import changed
from numpyro_lint.facts.api import ACTS_ON
from numpyro_lint.model.given import named, useful
from numpyro_lint.model.keys import keys_of
from numpyro_lint.model.lift import lift
from numpyro_lint.model.project import Project
from numpyro_lint.questions import met_handlers
from numpyro_lint.record import record
from numpyro_lint.text import Source, Span, concerns_us

# Stands for the name that is being written.
_MARK = "numpyro_lint_here"
_OPEN = {"(": ")", "[": "]", "{": "}"}
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>(?P<quote>\"\"\"|'''|"|')(?:\\.|(?!(?P=quote)).)*(?P=quote))
      | (?P<bracket>[()\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
# No further back than this is looked for the statement that is being written.
_FARTHEST = 20_000


@record
class Completion:
    """Names for a string, and the place of what is in its quotes: `details` say what each is of."""

    span: Span
    names: tuple[str, ...]
    details: tuple[str, ...]


def complete(source: Source, offset: int, project: Project | None = None) -> Completion | None:
    """The names of sites for the string at an offset; None where it is about no site."""
    string = _string_at(source, offset) if concerns_us(source.text) else None
    if string is None:
        return None
    span, quote = string
    for text in _attempts(source, span, quote):
        context = Context(lift(changed(source, text, offset), project=project))
        names = _names(context)
        if names is not None:
            return Completion(span, names, tuple(_details(context, names)))
    return None


def _string_at(source: Source, offset: int) -> tuple[Span, str] | None:
    """What stands in the quotes around an offset, up to the end of the line, and the quote."""
    line = source.line(offset)
    start = source.line_starts[line - 1]
    text = source.line_text(line)
    at, quote = 0, ""
    for index, character in enumerate(text[: offset - start]):
        if quote and character == quote and text[index - 1] != "\\":
            quote = ""
        elif not quote and character in "\"'":
            at, quote = index + 1, character
        elif not quote and character == "#":
            return None
    if not quote:
        return None
    end = text.find(quote, offset - start)
    closed = text[at:end] if end >= 0 else ""
    # Another string may begin there, where this one is still open.
    if end < 0 or not re.fullmatch(r"[\w./ -]*", closed):
        return Span(start + at, offset), quote
    return Span(start + at, start + end), quote


def _attempts(source: Source, span: Span, quote: str) -> Iterator[str]:
    """The text with a name in the string, as it is, and with what it still lacks to be Python."""
    text = source.text
    head = f"{text[: span.start]}{_MARK}{quote}"
    rest = text[span.end :].removeprefix(quote)
    below = rest.partition("\n")[2]
    closers = _closers(text[: span.start - 1])
    yield f"{head}{rest}"
    yield f"{head}: 0{rest}"
    yield f"{head}: 0{closers}\n{below}"
    yield f"{head}{closers}\n{below}"


def _closers(text: str) -> str:
    """What closes the brackets that the last statement of a text leaves open."""
    text = text[-_FARTHEST:]
    starts = [match.start() for match in re.finditer(r"^(?=[^\s#)\]}])", text, re.MULTILINE)]
    open_: list[str] = []
    for match in _TOKEN.finditer(text, starts[-1] if starts else 0):
        bracket = match["bracket"]
        if bracket in _OPEN:
            open_.append(_OPEN[bracket])
        elif bracket and open_ and open_[-1] == bracket:
            open_.pop()
    return "".join(reversed(open_))


def _names(context: Context) -> tuple[str, ...] | None:
    """The names that the mark may stand for; None where it stands for no name of a site."""
    for entry in met_handlers(context):
        keys = [key.text for key in keys_of(entry.handler)]
        if _MARK in keys:
            kinds = ACTS_ON.get(entry.handler.kind)
            seen = (each for each in entry.seen if kinds is None or each.type in kinds)
            known = dict.fromkeys(each.name.literal for each in seen if each.name.literal)
            return tuple(name for name in known if name not in keys)
    for given in named(context.module):
        if given.key.text == _MARK:
            return useful(given, context.prediction)
    return None


def _details(context: Context, names: tuple[str, ...]) -> Iterator[str]:
    """What each of some names is of, as it is written."""
    effects = [e for model in context.models for e in model.prediction.effects]
    effects += [e for each in context.predictions.values() for e in each.effects]
    texts = {e.name.literal: " ".join((e.site.text or e.type).split()) for e in effects}
    for entry in met_handlers(context):
        for seen in entry.seen:
            texts.setdefault(seen.name.literal, " ".join((seen.site.text or seen.type).split()))
    yield from (texts.get(name, "") for name in names)
