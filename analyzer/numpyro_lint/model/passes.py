"""Loops over what is known: their passes one by one, and which steps differ from pass to pass."""

from __future__ import annotations

from collections.abc import Mapping

from numpyro_lint.model.binding import resolve
from numpyro_lint.model.derive import derive
from numpyro_lint.model.ir import (
    Arguments,
    Callee,
    Const,
    Derived,
    Dist,
    Frame,
    Handler,
    HandlerRef,
    Instance,
    Param,
    PlateRef,
    Sequence,
    Site,
    Step,
    Table,
    Text,
    Value,
)
from numpyro_lint.model.name import Hole, Name
from numpyro_lint.model.program import Iteration
from numpyro_lint.text import Span


class Pass(Span):
    """One pass of a loop, on the way to a step: the loop's span, and a number besides."""

    __slots__ = ()

    @staticmethod
    def of(loop: Span, number: int) -> Pass:
        return tuple.__new__(Pass, (*loop, number))

    @property
    def loop(self) -> Span:
        return Span(self.start, self.end)

    @property
    def number(self) -> int:
        return int(tuple.__getitem__(self, 2))

    def __repr__(self) -> str:
        return f"Pass({self.start}, {self.end}, {self.number})"


def calls_of(path: tuple[Span, ...]) -> tuple[Span, ...]:
    """The calls on the way to a step."""
    return tuple(each for each in path if not isinstance(each, Pass))


def passes_of(
    iteration: Iteration | None, values: Mapping[str, Value]
) -> list[dict[str, Value]] | None:
    """What each pass of a loop gives its variables; None where the passes are not known."""
    if iteration is None:
        return None
    elements = resolve(iteration.elements, values)
    if not isinstance(elements, Sequence) or not elements.items:
        return None
    return [
        {key: part_at(element, where) for key, where in iteration.targets}
        for element in elements.items
    ]


def part_at(element: Value, where: tuple[int, ...]) -> Value:
    """The part of an element that is found by one index after the other."""
    for index in where:
        element = derive("item", element, Const(index))
    return element


def moved_by(iteration: Iteration, among: Mapping[Span, Iteration]) -> frozenset[str]:
    """The variables that differ from pass to pass: the loop's own, and those of loops over them."""
    keys = frozenset(key for key, _ in iteration.targets)
    for other in among.values():
        if other is not iteration and _mentions(other.elements, keys):
            keys |= {key for key, _ in other.targets}
    return keys


def moves(step: Step, keys: frozenset[str]) -> bool:
    """Whether a step is another one in each pass: in its name, what it calls, or what is around."""
    place = step.place
    tests = (branch.test for branch in place.branches)
    if any(test is not None and _mentions(test.value, keys) for test in tests):
        return True
    if any(_frame_moves(frame, keys) for frame in place.frames):
        return True
    if isinstance(step, Site):
        return step.kind == "plate" or _name_mentions(step.name, keys)
    return _mentions(step.callee, keys) or _any_mentions(step.arguments, keys)


def _frame_moves(frame: Frame | Handler, keys: frozenset[str]) -> bool:
    if isinstance(frame, Frame):
        return _name_mentions(frame.plate.name, keys)
    return any(_mentions(value, keys) for _, value in frame.args)


def _name_mentions(name: Name, keys: frozenset[str]) -> bool:
    return any(isinstance(part, Hole) and _hole_mentions(part, keys) for part in name.parts)


def _hole_mentions(hole: Hole, keys: frozenset[str]) -> bool:
    if isinstance(hole.value, Value):
        return _mentions(hole.value, keys)
    return hole.param is not None and hole.param.partition(".")[0] in keys


def _any_mentions(arguments: Arguments, keys: frozenset[str]) -> bool:
    return any(_mentions(item.value, keys) for item in arguments.items)


def _mentions(value: Value, keys: frozenset[str]) -> bool:
    if not keys.isdisjoint(value.depends):
        return True
    if isinstance(value, Param):
        return value.key.partition(".")[0] in keys
    if isinstance(value, Text):
        return _name_mentions(value.name, keys)
    if isinstance(value, Sequence):
        return any(_mentions(each, keys) for each in value.items)
    if isinstance(value, Table):
        return any(_mentions(key.value, keys) for key in value.keys)
    if isinstance(value, Derived):
        return any(_mentions(each, keys) for each in value.operands)
    if isinstance(value, (Instance, Dist)):
        held = value.attributes if isinstance(value, Instance) else value.args
        return any(_mentions(each, keys) for _, each in held)
    if isinstance(value, HandlerRef):
        return _frame_moves(value.handler, keys)
    if isinstance(value, PlateRef):
        return any(_name_mentions(plate.name, keys) for plate in value.sites)
    if isinstance(value, Callee):
        if any(_frame_moves(each, keys) for each in value.handlers):
            return True
        if any(_mentions(each, keys) for _, each in value.closure):
            return True
        if value.param is not None and value.param.partition(".")[0] in keys:
            return True
        if value.derived is not None and _mentions(value.derived, keys):
            return True
        return _any_mentions(value.bound, keys)
    return False
