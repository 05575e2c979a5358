"""A comment that sets a finding aside, where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.diagnostic import Applicability, Diagnostic, Edit, Fix
from numpyro_lint.editor.texts import changed
from numpyro_lint.model.program import Module
from numpyro_lint.record import replace
from numpyro_lint.rewrite import applied
from numpyro_lint.rewrite.edits import newline_of
from numpyro_lint.suppress import apply, names_in
from numpyro_lint.syntax.comments import comments
from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import ELSEWHERE, Source, Span

# What is wrong with the file itself, or with its comments, is never set aside.
_NEVER = ("invalid-syntax", "internal-error", "invalid-comment", "unknown-rule")


def ignored(module: Module, finding: Diagnostic) -> Fix | None:
    """The comment that has a finding ignored: in one that is there, at the end of its line, above.

    None where none of these sets it aside.
    """
    if finding.rule in _NEVER or finding.span.start >= ELSEWHERE:
        return None
    for edit in _attempts(module, finding):
        if _holds(module.source, edit, finding):
            return Fix(f"Ignore {finding.rule} here", (edit,), Applicability.UNSAFE)
    return None


def _holds(source: Source, edit: Edit, finding: Diagnostic) -> bool:
    """Whether the text with a comment is Python, and the comment sets the finding aside there."""
    new = changed(source, applied(source.text, (edit,)), edit.span.start)
    tree = parse(new)
    if len(tree.unreadable) > len(parse(source).unreadable):
        return False
    shift = len(edit.text) if edit.span.start <= finding.span.start else 0
    moved = replace(finding, span=Span(finding.span.start + shift, finding.span.end + shift))
    return not apply(Module(new, {}, comments=tuple(comments(new, tree))), [moved])[0]


def _attempts(module: Module, finding: Diagnostic) -> Iterator[Edit]:
    source = module.source
    first = source.line(finding.span.start)
    for comment in module.comments:
        names = names_in(source, comment)
        if comment.first <= first <= comment.last and names and comment.word == "ignore":
            end = names[-1].span.end
            yield Edit(Span(end, end), f", {finding.rule}")
    said = f"# numpyro-lint: ignore[{finding.rule}]"
    last = source.line(max(finding.span.start, finding.span.end - 1))
    for line in dict.fromkeys((first, last)):
        end = source.line_starts[line - 1] + len(source.line_text(line))
        yield Edit(Span(end, end), f"  {said}")
    start = source.line_starts[first - 1]
    text = source.line_text(first)
    indent = text[: len(text) - len(text.lstrip())]
    yield Edit(Span(start, start), f"{indent}{said}{newline_of(source.text)}")
