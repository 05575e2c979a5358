"""Arguments made of guesses: each with its value and the expression that gives it."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist

from ..protocol import Guess, Parameter

Path = tuple[str, ...]
Made = tuple[Any, str]
ABSENT = object()
MOST_DIMS = 4
# Sizes that hardly stand in any program, so that one in an error says whose it is.
_PRIMES = (
    5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101,
    103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197,
)  # fmt: skip
_NUMBERS = {
    "real": "0.5", "positive": "1.5", "unit": "0.3", "simplex": "0.3", "count": "3",
    "boolean": "1", "index": "1", "mask": "True", "matrix": "1.5",
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A guess with the sizes of its dims; that of a `size` is the number itself."""

    guess: Guess
    sizes: tuple[int, ...] = ()

    def resized(self, old: int, new: int) -> Choice:
        return Choice(self.guess, tuple(new if size == old else size for size in self.sizes))


@dataclass(frozen=True)
class State:
    """A choice for each parameter and each part of one, by its path; `as_jax`: arrays are JAX's."""

    choices: Mapping[Path, Choice]
    as_jax: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(sorted(self.choices.items(), key=lambda item: item[0])), self.as_jax

    def sizes(self) -> list[int]:
        return sorted({size for choice in self.choices.values() for size in choice.sizes})

    def owners(self, size: int) -> list[Path]:
        return [path for path, choice in self.choices.items() if size in choice.sizes]

    def resized(self, old: int, new: int) -> State:
        choices = {path: each.resized(old, new) for path, each in self.choices.items()}
        return State(choices, self.as_jax)


class Makeup:
    """The parameters of a model and of the scopes around it, and what may be made up for them."""

    def __init__(
        self, parameters: tuple[Parameter, ...], like: Mapping[Path, Choice] | None = None
    ) -> None:
        self.parameters = {_root(each): each for each in parameters}
        self._like = like or {}
        self._primes: dict[tuple[Path, int], int] = {}

    def first(self) -> State:
        """The likeliest guesses; where a model like this one was solved, its arguments."""
        choices: dict[Path, Choice] = {}
        for path, parameter in self.parameters.items():
            self._choose(choices, path, self.guesses_of(path, parameter)[0])
        return State(choices)

    def guesses_of(self, path: Path, parameter: Parameter) -> tuple[Guess, ...]:
        like = self._like.get(path)
        return parameter.guesses if like is None else (like.guess, *parameter.guesses)

    def parameter(self, path: Path, state: State) -> Parameter | None:
        """The parameter at a path, as the choices above it have it."""
        found: Parameter | None = self.parameters.get(path[:2])
        for depth in range(2, len(path)):
            choice = state.choices.get(path[:depth])
            parts = choice.guess.parts if choice else ()
            found = next((part for part in parts if part.name == path[depth]), None)
        return found

    def chosen(self, state: State, path: Path, guess: Guess) -> State:
        """The state with another guess at a path, and first guesses for its parts."""
        below = len(path)
        kept = {other: each for other, each in state.choices.items() if other[:below] != path}
        self._choose(kept, path, guess)
        return State(kept, state.as_jax)

    def ranked(self, state: State, path: Path, rank: int) -> State | None:
        """The state with another number of dims for an array; None where it cannot have it."""
        choice = state.choices[path]
        if choice.guess.kind == "number" and rank == 1:
            return self.chosen(state, path, Guess("array", choice.guess.detail, 1))
        if choice.guess.kind != "array" or not 0 <= rank <= MOST_DIMS:
            return None
        if rank == len(choice.sizes) or (choice.guess.detail == "matrix" and rank < 2):
            return None
        sizes = choice.sizes[:rank]
        sizes += tuple(self._prime(path, place) for place in range(len(sizes), rank))
        return State({**state.choices, path: Choice(choice.guess, sizes)}, state.as_jax)

    def filled(self, state: State, path: Path, elements: str) -> State | None:
        """The state with elements of another kind in an array or a number; None where it cannot."""
        choice = state.choices[path]
        if choice.guess.kind not in ("array", "number") or choice.guess.detail == elements:
            return None
        if elements in ("matrix", "simplex") and choice.guess.kind == "number":
            return None
        if elements == "matrix":
            return self.chosen(state, path, Guess("array", elements, 2))
        guess = Guess(choice.guess.kind, elements, choice.guess.rank)
        return State({**state.choices, path: Choice(guess, choice.sizes)}, state.as_jax)

    def _choose(self, choices: dict[Path, Choice], path: Path, guess: Guess) -> None:
        like = self._like.get(path)
        if like is not None and like.guess == guess:
            sizes = like.sizes
        elif guess.kind == "size":
            sizes = (self._prime(path, 0),)
        else:
            sizes = tuple(self._prime(path, place) for place in range(guess.rank))
            if guess.detail == "matrix" and guess.kind == "array":
                sizes = (*sizes[:-1], sizes[-2])
        choices[path] = Choice(guess, sizes)
        for part in guess.parts:
            below = (*path, part.name)
            self._choose(choices, below, self.guesses_of(below, part)[0])

    def _prime(self, path: Path, place: int) -> int:
        taken = len(self._primes)
        return self._primes.setdefault((path, place), _PRIMES[taken % len(_PRIMES)])


def _root(parameter: Parameter) -> Path:
    return ("" if parameter.scope is None else str(parameter.scope), parameter.name)


