"""Statements: bindings, branches, loops and `with` blocks around the steps of a body."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from numpyro_lint.facts.api import (
    SILENT_PACKAGES,
)
from numpyro_lint.model import assignments, calls, contexts, definitions, hazards
from numpyro_lint.model.binding import resolve
from numpyro_lint.model.branches import constant_truth, is_main, negated, test_of
from numpyro_lint.model.evaluate import evaluate
from numpyro_lint.model.ir import (
    UNKNOWN,
    Arguments,
    Branch,
    Call,
    Callee,
    Const,
    Data,
    Entered,
    HandlerRef,
    Instance,
    Opaque,
    PlateRef,
    RandomKey,
    Symbol,
    Table,
    Text,
    TraceRef,
    Value,
)
from numpyro_lint.model.ir import Sequence as Items
from numpyro_lint.model.loops import (
    bind_counter,
    bind_loop_target,
    changed_in,
    grown_in,
    makes_one_pass,
    passed_again,
    turns,
)
from numpyro_lint.model.passes import passes_of
from numpyro_lint.model.scope import Body, join
from numpyro_lint.record import replace
from numpyro_lint.syntax.walk import walk
from numpyro_lint.text import Span


def execute(body: Body, statements: Sequence[ast.stmt]) -> bool:
    """Reads statements in order; True when what follows them is not reached.

    Where some branch has left, the reader's branches say so of what follows.
    """
    loops = body.loops
    body.loops = passed_again(loops, statements)
    left = False
    for statement in statements:
        if _is_left(body, statement):
            left = True
            break
    body.loops = loops
    return left


def _is_left(body: Body, statement: ast.stmt) -> bool:
    """Reads a statement; True when what follows it is not reached."""
    try:
        reader = _READERS.get(type(statement))
        if reader is not None:
            return bool(reader(body, statement))
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.expr):
                evaluate(body, child)
    except RecursionError:
        # An expression of hundreds of levels: whatever it calls is out of sight.
        span = body.file.span(statement)
        calls.call_unknown(body, Opaque(), "<expression>", Arguments(), span)
    return False


def _expression(body: Body, node: ast.Expr) -> None:
    value = evaluate(body, node.value)
    if isinstance(value, PlateRef):
        contexts.note_held(body, value, None, body.file.span(node.value))
    if isinstance(value, (HandlerRef, Callee)) and isinstance(node.value, ast.Call):
        _note_dropped(body, value, body.file.span(node.value))


def _note_dropped(body: Body, value: HandlerRef | Callee, span: Span) -> None:
    """A statement that builds a handler, or puts it around a function, and keeps neither."""
    handlers = (value.handler,) if isinstance(value, HandlerRef) else value.handlers
    made = span if isinstance(value, HandlerRef) else value.span
    if handlers and made == span and handlers[0].span.start == span.start:
        body.file.dropped.append(handlers[0])


def _assert(body: Body, node: ast.Assert) -> None:
    hazards.tested(body, node.test, evaluate(body, node.test), "assert")
    if node.msg is not None:
        evaluate(body, node.msg)


def _return(body: Body, node: ast.Return) -> bool:
    value = evaluate(body, node.value) if node.value is not None else Const(None)
    body.returns.append(value)
    body.ends.append(body.branches)
    return True


def _raise(body: Body, node: ast.Raise) -> bool:
    for child in (node.exc, node.cause):
        if child is not None:
            evaluate(body, child)
    body.ends.append(body.branches)
    return True


def _break(body: Body, node: ast.Break) -> bool:
    body.breaks.append(body.branches)
    return True


def _continue(body: Body, node: ast.Continue) -> bool:
    return True


def _arms(body: Body, key: int, arms: list[tuple[Any, Callable[[], bool]]], turning: bool) -> bool:
    """Reads exclusive arms, each from the same start; afterwards either may have been taken.

    When some arms leave the function and one arm stays, what follows belongs to that arm; when part
    of an arm has left, what follows is reached by the other part only.
    `turning`: another pass of a loop may take another arm.
    """
    start = dict(body.variables)
    before = body.branches
    ends: list[dict[str, Value]] = []
    stay: list[tuple[Branch, ...]] = []
    for number, (test, read) in enumerate(arms):
        body.variables = dict(start)
        branch = Branch(key, number, test, turning)
        body.branches = (*before, branch)
        left = read()
        if not left:
            ends.append(body.variables)
            stay.append(body.branches[len(before) :])
    body.branches = before
    if not ends:
        body.variables = start
        return True
    body.variables = _merge(ends)
    if len(ends) == 1 and len(arms) > 1:
        body.branches = (*before, *stay[0])
    else:
        _leave_in_part(body, [branch for arm in stay for branch in arm[1:]])
    return False


def _leave_in_part(body: Body, branches: Sequence[Branch]) -> None:
    """What follows is reached by runs that did not leave at these branches, and by others."""
    untested = (replace(branch, test=None) for branch in branches)
    body.branches = tuple(dict.fromkeys((*body.branches, *untested)))


def _merge(ends: list[dict[str, Value]]) -> dict[str, Value]:
    merged = dict(ends[0])
    for end in ends[1:]:
        for name, value in end.items():
            held = merged.get(name)
            if held is not value:
                merged[name] = value if held is None else join(held, value)
    return merged


def _if(body: Body, node: ast.If) -> bool:
    test = test_of(body, node.test)
    hazards.tested(body, node.test, evaluate(body, node.test), "if")
    chosen = constant_truth(node.test)
    if chosen is not None:
        return execute(body, node.body if chosen else node.orelse)
    if is_main(node.test) and not node.orelse:
        # A file is read as the program that it is when it is run.
        execute(body, node.body)
        return False
    return _arms(
        body,
        body.file.span(node).start,
        [
            (test, lambda: execute(body, node.body)),
            (negated(test), lambda: execute(body, node.orelse)),
        ],
        turns(body, node.test),
    )


def _try(body: Body, node: ast.Try) -> bool:
    def body_arm() -> bool:
        noted = len(body.uses)
        left = execute(body, [*node.body, *node.orelse])
        if node.handlers:
            # What it raises is caught.
            del body.uses[noted:]
        return left

    arms: list[tuple[Any, Callable[[], bool]]] = [(None, body_arm)]
    for handler in node.handlers:
        arms.append((None, lambda h=handler: execute(body, h.body)))  # type: ignore[misc]
    key, before = body.file.span(node).start, body.branches
    left = _arms(body, key, arms, bool(body.loops)) if node.handlers else body_arm()
    after, body.branches = body.branches, before
    left = execute(body, node.finalbody) or left
    body.branches = after
    return left


def _match(body: Body, node: ast.Match) -> bool:
    hazards.tested(body, node.subject, evaluate(body, node.subject), "match")
    arms: list[tuple[Any, Callable[[], bool]]] = []
    for case in node.cases:
        arms.append((None, lambda c=case: _case(body, c)))  # type: ignore[misc]
    arms.append((None, lambda: False))
    return _arms(body, body.file.span(node).start, arms, turns(body, node.subject))


def _case(body: Body, case: ast.match_case) -> bool:
    for part in walk(case.pattern):
        name = getattr(part, "name", None)
        if isinstance(name, str):
            body.variables[name] = Opaque()
    return execute(body, case.body)


def _for(body: Body, node: ast.For | ast.AsyncFor) -> None:
    iterated = evaluate(body, node.iter)
    again = not makes_one_pass(node.iter, iterated)
    span = body.file.span(node)
    grown = {name: body.variables.get(name) for name in grown_in(node)}
    _loop(body, node, again, lambda _: bind_loop_target(body, node.target, iterated, span))
    for name, held in grown.items():
        if isinstance(held, Items) and (passes := passes_of(body.iterations.get(span), {})):
            added = tuple(resolve(body.appended.get(name, Opaque()), each) for each in passes)
            body.variables[name] = Items((*held.items, *added))


def _while(body: Body, node: ast.While) -> None:
    hazards.tested(body, node.test, evaluate(body, node.test), "while")
    _loop(body, node, True, lambda before: bind_counter(body, node, before))


def _loop(
    body: Body,
    node: ast.For | ast.AsyncFor | ast.While,
    again: bool,
    start: Callable[[dict[str, Value]], None],
) -> None:
    before, loops, turning = dict(body.variables), body.loops, body.turning
    if again:
        body.loops = (*loops, body.file.span(node))
    changed = changed_in(node.body)
    body.turning = turning | changed | _bound_by_loop(node)
    for name in changed & body.variables.keys():
        # What the loop rebinds is not what it was before, but for what each pass starts with.
        value = body.variables[name]
        if (loosened := _loosened(value)) is not value:
            body.assign(name, loosened, body.file.span(node).start)
    start(before)
    outside, breaks, ended = body.branches, body.breaks, len(body.ends)
    body.breaks = []
    if isinstance(node.body[-1], (ast.Return, ast.Raise)):
        # Only a loop without any pass comes to what follows.
        key = body.file.span(node).start
        _arms(body, key, [(None, lambda: execute(body, node.body)), (None, lambda: False)], False)
    else:
        execute(body, node.body)
    inside, body.branches = body.branches[len(outside) :], outside
    if len(body.ends) > ended:
        _leave_in_part(body, inside)
    _note_leaves(body, body.file.span(node), [*body.breaks, *body.ends[ended:]], len(outside))
    body.breaks, body.loops, body.turning = breaks, loops, turning
    body.variables = _merge([body.variables, before])
    if node.orelse:
        # A `break` passes the `else` by: where that leaves, what follows comes after a break.
        key = body.file.span(node.orelse[0]).start
        _arms(body, key, [(None, lambda: execute(body, node.orelse)), (None, lambda: False)], False)


def _note_leaves(body: Body, loop: Span, leaves: Sequence[tuple[Branch, ...]], depth: int) -> None:
    """Notes where a loop of known passes is left; `depth` branches stand around it."""
    iteration = body.iterations.get(loop)
    if iteration is not None and leaves:
        inside = tuple(branches[depth:] for branches in leaves)
        body.iterations[loop] = replace(iteration, leaves=inside)


def _bound_by_loop(node: ast.For | ast.AsyncFor | ast.While) -> frozenset[str]:
    """What a loop itself changes, its `else` included."""
    head = [] if isinstance(node, ast.While) else [node.target]
    return changed_in([*head, *node.orelse])


def _loosened(value: Value) -> Value:
    if isinstance(value, (Text, Const, Items, RandomKey)):
        return Opaque(depends=value.depends)
    if isinstance(value, Table):
        return Table(value.keys, False, depends=value.depends)
    return replace(value, made=None) if isinstance(value, Data) else value


def _with(body: Body, node: ast.With | ast.AsyncWith) -> bool:
    frames = body.frames
    for item in node.items:
        context = evaluate(body, item.context_expr)
        _enter(body, item, context)
    left = execute(body, node.body)
    body.frames = frames
    return left


def _enter(body: Body, item: ast.withitem, context: Value) -> None:
    bound: Value = UNKNOWN
    if isinstance(context, HandlerRef):
        contexts.enter(body, context)
        if context.handler.kind in ("trace", "collapse"):
            bound = TraceRef(context.handler.span)
    elif isinstance(context, PlateRef):
        contexts.enter(body, context)
        bound = contexts.indices(context)
    elif isinstance(context, Entered):
        contexts.enters(body, context, context.span)
    elif not _is_quiet(body, item.context_expr):
        span = body.file.span(item.context_expr)
        contexts.enter_unknown(body, context, span)
        if isinstance(context, Instance):
            entered = Callee(None, "__enter__", span=span)
            body.add(Call(entered, Arguments(known=False), span, body.place))
    if item.optional_vars is not None:
        assignments.assign_target(body, item.optional_vars, bound)


def _is_quiet(body: Body, node: ast.expr) -> bool:
    """A context manager that cannot be a handler: open(...), warnings.catch_warnings() ..."""
    function = node.func if isinstance(node, ast.Call) else node
    value = evaluate(body, function) if not isinstance(function, ast.Call) else Opaque()
    if isinstance(value, Symbol):
        root = value.qualified.partition(".")[0]
        return root in SILENT_PACKAGES
    return isinstance(value, (Data, Const))


def _shared(body: Body, node: ast.Global | ast.Nonlocal) -> None:
    body.shared.update(node.names)


_READERS: dict[type, Callable[[Body, Any], bool | None]] = {
    ast.Expr: _expression,
    ast.Assign: assignments.assign,
    ast.AnnAssign: assignments.annotated,
    ast.AugAssign: assignments.augmented,
    ast.Delete: assignments.delete,
    ast.Return: _return,
    ast.Assert: _assert,
    ast.Raise: _raise,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.If: _if,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Import: definitions.import_names,
    ast.ImportFrom: definitions.import_names,
    ast.Global: _shared,
    ast.Nonlocal: _shared,
    ast.FunctionDef: definitions.function,
    ast.AsyncFunctionDef: definitions.function,
    ast.ClassDef: definitions.class_,
}
