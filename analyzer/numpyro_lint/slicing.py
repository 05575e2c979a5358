"""The smallest runnable part of a file for one model: what to execute, and with which arguments."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Hashable, Iterable, Iterator, Mapping

from numpyro_lint.entries import enter, passed, required
from numpyro_lint.model.attach import Origin
from numpyro_lint.model.ir import Arguments
from numpyro_lint.model.program import Function, Module
from numpyro_lint.openings import open_block, position
from numpyro_lint.record import record, replace
from numpyro_lint.routes import Route, Routes
from numpyro_lint.runs import Runs, Way, values_of
from numpyro_lint.syntax.blocks import Block, Unusable
from numpyro_lint.syntax.comments import trace_arguments
from numpyro_lint.syntax.dependence import names_in
from numpyro_lint.syntax.parse import Tree
from numpyro_lint.text import ELSEWHERE, Span
from numpyro_lint_runtime import protocol

_Definition = ast.FunctionDef | ast.AsyncFunctionDef


@record
class Plan:
    """One way to trace a model: the request, and where its arguments come from.

    `same`: the other calls that come to the same.
    """

    request: protocol.ModelRequest
    origin: Origin
    same: tuple[Span, ...] = ()


class Slicer:
    """Finds the ways to trace the models of one file."""

    def __init__(self, module: Module, tree: Tree) -> None:
        self.module = module
        self.source = module.source
        self.routes = Routes(module)
        self.runs = Runs(module, tree, self.routes)
        self.top = Block(self.source, tree.body, self.runs.inference)
        self.functions: dict[int, _Definition] = {}
        for statement in tree.body:
            for node in ast.walk(statement):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    start = self.source.offset(node.lineno, node.col_offset)
                    self.functions[start] = node
        self.blocks: dict[int, Block] = {}

    def plans(
        self, function: Function, given: Mapping[str, str] | None, seed: int, deadline: float
    ) -> tuple[list[Plan], str]:
        """The ways to trace a model in the order of INTERFACE, and why others cannot be used."""
        plans: list[Plan] = []
        places: dict[Hashable, list[int]] = {}
        reasons: list[str] = []
        empty = protocol.ModelRequest(
            str(function.key), function.name, (), (), seed=seed, deadline=deadline
        )
        for origin, way in self._ways(function, given):
            try:
                request = self._request(empty, function, origin, way)
            except Unusable as error:
                reasons.append(str(error))
                continue
            # Of many ways few can be alike, and to compare requests takes long.
            alike = places.setdefault(_outline(request), [])
            known = next((i for i in alike if plans[i].request == request), None)
            if known is None:
                alike.append(len(plans))
                plans.append(Plan(request, origin))
            elif origin.at is not None:
                plans[known] = replace(plans[known], same=(*plans[known].same, origin.at))
        return plans, reasons[0] if reasons else ""

    def watched(self, function: Function, seed: int, deadline: float) -> protocol.ModelRequest:
        """A request to trace a model as the program calls it."""
        return protocol.ModelRequest(
            str(function.key),
            function.name,
            (),
            seed=seed,
            deadline=deadline,
            function=position(self.functions[function.key]),
        )

    def _ways(
        self, function: Function, given: Mapping[str, str] | None
    ) -> Iterator[tuple[Origin, Way | None]]:
        comment = self._comment(function)
        if comment is not None:
            yield Origin("comment", tuple(comment.items())), None
        if given is not None:
            yield Origin("config", tuple(given.items())), None
        for way in self.runs.ways(function):
            values = values_of(self.source, function, way.place.arguments)
            yield Origin("call", values, way.place.span), way
        if comment is None and given is None and not required(function):
            yield Origin("none"), None

    def _comment(self, function: Function) -> dict[str, str] | None:
        """The arguments of a `trace(...)` comment directly above the def or its decorators."""
        for comment in self.module.comments:
            if comment.function == function.key and comment.word == "trace":
                try:
                    return trace_arguments(self.source, comment)
                except ValueError:
                    return None
        return None

    def _request(
        self, empty: protocol.ModelRequest, function: Function, origin: Origin, way: Way | None
    ) -> protocol.ModelRequest:
        if way is not None:
            return self._run(empty, function, way)
        if function.is_method or function.name == "<lambda>":
            raise Unusable(f"'{function.qualname}' is no function that can be called by name")
        call = protocol.Call((), dict(origin.values))
        at = self.first_use(function)
        wanted = dict.fromkeys(_names_of(call), at)
        # Its name may be given to what is put around it, before it is run.
        wanted[function.name] = function.span.end
        request = dataclasses.replace(empty, call=call)
        return self.filled(request, wanted, self.chain(function.enclosing), at)

    def _run(
        self, empty: protocol.ModelRequest, function: Function, way: Way
    ) -> protocol.ModelRequest:
        """A request that leads to where a model is run."""
        place = way.place
        call = self.passed(place.arguments)
        at = place.span.start
        wanted = dict.fromkeys(_names_of(call), at)
        request = dataclasses.replace(empty, call=call, sure=way.sure)
        if way.sure and not self._needs_expression(function, place.home):
            wanted[function.name] = function.span.end
        else:
            if place.target is None:
                raise Unusable("the model is not given by a name")
            wanted |= dict.fromkeys(names_in(place.target), at)
            defined = self.position_of(function)
            request = dataclasses.replace(request, target=place.target, function=defined)
        self._outside_lambdas(wanted, at)
        return self.filled(request, wanted, way.route, at)

    def _needs_expression(self, function: Function, home: int | None) -> bool:
        """Whether the bare name of a model does not reach it from where it is run."""
        if function.is_method or function.name == "<lambda>" or function.key >= ELSEWHERE:
            return True
        return function.enclosing is not None and function.enclosing != self.routes.entered(home)

    def _outside_lambdas(self, names: Iterable[str], at: int) -> None:
        """Raises Unusable where one of the names is a parameter of a lambda that stands there."""
        functions = self.module.functions.values()
        around = [f for f in functions if f.name == "<lambda>" and f.span.start <= at < f.span.end]
        unknown = {p.name for each in around for p in each.params} & set(names)
        if unknown:
            raise Unusable(f"it is run with '{min(unknown)}', the parameter of a lambda")

    def filled(
        self,
        request: protocol.ModelRequest,
        wanted: Mapping[str, int],
        route: Route,
        at: int,
        open_to: set[int] | None = None,
    ) -> protocol.ModelRequest:
        """A request with what is to be run before its target is called at the place `at`.

        `wanted`: the names that are needed, each with the place where its value counts; `route`:
        the functions to enter (`chain`). Those whose arguments are not in sight are added to
        `open_to`, if that is given, and left without them. Raises Unusable.
        """
        pending: list[dict[str, int]] = [{} for _ in route] + [dict(wanted)]
        places = [*(self._entered_at(route, index) for index in range(len(route))), at]
        scopes: tuple[protocol.Scope, ...] = ()
        for index in range(len(route), 0, -1):
            hop, node = route[index - 1], self.functions[route[index - 1].function.key]
            params = frozenset(p.name for p in hop.function.params)
            block = self._block(hop.function.key)
            opened = open_block(block, pending[index], places[index], params)
            try:
                call = enter(self.source, hop, node, params & frozenset(opened.missing))
                self._outside_lambdas(_names_of(call), places[index - 1])
            except Unusable:
                if open_to is None:
                    raise
                open_to.add(hop.function.key)
                call = protocol.Call()
            own = protocol.Scope(
                position(node), tuple(position(line.node) for line in opened.lines), call
            )
            scopes = (own, *opened.scopes, *scopes)
            home = self._defined_in(route, index)
            for name, place in opened.missing.items():
                if name not in params:
                    outside = not hop.function.span.start <= place < hop.function.span.end
                    kept = place if outside and place < places[home] else places[home]
                    pending[home].setdefault(name, kept)
            for name in _names_of(call):
                pending[index - 1].setdefault(name, places[index - 1])
        first = min(pending[0].values(), default=places[0])
        opened = open_block(self.top, pending[0], places[0], frozenset(), max(places[0], first))
        return dataclasses.replace(
            request,
            statements=tuple(position(line.node) for line in opened.lines),
            scopes=opened.scopes + scopes,
            absent=dict(opened.absent),
        )

    def _entered_at(self, route: Route, index: int) -> int:
        """Where a function of a route is called, in the one before it."""
        call = route[index].call
        if call is not None:
            return call.span.start
        return len(self.source.text) if index == 0 else route[index - 1].function.span.end

    def _defined_in(self, route: Route, index: int) -> int:
        """The function of a route that another is defined in: its number, 0 for the file."""
        around = self.routes.entered(route[index - 1].function.enclosing)
        for number in range(index - 1, 0, -1):
            if route[number - 1].function.key == around:
                return number
        return 0

    def first_use(self, function: Function) -> int:
        """Where a model is first used after its definition: later code may change its globals."""
        around = self.routes.entered(function.enclosing)
        block = self.top if around is None else self._block(around)
        for line in block.lines:
            if line.span.start >= function.span.end and function.name in line.uses.needs:
                return line.span.start
        return len(self.source.text)

    def _block(self, key: int) -> Block:
        """The statements of a function of the file."""
        if key not in self.blocks:
            body = self.functions[key].body
            self.blocks[key] = Block(self.source, body, self.runs.inference)
        return self.blocks[key]

    def passed(self, arguments: Arguments) -> protocol.Call:
        """Arguments as they are written."""
        return passed(self.source, arguments)

    def chain(self, within: int | None) -> Route:
        """The functions to enter to reach a place, outermost first. Raises Unusable."""
        route = next(self.routes.to(within), None)
        if route is None:
            raise Unusable("it stands in a function that has returned when it is called")
        return route

    def position_of(self, function: Function) -> protocol.Position:
        """Where a function is defined, its decorators included."""
        node = self.functions.get(function.key)
        if node is None:
            line = self.source.line(function.span.start)
            return protocol.Position(line, 0, line, 0)
        first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        return protocol.Position(first, node.col_offset, node.lineno, node.col_offset)


def _outline(request: protocol.ModelRequest) -> Hashable:
    scopes = tuple(scope.function for scope in request.scopes)
    return request.target, request.call.positional, request.statements, scopes


def _names_of(call: protocol.Call) -> frozenset[str]:
    """The names in the arguments of a call."""
    texts = (*call.positional, *call.keyword.values())
    return frozenset().union(*(names_in(text.lstrip("*")) for text in texts))
