"""Requests to trace models whose arguments nothing shows: the worker makes them up.

What may be made up for each parameter is in guesses.py. A method is called on an object that is
made of its class, and a function around a model is entered with arguments that are made up, too.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator

from numpyro_lint.guesses import parameters_of
from numpyro_lint.model.program import Function
from numpyro_lint.routes import Hop, Route
from numpyro_lint.slicing import Slicer
from numpyro_lint.syntax.blocks import Unusable
from numpyro_lint.syntax.dependence import names_in
from numpyro_lint_runtime import protocol

# The search is short; the deadline is for a model that does not return.
_DEADLINE = 10.0
_Definition = ast.FunctionDef | ast.AsyncFunctionDef


class Synthesizer:
    """Plans with made-up arguments for the models of one file."""

    def __init__(self, slicer: Slicer) -> None:
        self._slicer = slicer
        top = slicer.top.statements
        self._classes = {node.name: node for node in top if isinstance(node, ast.ClassDef)}
        self._functions = {
            node.name: node
            for node in top
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        }

    def plan(self, function: Function, seed: int, deadline: float) -> protocol.ModelRequest:
        """The request to trace a model with made-up arguments. Raises Unusable.

        The functions around it are entered as they are called in sight, else with others.
        """
        empty = protocol.ModelRequest(
            str(function.key), function.name, (), seed=seed, deadline=min(deadline, _DEADLINE),
            like=self._partner(function),
        )  # fmt: skip
        around = self._around(function)
        called = self._called(around)
        first = self._way(empty, function, called)
        opened = tuple(Hop(each, None) for each in around)
        others = (self._way(empty, function, opened),) if opened != called else ()
        return dataclasses.replace(first, others=others)

    def _way(
        self, empty: protocol.ModelRequest, function: Function, route: Route
    ) -> protocol.ModelRequest:
        node = self._slicer.functions.get(function.key)
        if node is None:
            raise Unusable("there is no definition whose arguments could be made up")
        owner = self._owner(function, node)
        target = function.name if owner is None else f"{owner}.{function.name}"
        at = self._slicer.first_use(function)
        wanted = {target.partition(".")[0]: function.span.end if owner is None else at}
        own = parameters_of(node, self._functions, self._classes, None, owner)
        outer = {hop.function.key: self._parameters(hop.function) for hop in route}
        for parameters in (own, *outer.values()):
            wanted |= dict.fromkeys(_names_in(parameters), at)
        open_to: set[int] = set()
        request = dataclasses.replace(empty, target=target)
        request = self._slicer.filled(request, wanted, route, at, open_to)
        given = [
            dataclasses.replace(each, scope=self._scope(request, key))
            for key in outer
            if key in open_to
            for each in outer[key]
        ]
        return dataclasses.replace(request, parameters=(*given, *own))

    def _around(self, function: Function) -> list[Function]:
        """The functions that a function is defined in, outermost first."""
        found: list[Function] = []
        around = self._slicer.routes.entered(function.enclosing)
        while around is not None:
            found.insert(0, self._slicer.module.functions[around])
            around = self._slicer.routes.entered(found[0].enclosing)
        return found

    def _called(self, around: list[Function]) -> Route:
        """The way through some functions as they are called, where that leads through no others."""
        if around:
            for route in self._slicer.routes.to(around[-1].key):
                if [hop.function for hop in route] == around:
                    return route
        return tuple(Hop(each, None) for each in around)

    def _scope(self, request: protocol.ModelRequest, key: int) -> int:
        """Which of the scopes of a request a function is."""
        line = self._slicer.functions[key].lineno
        return next(n for n, scope in enumerate(request.scopes) if scope.function.line == line)

    def _parameters(self, function: Function) -> tuple[protocol.Parameter, ...]:
        node = self._slicer.functions[function.key]
        owner = self._owner(function, node)
        classes = self._classes if owner else {}
        return parameters_of(node, self._functions, classes, 0, owner)

    def _partner(self, function: Function) -> str | None:
        """The model that a guide is a guide for."""
        for run in self._slicer.module.runs:
            if run.stack and run.guide and run.guide.model.function == function.key:
                return str(run.stack.model.function)
        return None

    def _owner(self, function: Function, node: _Definition) -> str | None:
        """The class whose method a function is, None where it has no object; raises Unusable."""
        if not function.is_method:
            return None
        decorators = {ast.unparse(each).rpartition(".")[2] for each in node.decorator_list}
        if decorators & {"property", "classmethod", "staticmethod", "abstractmethod"}:
            raise Unusable(f"'{function.qualname}' is no method that can be called on an object")
        for name, owner in self._classes.items():
            if node in owner.body:
                return name
        raise Unusable(f"the class of '{function.qualname}' is not at the top of the file")


def _names_in(parameters: tuple[protocol.Parameter, ...]) -> Iterator[str]:
    """The names of the file that guesses need."""
    for parameter in parameters:
        for guess in parameter.guesses:
            if guess.kind == "object":
                yield guess.detail
            elif guess.kind == "written":
                yield from names_in(guess.detail)
            yield from _names_in(guess.parts)
