"""The smallest runnable part of a file for one model: what to execute, and with which arguments."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator, Mapping

from numpyro_lint.model.attach import Origin
from numpyro_lint.model.ir import Arguments, Call
from numpyro_lint.model.program import Function, Module, Stack
from numpyro_lint.record import record
from numpyro_lint.syntax.blocks import Block, Line, Unusable
from numpyro_lint.syntax.comments import trace_arguments
from numpyro_lint.syntax.dependence import is_setting, names_in
from numpyro_lint.syntax.parse import Tree
from numpyro_lint_runtime import protocol


@record
class Plan:
    """One way to trace a model: the request, and where its arguments come from."""

    request: protocol.ModelRequest
    origin: Origin


class Slicer:
    """Finds the ways to trace the models of one file."""

    def __init__(self, module: Module, tree: Tree) -> None:
        self.module = module
        self.source = module.source
        self.top = Block(self.source, tree.body)
        self.functions: dict[int, ast.FunctionDef | ast.AsyncFunctionDef] = {}
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
        reasons: list[str] = []
        for origin, run in self._ways(function, given):
            try:
                request = self._request(function, origin, run, seed, deadline)
            except Unusable as error:
                reasons.append(str(error))
                continue
            plans.append(Plan(request, origin))
        return plans, reasons[0] if reasons else ""

    def watched(self, function: Function, seed: int, deadline: float) -> protocol.ModelRequest:
        """A request to trace a model as the program calls it."""
        return protocol.ModelRequest(
            str(function.key),
            function.name,
            (),
            seed=seed,
            deadline=deadline,
            function=self._node_position(self.functions[function.key]),
        )

    def _ways(
        self, function: Function, given: Mapping[str, str] | None
    ) -> Iterator[tuple[Origin, Stack | None]]:
        comment = self._comment(function)
        if comment is not None:
            yield Origin("comment", tuple(comment.items())), None
        if given is not None:
            yield Origin("config", tuple(given.items())), None
        for stack in self._runs(function):
            yield Origin("call", self._values(function, stack)), stack
        if comment is None and given is None and not required(function):
            yield Origin("none"), None

    def _runs(self, function: Function) -> list[Stack]:
        """The runs of a model in text order: inference, traces, predictions, calls."""
        found = [
            run.stack
            for run in self.module.runs
            if run.stack is not None and run.stack.model.function == function.key
        ]
        found += [
            stack
            for stack in self.module.stacks
            if stack.use in ("call", "trace") and stack.model.function == function.key
        ]
        unique = {stack.call_span: stack for stack in found if stack.arguments is not None}
        return sorted(unique.values(), key=lambda stack: stack.call_span or stack.span)

    def _values(self, function: Function, stack: Stack) -> tuple[tuple[str, str], ...]:
        """The arguments of a run by parameter, as written."""
        names = [p.name for p in function.params if p.kind == "positional"]
        values: list[tuple[str, str]] = []
        for item in stack.arguments.items if stack.arguments else ():
            text = self.source.slice(item.span)
            if item.keyword is not None:
                values.append((item.keyword, text))
            else:
                values.append((names.pop(0) if names else "*", text))
        return tuple(values)

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
        self, function: Function, origin: Origin, run: Stack | None, seed: int, deadline: float
    ) -> protocol.ModelRequest:
        if run is None:
            call = protocol.Call((), dict(origin.values))
            needs = frozenset().union(*(names_in(text) for _, text in origin.values))
            chain = self.chain(function.enclosing)
            at = self._first_use(function)
            target = function.name
            if function.is_method or function.name == "<lambda>":
                raise Unusable(f"'{function.qualname}' is no function that can be called by name")
        else:
            assert run.call_span is not None
            assert run.arguments is not None
            call = self.passed(run.arguments)
            target = function.name
            at = run.call_span.start
            chain = self.chain(run.within)
            if self._needs_expression(function, run):
                if run.target_span is None:
                    raise Unusable("the model is not given by a name")
                target = self.source.slice(run.target_span)
            texts = (*call.positional, *call.keyword.values())
            needs = frozenset().union(*(names_in(text.lstrip("*")) for text in texts))
        wanted = dict.fromkeys(needs | names_in(target), at)
        if target == function.name:
            # Its name may be given to what is put around it, before it is run.
            wanted[target] = function.span.end
        empty = protocol.ModelRequest(
            str(function.key), target, (), (), call, seed, "abstract", deadline
        )
        return self.filled(empty, wanted, chain, at)

    def filled(
        self, request: protocol.ModelRequest, wanted: Mapping[str, int], chain: list[int], at: int
    ) -> protocol.ModelRequest:
        """A request with what is to be run before its target is called at the place `at`.

        `wanted`: the names that are needed, each with the place where its value counts; `chain`:
        the functions to enter, outermost first. Raises Unusable.
        """
        scopes, wanted_top = self._scopes(chain, wanted, at)
        lines, _ = self.top.needed(wanted_top, at)
        first = min(wanted_top.values(), default=at)
        settings = [
            line
            for line in self.top.lines
            if is_setting(line.node) and line.span.start < max(at, first)
        ]
        selected = {line.span.start: line for line in (*lines, *self._setup(settings))}
        positions = tuple(self._position(selected[start]) for start in sorted(selected))
        return dataclasses.replace(request, statements=positions, scopes=tuple(scopes))

    def _first_use(self, function: Function) -> int:
        """Where a model is first used after its definition: later code may change its globals."""
        block = self.top if function.enclosing is None else self._block(function.enclosing)
        for line in block.lines if block else ():
            if line.span.start >= function.span.end and function.name in line.uses.needs:
                return line.span.start
        return len(self.source.text)

    def _block(self, key: int) -> Block | None:
        """The statements of a function of the file; None of a lambda."""
        node = self.functions.get(key)
        if node is None:
            return None
        if key not in self.blocks:
            self.blocks[key] = Block(self.source, node.body)
        return self.blocks[key]

    def _setup(self, settings: list[Line]) -> list[Line]:
        """Settings with the imports that they need."""
        found = list(settings)
        for line in settings:
            try:
                needed, _ = self.top.needed(dict.fromkeys(line.uses.needs, line.span.start), 0)
            except Unusable:
                continue
            found += needed
        return found

    def _needs_expression(self, function: Function, run: Stack) -> bool:
        """Whether the bare name of a model does not reach it from where it is run."""
        if function.is_method or function.name == "<lambda>":
            return True
        return function.enclosing is not None and function.enclosing != run.within

    def passed(self, arguments: Arguments) -> protocol.Call:
        positional: list[str] = []
        keyword: dict[str, str] = {}
        for item in arguments.items:
            text = self.source.slice(item.span)
            if item.keyword is None:
                positional.append(f"*{text}" if item.starred else text)
            else:
                keyword[item.keyword] = text
        return protocol.Call(tuple(positional), keyword)

    def chain(self, within: int | None) -> list[int]:
        """The functions to enter to reach a place, outermost first."""
        chain: list[int] = []
        while within is not None:
            chain.insert(0, within)
            within = self.module.functions[within].enclosing
        return chain

    def _scopes(
        self, chain: list[int], wanted: Mapping[str, int], at: int
    ) -> tuple[list[protocol.Scope], dict[str, int]]:
        """The functions of a chain with the lines that are needed in each."""
        scopes: list[protocol.Scope] = []
        rest = dict(wanted)
        for depth in range(len(chain) - 1, -1, -1):
            block = self._block(chain[depth])
            if block is None:
                raise Unusable("the call stands in a lambda")
            node, function = self.functions[chain[depth]], self.module.functions[chain[depth]]
            params = {p.name for p in function.params}
            local = {name: place for name, place in rest.items() if name not in params}
            used = {name for name in rest if name in params}
            lines, missing = block.needed(local, at)
            missing_params = missing & params
            inner = {name for line in lines for name in line.uses.needs | line.uses.needs_later}
            call, at = self._entry(function, bool(used or missing_params or inner & params), at)
            if depth > 0 and call != protocol.Call():
                raise Unusable("the call stands in a function of a function")
            scopes.insert(
                0,
                protocol.Scope(self._node_position(node), tuple(map(self._position, lines)), call),
            )
            texts = (*call.positional, *call.keyword.values())
            rest = dict.fromkeys(missing - params, at)
            rest |= {name: at for text in texts for name in names_in(text.lstrip("*"))}
        return scopes, rest

    def _entry(
        self, function: Function, needs_arguments: bool, at: int
    ) -> tuple[protocol.Call, int]:
        """How a function is called at the top of the file: the arguments, and the place."""
        for step in self.module.loose:
            if isinstance(step, Call) and step.callee.function == function.key:
                bound = step.callee.bound.items
                return self.passed(Arguments(bound + step.arguments.items)), step.span.start
        if needs_arguments and required(function):
            raise Unusable(f"the arguments of '{function.name}' are not in sight")
        if required(function):
            fillers = dict.fromkeys(required(function), "None")
            return protocol.Call((), fillers), len(self.source.text)
        return protocol.Call(), len(self.source.text)

    def _position(self, line: Line) -> protocol.Position:
        return self._node_position(line.node)

    def _node_position(self, node: ast.stmt) -> protocol.Position:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return protocol.Position(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def required(function: Function) -> list[str]:
    """The parameters without which a function cannot be called."""
    given = ("positional", "keyword")
    found = [p.name for p in function.params if p.kind in given and p.default is None]
    return found[1:] if function.is_method else found
