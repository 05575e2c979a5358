"""Many fixes at once, as edits of the text as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from numpyro_lint.diagnostic import Applicability, Diagnostic, Edit, Fix
from numpyro_lint.editor.broken import unchanged
from numpyro_lint.fix import Allows, Reader, allows, fixed
from numpyro_lint.text import Source, Span


def fix_all(source: Source, found: Sequence[Diagnostic], read: Reader) -> Fix | None:
    """All safe fixes, each where it holds; None where there is none."""
    return _all("Fix all that is safe to fix", source, found, read, allows(unsafe=False))


def fix_rule(source: Source, found: Sequence[Diagnostic], read: Reader, rule: str) -> Fix | None:
    """The fixes of all findings of a rule; None where less than two of them hold."""
    own = [each for each in found if each.rule == rule]
    if sum(each.fix is not None or each.rewrite is not None for each in own) < 2:
        return None
    return _all(f"Fix all {rule}", source, found, read, lambda each, fix: each.rule == rule, 2)


def _all(
    title: str,
    source: Source,
    found: Sequence[Diagnostic],
    read: Reader,
    allowed: Allows,
    least: int = 1,
) -> Fix | None:
    result = fixed(source, found, read, allowed)
    if len(result.mended) < least:
        return None
    return Fix(title, tuple(_edits(source, result.source)), Applicability.UNSAFE)


def _edits(old: Source, new: Source) -> Iterator[Edit]:
    """What makes one text of another, cell by cell in a notebook."""
    if not old.cells:
        yield from _differing(old.text, new.text, 0)
    for before, after in zip(old.cells, new.cells, strict=True):
        # The end of its last line is not the cell's own.
        texts = (each.slice(cell.span) for each, cell in ((old, before), (new, after)))
        first, second = (text.removesuffix("\n") for text in texts)
        yield from _differing(first, second, before.span.start)


def _differing(old: str, new: str, base: int) -> Iterator[Edit]:
    head, tail = unchanged(old, new)
    before = old[head : len(old) - tail].splitlines(keepends=True)
    after = new[head : len(new) - tail].splitlines(keepends=True)
    starts = [base + head]
    for line in before:
        starts.append(starts[-1] + len(line))
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Edit(Span(starts[a], starts[b]), "".join(after[c:d]))
