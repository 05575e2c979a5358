"""What a program makes of a value, element by element, read off it once it is staged.

From the value on, the steps are followed that multiply, divide, move or reshape it, as long as each
alone uses what the one before has left. So all that the program knows of the value it knows by what
is reached, and that is `loc + scale * value` of each element, however both are computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from jax.extend.core import ClosedJaxpr, jaxpr_as_fun

from .depends import reached

try:
    from jax.extend.core import Literal
except ImportError:
    from jax.core import Literal  # type: ignore[no-redef,attr-defined,unused-ignore]

_SCALES, _MOVES = frozenset({"div", "mul"}), frozenset({"add", "add_any", "sub"})
_SHAPES = frozenset(
    {"broadcast_in_dim", "convert_element_type", "copy", "expand_dims", "neg", "reshape", "squeeze"}
)


@dataclass(frozen=True)
class Step:
    """One step from a value: `left` has what it leaves, `others` are its other operands."""

    eqn: Any
    left: Any
    others: tuple[Any, ...]

    @property
    def moves(self) -> bool:
        """Whether something is added, and no more."""
        return self.eqn.primitive.name in _MOVES

    @property
    def scales(self) -> bool:
        return self.eqn.primitive.name in _SCALES


@dataclass(frozen=True)
class Affine:
    """`loc + scale * value` of each element of an input: how a program comes to `var` from it.

    `needs` are the other inputs that come into it, `scales` those that do into the scale, and
    `steps` are how many there are.
    """

    staged: Staged
    name: str
    needs: frozenset[str]
    scales: frozenset[str]
    steps: int
    var: Any

    def at(self, values: Mapping[str, Any]) -> tuple[Any, Any]:
        """The location and the scale, in the shape of the value, by the values of what it needs."""
        own = self.staged.shapes[self.name]

        def made(value: Any) -> Any:
            return self.staged.computed(self.var, {**values, self.name: value}).reshape(own.shape)

        return affine(made, own)


def affine(function: Callable[[Any], Any], like: Any) -> tuple[Any, Any]:
    """`loc` and `scale` of a function that is `loc + scale * value` of each element."""
    shape = like.shape, like.dtype
    loc, scale = jax.jvp(function, (jnp.zeros(*shape),), (jnp.ones(*shape),))
    return loc, scale


class Staged:
    """A function of some named arrays, as a program: the first of the arrays that it gives is its
    result, and the others are what has a name on the way.

    `shapes` has something of the shape and the type of each input.
    """

    def __init__(
        self, function: Callable[[dict[str, Any]], list[Any]], shapes: Mapping[str, Any]
    ) -> None:
        self.shapes = dict(shapes)

        def flat(*values: Any) -> Any:
            return function(dict(zip(self.shapes, values, strict=True)))

        self._closed = jax.make_jaxpr(flat)(*self.shapes.values())
        self.jaxpr = self._closed.jaxpr
        self.result, *self._named = self.jaxpr.outvars
        self._inputs = dict(zip(self.shapes, self.jaxpr.invars, strict=True))
        marks = [frozenset({n}) for n in range(len(self.shapes))]
        self._reached = reached(self.jaxpr, marks)
        self._from = {out: eqn for eqn in self.jaxpr.eqns for out in eqn.outvars}

    def whole(self, name: str) -> Affine | None:
        """How the result is made of an input, if it is so element by element."""
        return self._to(name, self.result)

    def named(self, name: str) -> Affine | None:
        """How something that has a name is made of an input: of several, what takes the fewest
        steps that scale it by others; or by anything, where none of the inputs does."""
        found = [each for out in self._named if (each := self._to(name, out))]
        scaled = [each for each in found if each.scales] or found
        return min(scaled, key=lambda each: each.steps, default=None)

    def _to(self, name: str, out: Any) -> Affine | None:
        found = path(self.jaxpr, self._inputs[name], [out])
        return self.affine(name, found) if found and found[-1].left is out else None

    def product(self, name: str) -> Affine | None:
        """How an input is scaled by others before it comes into anything else, and moved then by
        single numbers, made of the inputs before it."""
        found, end = self.path(name), 0
        for number, step in enumerate(found, start=1):
            if step.scales and self.inputs(step.others):
                end = number
            elif step.moves and end:
                (by,) = step.others
                if not self._is_one(by) or not self.inputs([by]) <= self.before(name):
                    break
                end = number
        return self.affine(name, found[:end]) if end else None

    def before(self, name: str) -> frozenset[str]:
        """The inputs before one."""
        names = list(self.shapes)
        return frozenset(names[: names.index(name)])

    def path(self, name: str) -> list[Step]:
        """The steps from an input, while each element is alone and nothing else uses it."""
        return path(self.jaxpr, self._inputs[name], [self.result])

    def last(self, name: str) -> Any:
        """What these steps lead to."""
        found = self.path(name)
        return found[-1].left if found else self._inputs[name]

    def computed(self, atom: Any, values: Mapping[str, Any]) -> Any:
        """A value on the way, by those of the inputs; those that have none are naught."""
        if isinstance(atom, Literal):
            return atom.val
        # As many results as it has: JAX before 0.5 does not make another program of it.
        results = [atom] * len(self.jaxpr.outvars)
        jaxpr = self.jaxpr.replace(eqns=live(self.jaxpr, [atom]), outvars=results)
        given = [
            jnp.asarray(values.get(name, jnp.zeros(each.shape)), each.dtype)
            for name, each in self.shapes.items()
        ]
        return jaxpr_as_fun(ClosedJaxpr(jaxpr, self._closed.consts))(*given)[0]

    def affine(self, name: str, steps: Sequence[Step]) -> Affine:
        last = steps[-1].left
        scales = self.inputs([each for step in steps if step.scales for each in step.others])
        return Affine(self, name, self.inputs([last]) - {name}, scales, len(steps), last)

    def inputs(self, atoms: Iterable[Any]) -> frozenset[str]:
        """The inputs that some values were computed from."""
        names, none = list(self.shapes), frozenset[int]()
        marks = [self._reached.get(each, none) for each in atoms if not isinstance(each, Literal)]
        return frozenset(names[n] for n in none.union(*marks))

    def _is_one(self, atom: Any) -> bool:
        """Whether a value is one number for all elements."""
        while not isinstance(atom, Literal) and _size(atom) > 1:
            eqn = self._from.get(atom)
            if eqn is None or eqn.primitive.name not in _SHAPES:
                return False
            atom = eqn.invars[0]
        return True


def path(jaxpr: Any, value: Any, results: Sequence[Any]) -> list[Step]:
    """The steps from a value towards some results, while each element is alone and nothing else
    uses it."""
    found: list[Step] = []
    used = users(jaxpr, results)
    while not any(value is each for each in results) and len(used.get(value, ())) == 1:
        (eqn,) = used[value]
        if not _is_each(eqn, value):
            break
        others = tuple(each for each in eqn.invars if each is not value)
        value = eqn.outvars[0]
        found.append(Step(eqn, value, others))
    return found


def users(jaxpr: Any, results: Sequence[Any]) -> dict[Any, list[Any]]:
    """The equations that each value comes into on the way to some results: as often as it does."""
    found: dict[Any, list[Any]] = {}
    for eqn in live(jaxpr, results):
        for each in eqn.invars:
            if not isinstance(each, Literal):
                found.setdefault(each, []).append(eqn)
    return found


def _is_each(eqn: Any, value: Any) -> bool:
    """Whether a step scales or moves each element of a value alone."""
    name = eqn.primitive.name
    if len(eqn.outvars) != 1 or _size(eqn.outvars[0]) != _size(value):
        return False
    if not jnp.issubdtype(eqn.outvars[0].aval.dtype, jnp.floating):
        return False
    return name in _SHAPES | _MOVES or name == "mul" or (name == "div" and eqn.invars[0] is value)


def live(jaxpr: Any, wanted: Sequence[Any]) -> list[Any]:
    """The equations that some values are computed by."""
    needed = {each for each in wanted if not isinstance(each, Literal)}
    found = []
    for eqn in reversed(jaxpr.eqns):
        if needed.intersection(eqn.outvars):
            needed.update(each for each in eqn.invars if not isinstance(each, Literal))
            found.append(eqn)
    return found[::-1]


def _size(var: Any) -> int:
    return math.prod(var.aval.shape)
