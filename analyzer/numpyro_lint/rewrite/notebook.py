"""The JSON of a notebook with the text of some cells changed, and every other byte as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_decode = json.JSONDecoder().raw_decode
_SPACE = re.compile(r"[ \t\r\n]*")

# A value of the JSON, and where it is written.
_Placed = tuple[Any, int, int]


def with_cells(content: str, texts: Mapping[int, str]) -> str:
    """`content` with the sources of these cells, by their index among all cells.

    A source stays a string or a list of lines, as it was; lines that are as before keep their
    spelling. Raises ValueError where the content is no notebook.
    """
    cells = _member(content, _after_space(content, 0), "cells")
    parts: list[str] = []
    end = 0
    for index, (_, start, _) in enumerate(_items(content, cells[1])):
        if index in texts:
            source = _member(content, start, "source")
            parts += [content[end : source[1]], _written(content, source, texts[index])]
            end = source[2]
    return "".join([*parts, content[end:]])


def literals(content: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """Where the sources of code cells are written: the index of a cell, and the start and end of
    a string literal of its source, without the quotes.

    Raises ValueError where the content is no notebook.
    """
    cells = _member(content, _after_space(content, 0), "cells")
    for index, (cell, start, _) in enumerate(_items(content, cells[1])):
        if cell["cell_type"] != "code":
            continue
        source = _member(content, start, "source")
        parts = [source] if isinstance(source[0], str) else _items(content, source[1])
        yield from ((index, (first + 1, last - 1)) for _, first, last in parts)


def _after_space(content: str, at: int) -> int:
    found = _SPACE.match(content, at)
    return found.end() if found else at


def _member(content: str, at: int, name: str) -> _Placed:
    """The value of a name in the object at `at`: of several, the last, as JSON has it."""
    found = [placed for key, placed in _members(content, at) if key == name]
    if not found:
        raise ValueError(f"no {name} in the notebook")
    return found[-1]


def _members(content: str, at: int) -> Iterator[tuple[str, _Placed]]:
    at = _after_space(content, at + 1)
    while content[at] != "}":
        key, at = _decode(content, at)
        start = _after_space(content, _after_space(content, at) + 1)
        value, end = _decode(content, start)
        yield key, (value, start, end)
        at = _after_space(content, end)
        if content[at] == ",":
            at = _after_space(content, at + 1)


def _items(content: str, at: int) -> Iterator[_Placed]:
    at = _after_space(content, at + 1)
    while content[at] != "]":
        value, end = _decode(content, at)
        yield value, at, end
        at = _after_space(content, end)
        if content[at] == ",":
            at = _after_space(content, at + 1)


def _written(content: str, source: _Placed, new: str) -> str:
    value, start, end = source
    if isinstance(value, str):
        return _dumped(content, new)
    items = list(_items(content, start))
    lines = _lines(new, "".join(value).splitlines(keepends=True) == value)
    if not items:
        return "[" + ", ".join(_dumped(content, line) for line in lines) + "]"
    head = next(
        (n for n, pair in enumerate(zip(value, lines, strict=False)) if pair[0] != pair[1]), -1
    )
    head = min(len(value), len(lines)) if head < 0 else head
    least = min(len(value), len(lines)) - head
    tail = next((n for n in range(least) if value[-1 - n] != lines[-1 - n]), least)
    kept = [content[first:last] for _, first, last in items]
    middle = [_dumped(content, line) for line in lines[head : len(lines) - tail]]
    opening = content[start : items[0][1]]
    between = content[items[0][2] : items[1][1]] if len(items) > 1 else "," + opening[1:]
    written = between.join([*kept[:head], *middle, *kept[len(kept) - tail :]])
    return opening + written + content[items[-1][2] : end]


def _lines(text: str, as_python: bool) -> list[str]:
    """The lines of a source, split as those were that it had."""
    return text.splitlines(keepends=True) if as_python else re.findall(r"[^\n]*\n|[^\n]+", text)


def _dumped(content: str, text: str) -> str:
    """A string as the file writes strings: with what is not ASCII, or with escapes for it."""
    return json.dumps(text, ensure_ascii=content.isascii())
