"""What differs between two texts of a file, as a unified diff: cell by cell in notebooks."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.text import Source


def differences(old: Source, new: Source) -> Iterator[str]:
    """The lines of the diff, with their line ends."""
    if not old.cells:
        yield from _unified(old.path, old.text, new.text)
    for before, after in zip(old.cells, new.cells, strict=True):
        name = f"{old.path}:cell {before.index}"
        yield from _unified(name, old.slice(before.span), new.slice(after.span))


def _unified(name: str, old: str, new: str) -> Iterator[str]:
    import difflib

    lines = difflib.unified_diff(_lines(old), _lines(new), name, name)
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
