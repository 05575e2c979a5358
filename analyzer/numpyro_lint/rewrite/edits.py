"""Between a text and its changed form: the edits that lead from one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from numpyro_lint.diagnostic import Edit
from numpyro_lint.text import Span


def applied(text: str, edits: Sequence[Edit]) -> str:
    """`text` with edits made; they do not overlap and stand in order."""
    for edit in reversed(edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def edits_between(old: str, new: str) -> tuple[Edit, ...]:
    """Small edits, found by line and then trimmed by character, that make one text the other."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    ends = range(1, shorter - head + 1)
    tail = next((n - 1 for n in ends if before[-n] != after[-n]), shorter - head)
    middle, changed = before[head : len(before) - tail], after[head : len(after) - tail]
    starts = list(accumulate(map(len, before), initial=0))
    return tuple(
        _trimmed(old, starts[head + first], starts[head + last], "".join(changed[low:high]))
        for kind, first, last, low, high in SequenceMatcher(
            None, middle, changed, autojunk=False
        ).get_opcodes()
        if kind != "equal"
    )


def _trimmed(old: str, start: int, end: int, text: str) -> Edit:
    while start < end and text and old[start] == text[0]:
        start, text = start + 1, text[1:]
    while start < end and text and old[end - 1] == text[-1]:
        end, text = end - 1, text[:-1]
    return Edit(Span(start, end), text)
