"""What a scan of JAX makes of a value, step by step: `phi * previous + tau * z` and the like.

The value is scanned over, perhaps scaled before, and what the scan carries on is `loc + scale *
value` of each step, where `loc` may be computed of what was carried there. So one of the steps is
known from the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jax
from jax.extend.core import jaxpr_as_fun

from .staged import Staged, affine, path, users


@dataclass(frozen=True)
class Carried:
    """How a scan carries on what it makes of an input of a program: in place `leaf` of its carry,
    of what it scans over in `place`."""

    staged: Staged
    name: str
    needs: frozenset[str]
    eqn: Any
    leaf: int
    place: int

    def at(self, values: Mapping[str, Any]) -> Steps:
        """The steps, by the values of what it needs."""
        own = self.staged.shapes[self.name]

        def operands(value: Any) -> list[Any]:
            given = {**values, self.name: value}
            return [self.staged.computed(each, given) for each in self.eqn.invars]

        before = affine(lambda value: operands(value)[self.place], own)
        return Steps(self, operands(jax.numpy.zeros(own.shape, own.dtype)), *before)


@dataclass(frozen=True)
class Steps:
    """A scan by its `operands`; what it scans over is `loc + scale * value` of each element."""

    how: Carried
    operands: list[Any]
    loc: Any
    scale: Any

    def make(self, value: Any) -> Any:
        """What is carried on, by the value."""
        return self._run(value, lambda loc, scale, each: loc + scale * each)[0]

    def unmake(self, made: Any) -> tuple[Any, Any]:
        """The value by what is carried on, and by how much each step of it scales the value."""
        value, scale = self._run(made, lambda loc, scale, each: each)[1:]
        return value, scale

    def _run(self, given: Any, level: Callable[[Any, Any, Any], Any]) -> tuple[Any, Any, Any]:
        """What is carried on, the value and the scale, by what gives the first of `given`."""
        how, params = self.how, self.how.eqn.params
        consts, carries = params["num_consts"], params["num_carry"]
        body = jaxpr_as_fun(params["jaxpr"])
        held, carry = self.operands[:consts], self.operands[consts : consts + carries]
        place = how.place - consts - carries

        def step(carry: list[Any], now: Any) -> tuple[list[Any], Any]:
            scanned, each, loc, scale = now

            def made(value: Any) -> Any:
                others = [*scanned[:place], loc + scale * value, *scanned[place + 1 :]]
                return body(*held, *carry, *others)

            here = affine(lambda value: made(value)[how.leaf].reshape(each.shape), each)
            reached = level(*here, each)
            value = (reached - here[0]) / here[1]
            return made(value)[:carries], (reached, value, here[1])

        scanned = self.operands[consts + carries :], given, self.loc, self.scale
        found: tuple[Any, Any, Any] = jax.lax.scan(
            step, list(carry), scanned, length=params["length"], reverse=params["reverse"]
        )[1]
        return found


def carried(staged: Staged, name: str) -> Carried | None:
    """How a scan carries on an input; where it does in several places, in the fewest steps."""
    last = staged.last(name)
    using = users(staged.jaxpr, [staged.result]).get(last, [])
    if len(using) != 1 or using[0].primitive.name != "scan":
        return None
    (eqn,) = using
    place = next(n for n, each in enumerate(eqn.invars) if each is last)
    first = eqn.params["num_consts"] + eqn.params["num_carry"]
    shape = staged.shapes[name].shape
    if place < first or last.aval.shape != shape:
        return None
    body = eqn.params["jaxpr"].jaxpr
    found = []
    for leaf, out in enumerate(body.outvars[: eqn.params["num_carry"]]):
        steps = path(body, body.invars[place], [out])
        if steps and steps[-1].left is out:
            found.append((len(steps), leaf))
    if not found:
        return None
    needs = staged.inputs(eqn.invars) - {name}
    return Carried(staged, name, needs, eqn, min(found)[1], place)
