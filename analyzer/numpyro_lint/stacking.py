"""How the handler stacks of a file are traced: each where it stands, as it is called there."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from numpyro_lint.model.attach import Origin
from numpyro_lint.model.program import Stack
from numpyro_lint.record import record
from numpyro_lint.slicing import Slicer
from numpyro_lint.syntax.blocks import Unusable
from numpyro_lint.syntax.dependence import names_in
from numpyro_lint.syntax.evidence import name_of
from numpyro_lint.syntax.trees import expression
from numpyro_lint.text import ELSEWHERE, Source, Span
from numpyro_lint_runtime import protocol

# Traces of stacks, and of further runs, come after those of models, and may take as long in all,
# and each, at the most.
MOST = 40
SECONDS = 10.0
EACH = 5.0
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@record
class StackPlan:
    """How stacks that one call runs are traced: `request` is None where they cannot be, for a
    `reason`.

    `repeats`: those that may be run otherwise as well, in a loop or by other calls of their
    function.
    """

    stacks: tuple[Stack, ...]
    request: protocol.ModelRequest | None
    origin: Origin
    reason: str = ""
    repeats: tuple[Stack, ...] = ()


@record
class _Target:
    """What is called: the expression, and where it is written."""

    text: str
    start: int


def stack_plans(
    slicer: Slicer, seed: int, deadline: float, only: Collection[int] | None = None
) -> Iterator[StackPlan]:
    """How the stacks of a file are traced, in the order of the text, the first few of them.

    `only`: those of these models.
    """
    stacks = dict.fromkeys(
        stack
        for stack in slicer.module.stacks
        if stack.span.start < ELSEWHERE and (only is None or stack.model.function in only)
    )
    for number, stack in enumerate(sorted(stacks, key=lambda each: each.span)):
        if number == MOST:
            return
        origin = Origin("call" if stack.arguments is not None else "none")
        try:
            request = _request(slicer, stack, seed, min(deadline, EACH))
            yield StackPlan((stack,), request, origin, repeats=repeated(slicer, (stack,)))
        except Unusable as error:
            yield StackPlan((stack,), None, origin, str(error))


def repeated(slicer: Slicer, stacks: Iterable[Stack]) -> tuple[Stack, ...]:
    """The runs that may take place more than once, and then with other arguments."""
    return tuple(stack for stack in stacks if _repeats(slicer, stack))


def _repeats(slicer: Slicer, stack: Stack) -> bool:
    within = stack.within
    if any(isinstance(node, _LOOPS) for node in statements_around(slicer, stack)):
        return True
    if within is None:
        return False
    calls = list(islice(slicer.routes.places(frozenset({within})), 2))
    if len(calls) > 1 or slicer.module.functions[within].enclosing is not None:
        return True
    routes = list(islice(slicer.routes.to(within), 2))
    entered = [hop.call for route in routes for hop in route if hop.call is not None]
    return len(routes) > 1 or any(call.place.loops for call in entered)


def statements_around(slicer: Slicer, stack: Stack) -> list[ast.AST]:
    """The statements around a run, outermost first; none where it is run in a lambda."""
    try:
        return list(_Statement(slicer, stack).around())
    except Unusable:
        return []


def _request(slicer: Slicer, stack: Stack, seed: int, deadline: float) -> protocol.ModelRequest:
    if stack.arguments is None or stack.call_span is None:
        raise Unusable("it is not run in this file")
    source, at = slicer.source, stack.call_span.start
    statement = _Statement(slicer, stack)
    target = statement.target()
    call = slicer.passed(stack.arguments)
    contexts = list(statement.contexts())
    texts = (*call.positional, *call.keyword.values())
    wanted = {name: at for text in texts for name in names_in(text.lstrip("*"))}
    for each in (*contexts, target):
        wanted |= dict.fromkeys(names_in(each.text), each.start)
    request = protocol.ModelRequest(
        f"stack {stack.span.start} {source.path}",
        target.text,
        (),
        (),
        call,
        seed,
        "abstract",
        deadline,
        tuple(context.text for context in contexts),
    )
    return slicer.filled(request, wanted, slicer.chain(stack.within), at)


class _Statement:
    """The text around the run of a stack."""

    def __init__(self, slicer: Slicer, stack: Stack) -> None:
        self.slicer, self.stack, self.source = slicer, stack, slicer.source
        assert stack.call_span is not None
        self.call = stack.call_span

    def target(self) -> _Target:
        """What is run: what is called, or the model that an inference was given."""
        span = self.stack.target_span
        if self.stack.use in ("call", "trace"):
            return self._called()
        if span is None or self._home(span) not in (self.stack.within, None):
            raise Unusable("the model is given to its inference in another function")
        return _Target(self.source.slice(span), span.start)

    def _called(self) -> _Target:
        text = self.source.slice(self.call)
        try:
            node = expression(f"({text}\n)")
        except SyntaxError:
            raise Unusable("its call cannot be read") from None
        if not isinstance(node, ast.Call):
            raise Unusable("it is run by another function")
        function = node.func
        if self.stack.use == "trace" and isinstance(function, ast.Attribute):
            function = function.value
        return _Target(ast.unparse(function), self.call.start)

    def contexts(self) -> Iterator[_Target]:
        """The contexts that stand around the run, as expressions, outermost first."""
        around = [each for each in self.stack.handlers if each.form == "context"]
        if any(each.kind == "opaque" for each in around):
            raise Unusable("what is entered around it is not in sight")
        entered = {each.span for each in around}
        held_by_name = 0
        for span, node in self._items() if entered else ():
            held = {each for each in entered if span.start <= each.start and each.end <= span.end}
            is_name = isinstance(node, ast.Name)
            if held or is_name or _is_plate(node):
                entered -= held
                held_by_name += is_name
                yield _Target(self.source.slice(span), span.start)
        if len(entered) > held_by_name:
            raise Unusable("its handlers are entered elsewhere")

    def _items(self) -> Iterator[tuple[Span, ast.expr]]:
        """The expressions of the `with` statements around the run, in its own function."""
        for node in self.around():
            for item in node.items if isinstance(node, (ast.With, ast.AsyncWith)) else ():
                yield _span(self.source, item.context_expr), item.context_expr

    def around(self) -> Iterator[ast.AST]:
        """The statements around the run, in its own function, outermost first."""
        home = self.stack.within
        if home is None:
            body = [line.node for line in self.slicer.top.lines]
        elif home in self.slicer.functions:
            body = self.slicer.functions[home].body
        else:
            raise Unusable("it is run in a lambda")
        yield from _around(self.source, body, self.call)

    def _home(self, span: Span) -> int | None:
        """The innermost function that a place stands in."""
        functions = self.slicer.module.functions.values()
        around = [
            f.span for f in functions if f.span.start <= span.start and span.end <= f.span.end
        ]
        return max((each.start for each in around), default=None)


def _around(source: Source, nodes: Iterable[ast.AST], place: Span) -> Iterator[ast.AST]:
    """The statements around a place, outermost first, up to the next function."""
    for node in nodes:
        if isinstance(node, (ast.stmt, ast.ExceptHandler)):
            span = _span(source, node)
            if span.start <= place.start and place.end <= span.end:
                yield node
                if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    yield from _around(source, ast.iter_child_nodes(node), place)
        elif isinstance(node, ast.match_case):
            yield from _around(source, node.body, place)


def _is_plate(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and name_of(node.func) == "plate"


def _span(source: Source, node: ast.expr | ast.stmt | ast.ExceptHandler) -> Span:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return Span(
        source.offset(node.lineno, node.col_offset),
        source.offset(node.end_lineno, node.end_col_offset),
    )