class Maker:
    """Makes what a state says. `namespace` is where the classes of the file are found."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self._literals: dict[str, Any] = {}
        self._arrays: dict[tuple[Path, Choice, bool], Made] = {}

    def make(self, state: State, wanted: Mapping[Path, Parameter]) -> dict[Path, Made]:
        """The value and the expression of each parameter and each part; those left are absent."""
        made: dict[Path, Made] = {}
        for path in wanted:
            self._make(state, path, made)
        return made

    def _make(self, state: State, path: Path, made: dict[Path, Made]) -> Made:
        choice = state.choices[path]
        guess = choice.guess
        parts: dict[str, Made] = {}
        for part in guess.parts:
            found = self._make(state, (*path, part.name), made)
            if found[0] is not ABSENT:
                parts[part.name] = found
        made[path] = self._one(path, choice, parts, state.as_jax)
        return made[path]

    def _one(self, path: Path, choice: Choice, parts: Mapping[str, Made], as_jax: bool) -> Made:
        guess = choice.guess
        if guess.kind == "absent":
            return ABSENT, ""
        if guess.kind == "array":
            key = path, choice, as_jax
            if key not in self._arrays:
                self._arrays[key] = array(guess.detail, choice.sizes, as_jax)
            return self._arrays[key]
        if guess.kind == "size":
            return choice.sizes[0], str(choice.sizes[0])
        if guess.kind == "number":
            return self._literal(_NUMBERS.get(guess.detail, "1.5"))
        if guess.kind == "literal":
            return self._literal(guess.detail)
        if guess.kind == "written":
            return eval(guess.detail, dict(self._namespace)), guess.detail
        return _COMPOUND[guess.kind](guess, parts, self._namespace)

    def _literal(self, text: str) -> Made:
        if text not in self._literals:
            names = {"jax": jax, "jnp": jnp, "np": np, "numpyro": numpyro, "dist": dist}
            self._literals[text] = eval(text, names)
        return self._literals[text], text


def array(elements: str, shape: tuple[int, ...], as_jax: bool) -> Made:
    """An array of a kind of elements: `real`, `positive`, `unit`, `count`, `boolean`, `index`,
    `mask`, `simplex`, or `matrix` (the identity)."""
    size = math.prod(shape)
    library = "jnp" if as_jax else "np"
    flat: Any
    if elements == "matrix":
        flat = np.broadcast_to(np.eye(shape[-1]), (*shape[:-2], shape[-1], shape[-1]))
        text = f"{library}.eye({shape[-1]})"
        if len(shape) > 2:
            text = f"{library}.broadcast_to({text}, {flat.shape})"
        return (jnp.asarray(flat) if as_jax else flat), text
    if elements == "simplex":
        value = np.full(shape, 1.0 / shape[-1] if shape else 1.0)
        text = f"{library}.full({shape}, {1.0 / shape[-1] if shape else 1.0!r})"
        return (jnp.asarray(value) if as_jax else value), text
    flat, text = _flat(elements, size, library)
    value = flat.reshape(shape)
    if len(shape) != 1:
        text = f"({text})" if "%" in text else text
        text = f"{text}.reshape({', '.join(map(str, shape)) or '()'})"
    return (jnp.asarray(value) if as_jax else value), text


def _flat(elements: str, size: int, library: str) -> tuple[Any, str]:
    if elements == "count":
        return np.arange(1, size + 1), f"{library}.arange(1, {size + 1})"
    if elements in ("boolean", "index"):
        text = f"{library}.arange({size}) % 2"
        return np.arange(size) % 2, text
    if elements == "mask":
        return np.ones(size, bool), f"{library}.ones({size}, bool)"
    low, high = {"positive": (0.5, 1.5), "unit": (0.1, 0.9)}.get(elements, (-1.0, 1.0))
    return np.linspace(low, high, size), f"{library}.linspace({low}, {high}, {size})"


def _fields(guess: Guess, parts: Mapping[str, Made], namespace: Mapping[str, Any]) -> Made:
    value = SimpleNamespace(**{name: part[0] for name, part in parts.items()})
    return value, f"types.SimpleNamespace({_keywords(parts)})"


def _items(guess: Guess, parts: Mapping[str, Made], namespace: Mapping[str, Any]) -> Made:
    text = ", ".join(f"{name!r}: {part[1]}" for name, part in parts.items())
    return {name: part[0] for name, part in parts.items()}, f"{{{text}}}"


def _frame(guess: Guess, parts: Mapping[str, Made], namespace: Mapping[str, Any]) -> Made:
    pandas = importlib.import_module("pandas")
    value, text = _items(guess, parts, namespace)
    return pandas.DataFrame(value), f"pd.DataFrame({text})"


def _sequence(guess: Guess, parts: Mapping[str, Made], namespace: Mapping[str, Any]) -> Made:
    text = ", ".join(part[1] for part in parts.values())
    return [part[0] for part in parts.values()], f"[{text}]"


def _object(guess: Guess, parts: Mapping[str, Made], namespace: Mapping[str, Any]) -> Made:
    made = namespace[guess.detail](**{name: part[0] for name, part in parts.items()})
    return made, f"{guess.detail}({_keywords(parts)})"


def _keywords(parts: Mapping[str, Made]) -> str:
    return ", ".join(f"{name}={part[1]}" for name, part in parts.items())


_COMPOUND: Mapping[str, Callable[[Guess, Mapping[str, Made], Mapping[str, Any]], Made]] = {
    "fields": _fields,
    "items": _items,
    "frame": _frame,
    "sequence": _sequence,
    "object": _object,
}


def leaves(made: Mapping[Path, Made]) -> Iterator[tuple[Path, Any]]:
    """The paths and values that were made, the deepest first."""
    for path in sorted(made, key=len, reverse=True):
        if made[path][0] is not ABSENT:
            yield path, made[path][0]
