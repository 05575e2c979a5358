"""What to change in made-up arguments, judged by the exception that they led to."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any

from ..protocol import Guess
from .failure import text_of
from .frames import position_of_frame
from .makeup import Made, Makeup, Path, State, leaves
from .trace import is_tracer_error

_SHAPE = re.compile(r"[(\[]((?:\d+, ?)*\d+,?)[)\]]")
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.]*\d*\.)")
_UNPACKED = re.compile(r"values to unpack \(expected (?:at least )?(\d+)")
_RANKS = re.compile(
    r"index|indices|axis|axes|out of range|dimension|ndim|core dim|reinterpreted_batch_ndims"
    r"|subscript|permutation|square|at least|scalar",
    re.IGNORECASE,
)
_INVALID = re.compile(r"(\w*) distribution got invalid (\w+) parameter")
_MOST_PAIRS = 4

# Which guess an exception asks for.
_ASKED: tuple[tuple[re.Pattern[str], Callable[[Guess], bool]], ...] = (
    (re.compile(r"not callable"), lambda guess: "lambda" in guess.detail),
    (re.compile(r"Invalid type for 'fn'"), lambda guess: "Normal" in guess.detail),
    (re.compile(r"attribute '(items|keys|values|get)'"), lambda guess: guess.kind == "items"),
    (re.compile(r"PRNG|key_data|\bkey\b.*seed"), lambda guess: "PRNGKey" in guess.detail),
    (
        re.compile(
            r"1D sequences|integer scalar arrays|must be scalar|as an integer|truth value"
            r"|size.*integer"
        ),
        lambda guess: guess.kind in ("size", "literal"),
    ),
    (
        re.compile(r"integer or boolean type|must be of integer|valid indices|integer dtype"),
        lambda guess: guess.kind == "array" and guess.detail == "index",
    ),
    (
        re.compile(r"has no len|not subscriptable|not iterable|attribute '(shape|ndim|T|astype)'"),
        lambda guess: guess.kind == "array",
    ),
)


@dataclass(frozen=True)
class Site:
    """Where in the file an exception was: the frame, and the names that its expression mentions."""

    frame: FrameType
    names: frozenset[str]


class Names:
    """The names of a file by where they stand."""

    def __init__(self, tree: ast.AST) -> None:
        self._names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]

    def within(self, start: tuple[int, int], end: tuple[int, int]) -> frozenset[str]:
        return frozenset(
            node.id for node in self._names if start <= (node.lineno, node.col_offset) < end
        )


def places(traceback: TracebackType | None, own: str, names: Names) -> list[Site]:
    """The frames of the file that an exception has passed, the innermost first."""
    found: list[Site] = []
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == own:
            at = position_of_frame(traceback)
            end = (at.end_line, at.end_column) if at.end_column else (at.line + 1, 0)
            mentioned = names.within((at.line, at.column), end)
            found.insert(0, Site(traceback.tb_frame, mentioned))
        traceback = traceback.tb_next
    return found


def focus(sites: Iterable[Site], state: State, made: Mapping[Path, Made]) -> list[Path]:
    """The parameters that an exception is about, the likeliest first.

    Those that its expression mentions, as they are, as a number, or by a dim of what was computed.
    """
    by_id = {id(value): path for path, value in leaves(made)}
    found: list[Path] = []
    derived: list[Path] = []
    for site in sites:
        for name in sorted(site.names.intersection(site.frame.f_locals)):
            value = site.frame.f_locals[name]
            path = None if isinstance(value, (int, float)) else by_id.get(id(value))
            if path is not None:
                found += [*_below(path, state), path]
            for size in _sizes_of(value):
                derived += state.owners(size)
            for path in [path for path in state.choices if path[-1] == name]:
                found += [path, *_below(path, state)]
    return list(dict.fromkeys([*found, *derived]))


def _below(path: Path, state: State) -> list[Path]:
    return [other for other in state.choices if other[: len(path)] == path and other != path]


def _sizes_of(value: Any) -> tuple[int, ...]:
    if isinstance(value, int):
        return (value,)
    try:
        shape = value.shape
    except Exception:
        # It has none, or is of a class of the user's that may raise anything.
        return ()
    return tuple(each for each in shape if isinstance(each, int)) if type(shape) is tuple else ()


def pairs(message: str) -> list[tuple[int, int]]:
    """The sizes that a message complains of not being the same, the likeliest first."""
    shapes = [
        tuple(int(each) for each in text.replace(",", " ").split())
        for text in _SHAPE.findall(message)
    ]
    found = [
        (a, b)
        for number, first in enumerate(shapes)
        for second in shapes[number + 1 :]
        for a, b in zip(reversed(first), reversed(second), strict=False)
    ]
    numbers = [int(each) for each in _NUMBER.findall(message)]
    found += list(itertools.pairwise(numbers))
    kept = [(a, b) for a, b in found if a != b and a > 1 and b > 1]
    return list(dict.fromkeys(kept))


def moves(makeup: Makeup, state: State, error: BaseException, about: list[Path]) -> Iterator[State]:
    """What to try after an exception, the likeliest first."""
    message = text_of(error)
    everything = list(dict.fromkeys([*about, *state.choices]))
    if is_tracer_error(error) or "attribute 'at'" in message:
        yield State(state.choices, not state.as_jax)
    yield from _resized(state, message)
    if isinstance(error, AssertionError):
        yield from _ranked(makeup, state, about)
        yield from _paired(state, about)
    if unpacked := _UNPACKED.search(message):
        yield from _unpacked(makeup, state, int(unpacked[1]), about or everything)
    for pattern, wanted in _ASKED:
        if pattern.search(message):
            yield from _guessed(makeup, state, about or everything, wanted)
    if invalid := _INVALID.search(message):
        yield from _filled(makeup, state, about or everything, *invalid.groups())
    if "None" in message:
        none = [path for path in everything if state.choices[path].guess.kind == "absent"]
        yield from _next(makeup, state, none, 2)
    if _RANKS.search(message) or _SHAPE.search(message):
        yield from _ranked(makeup, state, about)
    yield from _next(makeup, state, about, 3)
    yield from _paired(state, about)
    yield from _ranked(makeup, state, about)
    yield from _next(makeup, state, everything, 6)


def _resized(state: State, message: str) -> Iterator[State]:
    own = set(state.sizes())
    for a, b in pairs(message)[:_MOST_PAIRS]:
        if a in own:
            yield state.resized(a, b)
        elif b in own:
            yield state.resized(b, a)


def _unpacked(makeup: Makeup, state: State, count: int, about: list[Path]) -> Iterator[State]:
    for path in about:
        choice = state.choices[path]
        ranked = makeup.ranked(state, path, count)
        if ranked is not None:
            yield ranked
        if choice.guess.kind == "array" and choice.sizes:
            yield state.resized(choice.sizes[0], count)


def _guessed(
    makeup: Makeup, state: State, about: list[Path], wanted: Callable[[Guess], bool]
) -> Iterator[State]:
    """Another guess of the wanted kind for one of these parameters."""
    for path in about:
        parameter = makeup.parameter(path, state)
        for guess in makeup.guesses_of(path, parameter) if parameter else ():
            if wanted(guess) and guess != state.choices[path].guess:
                yield makeup.chosen(state, path, guess)


def _filled(
    makeup: Makeup, state: State, about: list[Path], family: str, argument: str
) -> Iterator[State]:
    """Elements that the argument of a distribution may have."""
    kinds = ["positive", "unit", "count", "real"]
    if argument == "probs":
        kinds = ["simplex", "unit"] if re.match("Categorical|Multinomial", family) else ["unit"]
    elif argument in ("covariance_matrix", "precision_matrix", "scale_tril"):
        kinds = ["matrix"]
    for elements in kinds:
        for path in about:
            filled = makeup.filled(state, path, elements)
            if filled is not None:
                yield filled


def _next(makeup: Makeup, state: State, about: list[Path], most: int) -> Iterator[State]:
    """The next guesses for one of these parameters, then those after these."""
    for step in range(1, most + 1):
        for path in about:
            parameter = makeup.parameter(path, state)
            guesses = makeup.guesses_of(path, parameter) if parameter else ()
            now = state.choices[path].guess
            place = guesses.index(now) + step if now in guesses else step
            if place < len(guesses):
                yield makeup.chosen(state, path, guesses[place])


def _ranked(makeup: Makeup, state: State, about: list[Path]) -> Iterator[State]:
    for step in (1, -1):
        for path in about:
            ranked = makeup.ranked(state, path, len(state.choices[path].sizes) + step)
            if ranked is not None:
                yield ranked


def _paired(state: State, about: list[Path]) -> Iterator[State]:
    """Sizes of these parameters made the same as others'."""
    own = sorted({size for path in about for size in state.choices[path].sizes})
    for size in own:
        for other in state.sizes():
            if other != size:
                yield state.resized(size, other)
