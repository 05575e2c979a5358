"""The ways through the functions of a file to a place in one of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from numpyro_lint.model.ir import Call, Step
from numpyro_lint.model.program import Function, Module
from numpyro_lint.record import record
from numpyro_lint.text import ELSEWHERE

_DEEPEST = 8
# Functions that call each other in circles have more ways to them than anybody could go.
_MOST_STEPS = 10_000


@record
class Hop:
    """A function that is entered, by `call` in the function of the hop before it, or at the top.

    `call` None: nothing in sight calls it.
    """

    function: Function
    call: Call | None


Route = tuple[Hop, ...]


class Routes:
    """The calls between the functions of a file."""

    def __init__(self, module: Module) -> None:
        self.module = module

    @cached_property
    def _calls(self) -> dict[int, list[tuple[int | None, Call]]]:
        """The calls of each function in text order, each with the function that it stands in."""
        found: dict[int, list[tuple[int | None, Call]]] = {}
        bodies: list[tuple[int | None, tuple[Step, ...]]] = [(None, self.module.loose)]
        bodies += [(each.key, each.body) for each in self.module.functions.values()]
        for home, body in bodies:
            for step in body:
                if isinstance(step, Call) and step.callee.function is not None:
                    if step.span.start < ELSEWHERE:
                        found.setdefault(step.callee.function, []).append((home, step))
        for calls in found.values():
            calls.sort(key=lambda each: each[1].span)
        return found

    def to(self, home: int | None) -> Iterator[Route]:
        """The ways to a place in a function, outermost hop first; empty for the top of the file."""
        return self._to(self.entered(home), frozenset(), iter(range(_MOST_STEPS)))

    def entered(self, home: int | None) -> int | None:
        """The function that is entered for a place: a lambda belongs to the one around it."""
        while home is not None and self.module.functions[home].name == "<lambda>":
            home = self.module.functions[home].enclosing
        return home

    def _to(self, home: int | None, seen: frozenset[int], steps: Iterator[int]) -> Iterator[Route]:
        if home is None:
            yield ()
            return
        if home in seen or len(seen) >= _DEEPEST or next(steps, None) is None:
            return
        function, seen = self.module.functions[home], seen | {home}
        calls = self._calls.get(home, [])
        for caller, call in calls:
            for route in self._to(self.entered(caller), seen, steps):
                if self._is_open(function, route):
                    yield (*route, Hop(function, call))
        if not calls:
            for route in self._to(self.entered(function.enclosing), seen, steps):
                yield (*route, Hop(function, None))

    def _is_open(self, function: Function, route: Route) -> bool:
        """Whether the function that one is defined in runs when it is called."""
        around = self.entered(function.enclosing)
        return around is None or any(hop.function.key == around for hop in route)

    def callers(self, keys: frozenset[int]) -> frozenset[int]:
        """Some functions with all that call them, at any remove."""
        found, queue = set(keys), list(keys)
        while queue:
            key = queue.pop()
            homes = {home for home, _ in self._calls.get(key, ())}
            more = {home for home in homes if home is not None} - found
            found |= more
            queue += more
        return frozenset(found)

    def places(self, keys: frozenset[int]) -> Iterator[int]:
        """Where some functions are called."""
        for key in keys:
            yield from (call.span.start for _, call in self._calls.get(key, ()))
