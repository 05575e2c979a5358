"""Programs that are nearly right: texts with a few changes, and parts of others grafted in."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Sequence

from fuzzing.pick import Pick, chance

_TOKEN = re.compile(r"\n[ \t]*|[ \t]+|\w+|\"[^\"\n]*\"|'[^'\n]*'|\W")
_SPICE = (
    "(", ")", "[", "{", "*", "**", ":", ",", "=", ":=", "@", ".", "\\\n", '"""', "#", "\t", "\f",
    "\r", "\r\n", "\0", "\ufeff", "\u2028", "\x1c", "\x85", "é", "e\u0301", "🧪", "\ud800", "ﬁ",
    "return ", "yield ", "lambda: ", "await ", "async ", "class C:\n", "def f(x):\n", "not ",
    "None", "-1", "1e999", "0777", "'%s' % x", 'f"{x', 'f"a_{i}"', "numpyro.sample", "obs=y",
    "*args", "**kw", "dim=-1", "for i in range(3)", "if x else y", "with x as y:", "global x\n",
    "# numpyro-lint: ignore[funnel]\n", "# numpyro-lint: trace(x=", "handlers.seed(model, 0)",
)  # fmt: skip
_WRAPS = ("def outer():\n", "class C:\n", "if x:\n", "for i in range(2):\n", "with numpyro:\n")
_LEAST = 3

Change = Callable[[list[str], Pick], list[str]]


def mutated(text: str, pick: Pick, others: Sequence[str] = ()) -> str:
    """A text with one to five changes."""
    for _ in range(pick((1, 1, 1, 2, 5))):
        if chance(pick, 50):
            change = pick(_OF_TOKENS)
            parts = _TOKEN.findall(text)
        else:
            change = pick(_OF_LINES)
            parts = text.splitlines(keepends=True)
        if len(parts) >= _LEAST:
            text = "".join(change(parts, pick))
    if others and chance(pick, 15):
        lines, more = text.splitlines(True), pick(others).splitlines(True)
        text = "".join(lines[: _place(lines, pick)] + more[_place(more, pick) :])
    return text


def _place(parts: Sequence[str], pick: Pick) -> int:
    return pick(range(len(parts) or 1))


def _range(parts: Sequence[str], pick: Pick) -> slice:
    start = _place(parts, pick)
    return slice(start, start + pick((1, 1, 2, 3, 5, 9)))


def _deleted(parts: list[str], pick: Pick) -> list[str]:
    del parts[_range(parts, pick)]
    return parts


def _duplicated(parts: list[str], pick: Pick) -> list[str]:
    at = _range(parts, pick)
    parts[at.stop : at.stop] = parts[at] * pick((1, 2, 30))
    return parts


def _moved(parts: list[str], pick: Pick) -> list[str]:
    at = _range(parts, pick)
    taken = parts[at]
    del parts[at]
    to = _place(parts, pick)
    parts[to:to] = taken
    return parts


def _swapped(parts: list[str], pick: Pick) -> list[str]:
    one, other = _place(parts, pick), _place(parts, pick)
    parts[one], parts[other] = parts[other], parts[one]
    return parts


def _spiced(parts: list[str], pick: Pick) -> list[str]:
    at = _place(parts, pick)
    parts[at : at + pick((0, 1))] = [pick(_SPICE)]
    return parts


def _renamed(parts: list[str], pick: Pick) -> list[str]:
    """A name or string in the place of another, everywhere."""
    words = sorted({each for each in parts if each[0].isalpha() or each[0] in "\"'"})
    if not words:
        return parts
    old, new = pick(words), pick(words)
    return [new if each == old else each for each in parts]


def _truncated(parts: list[str], pick: Pick) -> list[str]:
    return parts[: _place(parts, pick)] if chance(pick, 50) else parts[_place(parts, pick) :]


def _indented(parts: list[str], pick: Pick) -> list[str]:
    at, by = _range(parts, pick), pick(("    ", " ", "\t", "\f"))
    parts[at] = [by + each for each in parts[at]]
    return parts


def _dedented(parts: list[str], pick: Pick) -> list[str]:
    at = _range(parts, pick)
    parts[at] = [each.removeprefix("    ") for each in parts[at]]
    return parts


def _wrapped(parts: list[str], pick: Pick) -> list[str]:
    at = _place(parts, pick)
    return [*parts[:at], pick(_WRAPS), *("    " + each for each in parts[at:])]


def _ended(parts: list[str], pick: Pick) -> list[str]:
    """Other line ends, for all lines or some."""
    end, share = pick(("\r\n", "\r", "\n\n", "\\\n", "\x0b\n", "; ")), pick((100, 20))
    return [each.rstrip("\r\n") + end if chance(pick, share) else each for each in parts]


_OF_TOKENS: tuple[Change, ...] = (
    _deleted, _duplicated, _moved, _swapped, _spiced, _spiced, _renamed, _renamed,
)  # fmt: skip
_OF_LINES: tuple[Change, ...] = (
    _deleted, _duplicated, _moved, _swapped, _truncated, _indented, _dedented, _wrapped, _ended,
)  # fmt: skip


def grafted(text: str, other: str, pick: Pick) -> str:
    """A text with some of its expressions and statements in the place of those of another one.

    Empty where one of them does not parse. The result is syntax; what it means is anybody's guess.
    """
    try:
        tree, scions = ast.parse(text), _parts(ast.parse(other))
    except (SyntaxError, ValueError, RecursionError):
        return ""
    for _ in range(pick((1, 2, 4, 8))):
        _graft(tree, scions, pick)
    try:
        return ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    except (ValueError, RecursionError, AttributeError):
        return ""


_Parts = tuple[list[ast.expr], list[ast.stmt]]


def _parts(tree: ast.Module) -> _Parts:
    nodes = list(ast.walk(tree))
    loaded = [n for n in nodes if isinstance(n, ast.expr) and not isinstance(n, ast.Starred)]
    plain = [n for n in loaded if isinstance(getattr(n, "ctx", ast.Load()), ast.Load)]
    return plain or [ast.Constant(1)], [n for n in nodes if isinstance(n, ast.stmt)]


def _graft(tree: ast.Module, scions: _Parts, pick: Pick) -> None:
    parent = pick([n for n in ast.walk(tree) if any(_slots(n))] or [tree])
    slots = list(_slots(parent))
    if not slots:
        return
    field, number = pick(slots)
    value = getattr(parent, field)
    old = value if number is None else value[number]
    new = copy.deepcopy(pick(scions[0] if isinstance(old, ast.expr) else scions[1]))
    if number is None:
        setattr(parent, field, new)
    else:
        value[number] = new


def _slots(node: ast.AST) -> list[tuple[str, int | None]]:
    """Where in a node an expression or a statement may be another one."""
    found: list[tuple[str, int | None]] = []
    if isinstance(node, ast.pattern | ast.JoinedStr | ast.FormattedValue):
        return found
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.expr) and _is_free(value):
            found.append((field, None))
        elif isinstance(value, list):
            found += [
                (field, number)
                for number, each in enumerate(value)
                if isinstance(each, ast.stmt) or (isinstance(each, ast.expr) and _is_free(each))
            ]
    return found


def _is_free(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
