"""`# numpyro-lint: ignore[rule] reason` and `# numpyro-lint: file-ignore[rule]`.

Comments are applied last, to the full list of findings: so it is known what came of each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from numpyro_lint.diagnostic import Diagnostic
from numpyro_lint.model.program import Module
from numpyro_lint.record import record
from numpyro_lint.syntax.comments import Comment
from numpyro_lint.text import Source, Span

# What is said of comments comes after they are judged; what went wrong within is never hidden.
_NEVER_UNUSED = "unused-suppression"
_ALWAYS_SHOWN = "internal-error"


@record
class Name:
    """A rule or a category as a comment names it."""

    text: str
    span: Span


@record
class Remark:
    """A comment to this tool, and what came of it.

    `used` are the names that set some finding aside, `here` the rules of the findings at its place
    that it left. `unused` are names of rules that have looked, and found nothing there.
    """

    comment: Comment
    names: tuple[Name, ...]
    used: frozenset[str] = frozenset()
    here: tuple[str, ...] = ()
    unused: tuple[Name, ...] = ()


def names_in(source: Source, comment: Comment) -> tuple[Name, ...]:
    """The names that an `ignore[...]` or `file-ignore[...]` lists."""
    if comment.word not in ("ignore", "file-ignore") or comment.body is None:
        return ()
    found = []
    start = comment.body.start
    for part in source.slice(comment.body).split(","):
        text = part.strip()
        if text:
            at = start + part.index(text)
            found.append(Name(text, Span(at, at + len(text))))
        start += len(part) + 1
    return tuple(found)


def apply(module: Module, found: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[Remark]]:
    """The findings that no comment sets aside, and what came of each comment."""
    source = module.source
    findings = list(found)
    lines = [
        (source.line(each.span.start), source.line(max(each.span.start, each.span.end - 1)))
        for each in findings
    ]
    silenced: set[int] = set()
    remarks: list[tuple[Comment, tuple[Name, ...], set[str], frozenset[int]]] = []
    for comment in module.comments:
        names = names_in(source, comment)
        used: set[str] = set()
        for name in names:
            met = _met(comment, lines, [_is_meant(each, name.text) for each in findings])
            silenced |= met
            if met:
                used.add(name.text)
        remarks.append((comment, names, used, _met(comment, lines, [True] * len(lines))))
    kept = [each for index, each in enumerate(findings) if index not in silenced]
    return kept, [
        Remark(comment, names, frozenset(used), _rules(findings, near - silenced))
        for comment, names, used, near in remarks
    ]


def _is_meant(finding: Diagnostic, name: str) -> bool:
    if finding.rule == _ALWAYS_SHOWN:
        return False
    return name in (finding.rule, finding.category.value, "ALL")


def _rules(findings: Sequence[Diagnostic], chosen: Set[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(findings[index].rule for index in sorted(chosen)))


def _met(
    comment: Comment, lines: Sequence[tuple[int, int]], wanted: Sequence[bool]
) -> frozenset[int]:
    """Which of the wanted findings a comment is about, by their lines.

    At the end of a line it is about what begins or ends there; where there is no such thing, about
    what stands between the lines that its own opens or closes; and else about what goes across it.
    """
    at = [index for index, is_wanted in enumerate(wanted) if is_wanted]
    if comment.word == "file-ignore":
        return frozenset(at)
    ways: tuple[Callable[[int, int], bool], ...] = (
        lambda first, last: comment.line in (first, last),
        lambda first, last: comment.first <= first <= comment.last,
        lambda first, last: first <= comment.line <= last,
    )
    for way in ways:
        met = frozenset(index for index in at if way(*lines[index]))
        if met:
            return met
    return frozenset()


def unused(
    remark: Remark, used: Set[str], meaning: Mapping[str, Set[str]], ran: Set[str]
) -> tuple[Name, ...]:
    """The names of a comment that no rule needs: all that they mean has been looked for."""
    return tuple(
        name
        for name in remark.names
        if name.text not in remark.used | used
        and name.text != _NEVER_UNUSED
        and name.text in meaning
        and meaning[name.text] <= ran
    )
