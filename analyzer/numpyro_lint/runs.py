"""The runs of a model in its file, each with a way that leads to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from numpyro_lint.model.binding import bind_names
from numpyro_lint.model.inference import OWN
from numpyro_lint.model.ir import Argument, Arguments, Callee, Instance, Opaque
from numpyro_lint.model.program import Function, Module, Stack
from numpyro_lint.record import record
from numpyro_lint.routes import Hop, Route, Routes
from numpyro_lint.syntax.inference import Inference, dotted
from numpyro_lint.syntax.parse import Tree
from numpyro_lint.syntax.trees import expression
from numpyro_lint.text import ELSEWHERE, Source, Span

_INFERENCE = frozenset({"mcmc", "svi", "stein", "nested", "loss"})
_MOST_ROUTES = 3
_MOST_OPEN_ROUTES = 1000
_MOST_UNCERTAIN = 6


@record
class Place:
    """A run at a place of the text: `target` is what is run, an expression where it stands.

    `function` is the model where the text tells it.
    """

    target: str | None
    function: int | None
    arguments: Arguments
    span: Span
    home: int | None


@record
class Way:
    """A run of a model, and the functions that lead to it. `sure`: it is this model's."""

    place: Place
    route: Route
    sure: bool


class Runs:
    """What is run where in a file."""

    def __init__(self, module: Module, tree: Tree, routes: Routes) -> None:
        self.module, self.source, self.routes = module, module.source, routes
        self.tree = tree

    @cached_property
    def inference(self) -> Inference:
        """What runs inference, also in the functions that do so."""
        plain = Inference(self.tree.body)
        homes = {self._home(span.start) for span in map(self._span, self._calls(plain))}
        found = [run for run in self.module.runs if run.kind in _INFERENCE and run.stack]
        stacks = [run.stack for run in found if run.stack is not None]
        homes |= {stack.within for stack in stacks}
        runners = self.routes.callers(frozenset(home for home in homes if home is not None))
        places = {stack.call_span.start for stack in stacks if stack.call_span is not None}
        return Inference(self.tree.body, places | set(self.routes.places(runners)))

    def _calls(self, inference: Inference) -> Iterator[ast.Call]:
        for statement in self.tree.body:
            yield from inference.calls(statement)

    def ways(self, function: Function) -> Iterator[Way]:
        """The runs of a model in text order, then those that may be of it."""
        for place in self._certain.get(function.key, ()):
            for route in islice(self.routes.to(place.home), _MOST_ROUTES):
                yield Way(place, route, True)
        for place, route in self._open.get(function.key, []):
            yield Way(place, route, False)
        for place, route in self._open.get(None, [])[:_MOST_UNCERTAIN]:
            yield Way(place, route, False)

    @cached_property
    def _open(self) -> dict[int | None, list[tuple[Place, Route]]]:
        """The ways to runs of what only calls tell, by the model that they tell."""
        found: dict[int | None, list[tuple[Place, Route]]] = {}
        for place in self._places:
            if place.function is None and place.target:
                for route in islice(self.routes.to(place.home), _MOST_OPEN_ROUTES):
                    told = self._told(place.target, route)
                    found.setdefault(told, []).append((place, route))
        return found

    @cached_property
    def _certain(self) -> dict[int, list[Place]]:
        found: dict[int, list[Place]] = {}
        for place in self._places:
            if place.function is not None:
                found.setdefault(place.function, []).append(place)
        return found

    @cached_property
    def _places(self) -> list[Place]:
        runs: list[tuple[Stack, tuple[str, str] | None]] = [
            (stack, (run.kind, run.method or "__call__"))
            for run in self.module.runs
            for stack in (run.stack, run.guide)
            if stack is not None
        ]
        runs += [(each, None) for each in self.module.stacks if each.use in ("call", "trace")]
        found: dict[tuple[Span, int | None], Place] = {}
        for stack, method in runs:
            if stack.call_span is not None and stack.call_span.start < ELSEWHERE:
                place = self._place(stack, stack.call_span, method)
                if place is not None:
                    found.setdefault((stack.call_span, stack.model.function), place)
        known = {span for span, _ in found}
        for call in self._calls(self.inference):
            place = self._unresolved(call)
            if place is not None and place.span not in known:
                found[place.span, None] = place
        return sorted(found.values(), key=lambda place: place.span)

    def _place(self, stack: Stack, call: Span, method: tuple[str, str] | None) -> Place | None:
        home = self.routes.entered(stack.within)
        arguments = stack.arguments
        if arguments is not None and not self._stand_in(home, arguments):
            # What is known of a dictionary is written where that is made.
            arguments = self._written(call, method)
        if arguments is None:
            return None
        target, span = None, stack.target_span
        if span is not None and span.start < ELSEWHERE:
            if self.routes.entered(self._home(span.start)) in (home, None):
                target = self.source.slice(span)
        if target is None:
            target = self._receiver(call)
        return Place(target, stack.model.function, arguments, call, stack.within)

    def _stand_in(self, home: int | None, arguments: Arguments) -> bool:
        """Whether arguments are written in a function."""
        return all(
            item.span.start < ELSEWHERE and self.routes.entered(self._home(item.span.start)) == home
            for item in arguments.items
        )

    def _written(self, span: Span, method: tuple[str, str] | None) -> Arguments | None:
        """The arguments of a call as they are written there."""
        node = self._nodes.get(span)
        own = OWN.get(method, None) if method is not None else (0, frozenset[str]())
        return None if node is None or own is None else self._items(node).without(*own)

    @cached_property
    def _nodes(self) -> dict[Span, ast.Call]:
        nodes = (node for statement in self.tree.body for node in ast.walk(statement))
        return {self._span(node): node for node in nodes if isinstance(node, ast.Call)}

    def _items(self, call: ast.Call) -> Arguments:
        items = [
            Argument(Opaque(), self._span(_inner(each)), None, isinstance(each, ast.Starred))
            for each in call.args
        ]
        items += [
            Argument(Opaque(), self._span(each.value), each.arg or "**", each.arg is None)
            for each in call.keywords
        ]
        return Arguments(tuple(items))

    def _receiver(self, call: Span) -> str | None:
        """The engine whose method is called."""
        try:
            node = expression(f"({self.source.slice(call)}\n)")
        except SyntaxError:
            return None
        if not isinstance(node, ast.Call):
            return None
        function = node.func
        return ast.unparse(function.value if isinstance(function, ast.Attribute) else function)

    def _unresolved(self, call: ast.Call) -> Place | None:
        """A call of an engine that is held where its model is not in sight."""
        function = call.func
        if not isinstance(function, ast.Attribute):
            return None
        kind = self.inference.engines.get(dotted(function.value), "").lower()
        own = OWN.get((kind, function.attr))
        if own is None:
            return None
        span = self._span(call)
        arguments = self._items(call).without(*own)
        return Place(ast.unparse(function.value), None, arguments, span, self._home(span.start))

    def _span(self, node: ast.expr) -> Span:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return Span(
            self.source.offset(node.lineno, node.col_offset),
            self.source.offset(node.end_lineno, node.end_col_offset),
        )

    def _home(self, place: int) -> int | None:
        """The innermost function that a place stands in."""
        functions = self.module.functions.values()
        return max((f.key for f in functions if f.span.start <= place < f.span.end), default=None)

    def _told(self, target: str, route: Route) -> int | None:
        """The model that the calls on a way say to be run at its end; None where they do not."""
        name, dot, attribute = target.partition(".")
        for hop in reversed(route):
            given = _given(hop, name)
            if given is None:
                return None
            value = given.value
            if isinstance(value, Callee) and value.function is not None:
                return None if dot else value.function
            if dot and isinstance(value, Instance) and value.exact:
                return self.module.method(value.key, attribute)
            name, further, _ = self.source.slice(given.span).partition(".")
            if further or not name.isidentifier():
                return None
        return None


def _inner(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Starred) else node


def _given(hop: Hop, name: str) -> Argument | None:
    """What a parameter of a function is given on a way."""
    if hop.call is None:
        return None
    names = [p.name for p in hop.function.params if p.kind == "positional"]
    names += [p.name for p in hop.function.params if p.kind == "keyword"]
    items = (*hop.call.callee.bound.items, *hop.call.arguments.items)
    return bind_names(Arguments(items), names).get(name) if name in names else None


def values_of(
    source: Source, function: Function, arguments: Arguments
) -> tuple[tuple[str, str], ...]:
    """The arguments of a run by parameter, as written."""
    own = function.params[1:] if function.is_method else function.params
    names = [p.name for p in own if p.kind == "positional"]
    values: list[tuple[str, str]] = []
    for item in arguments.items:
        text = source.slice(item.span)
        if item.keyword is not None:
            held = item.span == item.holder
            values.append((item.keyword, f"{text}[{item.keyword!r}]" if held else text))
        else:
            values.append((names.pop(0) if names else "*", text))
    return tuple(values)
