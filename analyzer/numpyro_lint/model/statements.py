"""Statements: bindings, branches, loops and `with` blocks around the steps of a body."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from numpyro_lint.facts.api import (
    CONTROL_FLOW,
    ENGINES,
    HANDLERS,
    KERNELS,
    MODULES,
    PRIMITIVES,
    REPARAMS,
    RUNNERS,
    SILENT_PACKAGES,
)
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model import calls
from numpyro_lint.model.containers import without
from numpyro_lint.model.evaluate import (
    bind_loop_target,
    constant_truth,
    evaluate,
    negated,
    test_of,
)
from numpyro_lint.model.ir import (
    Arguments,
    Branch,
    Callee,
    ClassRef,
    Const,
    Data,
    Handler,
    HandlerRef,
    Instance,
    Key,
    Opaque,
    PlateRef,
    Symbol,
    Table,
    Text,
    TraceRef,
    Value,
)
from numpyro_lint.model.ir import Sequence as Items
from numpyro_lint.model.loops import changed_in, makes_one_pass, passed_again, turns
from numpyro_lint.model.scope import Body, ClassInfo, Definition, Scope, join, together
from numpyro_lint.model.sites import put_around
from numpyro_lint.model.strings import concatenated
from numpyro_lint.record import replace
from numpyro_lint.syntax.names import canonical, imported, local_names

_STARS = {
    "numpyro.handlers": tuple(HANDLERS),
    "numpyro": (
        *(n.rpartition(".")[2] for n in PRIMITIVES if n.count(".") == 1),
        *("distributions", "handlers", "infer", "render_model"),
    ),
    "numpyro.contrib.control_flow": tuple(n.rpartition(".")[2] for n in CONTROL_FLOW),
    "numpyro.contrib.module": tuple(n.rpartition(".")[2] for n in MODULES if ".contrib." in n),
    "numpyro.infer": tuple(n.rpartition(".")[2] for n in (*KERNELS, *ENGINES, *RUNNERS)),
    "numpyro.infer.reparam": tuple(REPARAMS),
}


def execute(body: Body, statements: Sequence[ast.stmt]) -> bool:
    """Reads statements in order; True when what follows them is not reached.

    Where some branch has left, the reader's branches say so of what follows.
    """
    loops = body.loops
    body.loops = passed_again(loops, statements)
    left = any(_is_left(body, statement) for statement in statements)
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
    evaluate(body, node.value)


def _assign(body: Body, node: ast.Assign) -> None:
    value = evaluate(body, node.value)
    for target in node.targets:
        assign_target(body, target, value)


def _annotated(body: Body, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assign_target(body, node.target, evaluate(body, node.value))


def _augmented(body: Body, node: ast.AugAssign) -> None:
    value = evaluate(body, node.value)
    if isinstance(node.target, ast.Name):
        old = body.look_up(node.target.id)
        new: Value
        if isinstance(old, Text) and isinstance(node.op, ast.Add):
            new = concatenated(old, value) or Opaque()
        elif isinstance(old, Table) and isinstance(value, Table):
            new = Table(old.keys + value.keys, old.complete and value.complete)
        elif isinstance(old, (Items, Table)):
            new = Opaque(depends=together(old, value))
        else:
            new = Data(depends=together(old, value))
        body.assign(node.target.id, new, body.file.span(node).start)


def assign_target(body: Body, target: ast.expr, value: Value) -> None:
    """Binds an assignment's target."""
    at = body.file.span(target).start
    if isinstance(target, ast.Name):
        body.assign(target.id, value, at)
    elif isinstance(target, (ast.Tuple, ast.List)):
        items = value.items if isinstance(value, Items) else ()
        plain = not any(isinstance(each, ast.Starred) for each in target.elts)
        same = plain and len(items) == len(target.elts)
        for index, each in enumerate(target.elts):
            inner = each.value if isinstance(each, ast.Starred) else each
            part = items[index] if same else _part(value)
            assign_target(body, inner, part)
    elif isinstance(target, ast.Attribute):
        _assign_attribute(body, target, value)
    elif isinstance(target, ast.Subscript):
        _assign_item(body, target, value)


def _part(value: Value) -> Value:
    return Data(depends=value.depends) if isinstance(value, Data) else Opaque(depends=value.depends)


def _assign_attribute(body: Body, target: ast.Attribute, value: Value) -> None:
    owner = evaluate(body, target.value)
    if isinstance(owner, Instance):
        attributes = body.file.classes[owner.key].attributes
        known = value if not value.depends and not isinstance(value, Data) else None
        if target.attr in attributes and attributes[target.attr] != known:
            attributes[target.attr] = None
        else:
            attributes[target.attr] = known if _is_settled(known) else None


def _is_settled(value: Value | None) -> bool:
    """A value that does not depend on how the object was made."""
    return isinstance(value, (Const, Text, Callee, Instance, Symbol)) and not (
        isinstance(value, Text) and value.name.literal is None
    )


def _assign_item(body: Body, target: ast.Subscript, value: Value) -> None:
    owner = evaluate(body, target.value)
    index = evaluate(body, target.slice)
    if isinstance(target.value, ast.Name) and isinstance(owner, (Table, Items)):
        new: Value = Opaque(depends=together(owner, value))
        if isinstance(owner, Table):
            literal = index.name.literal if isinstance(index, Text) else None
            if literal is None:
                new = Table(owner.keys, False)
            else:
                key = Key(literal, body.file.span(target.slice), value)
                new = Table((*owner.keys, key), owner.complete)
        body.assign(target.value.id, new, body.file.span(target).start)


def _delete(body: Body, node: ast.Delete) -> None:
    for target in node.targets:
        at = body.file.span(node).start
        if isinstance(target, ast.Name):
            body.assign(target.id, Opaque(), at)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            held, index = evaluate(body, target.value), evaluate(body, target.slice)
            if isinstance(held, (Table, Items)):
                body.assign(target.value.id, without(held, index), at)


def _return(body: Body, node: ast.Return) -> bool:
    value = evaluate(body, node.value) if node.value is not None else Const(None)
    body.returns.append(value)
    return True


def _leave(body: Body, node: ast.stmt) -> bool:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            evaluate(body, child)
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
        for name in merged.keys() | end.keys():
            if name in merged and name in end:
                merged[name] = join(merged[name], end[name])
            else:
                merged[name] = merged.get(name) or end[name]
    return merged


def _if(body: Body, node: ast.If) -> bool:
    test = test_of(body, node.test)
    evaluate(body, node.test)
    chosen = constant_truth(node.test)
    if chosen is not None:
        return execute(body, node.body if chosen else node.orelse)
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
        return execute(body, [*node.body, *node.orelse])

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
    evaluate(body, node.subject)
    arms: list[tuple[Any, Callable[[], bool]]] = []
    for case in node.cases:
        arms.append((None, lambda c=case: _case(body, c)))  # type: ignore[misc]
    arms.append((None, lambda: False))
    return _arms(body, body.file.span(node).start, arms, turns(body, node.subject))


def _case(body: Body, case: ast.match_case) -> bool:
    for part in ast.walk(case.pattern):
        name = getattr(part, "name", None)
        if isinstance(name, str):
            body.variables[name] = Opaque()
    return execute(body, case.body)


def _for(body: Body, node: ast.For | ast.AsyncFor) -> None:
    iterated = evaluate(body, node.iter)
    again = not makes_one_pass(node.iter, iterated)
    _loop(body, node, again, lambda: bind_loop_target(body, node.target, iterated))


def _while(body: Body, node: ast.While) -> None:
    evaluate(body, node.test)
    _loop(body, node, True, lambda: None)


def _loop(
    body: Body, node: ast.For | ast.AsyncFor | ast.While, again: bool, start: Callable[[], None]
) -> None:
    before, loops, turning = dict(body.variables), body.loops, body.turning
    if again:
        body.loops = (*loops, body.file.span(node))
    body.turning = turning | changed_in([node])
    for name in changed_in(node.body) & body.variables.keys():
        # What the loop rebinds is not what it was before, but for what each pass starts with.
        body.variables[name] = _loosened(body.variables[name])
    start()
    outside = body.branches
    if isinstance(node.body[-1], (ast.Return, ast.Raise)):
        # Only a loop without any pass comes to what follows.
        key = body.file.span(node).start
        _arms(body, key, [(None, lambda: execute(body, node.body)), (None, lambda: False)], False)
    else:
        execute(body, node.body)
    inside, body.branches = body.branches[len(outside) :], outside
    _leave_in_part(body, inside)
    body.loops, body.turning = loops, turning
    body.variables = _merge([body.variables, before])
    execute(body, node.orelse)


def _loosened(value: Value) -> Value:
    if isinstance(value, (Text, Const, Items)):
        return Opaque(depends=value.depends)
    if isinstance(value, Table):
        return Table(value.keys, False, depends=value.depends)
    return value


def _with(body: Body, node: ast.With | ast.AsyncWith) -> bool:
    frames = body.frames
    for item in node.items:
        context = evaluate(body, item.context_expr)
        _enter(body, item, context)
    left = execute(body, node.body)
    body.frames = frames
    return left


def _enter(body: Body, item: ast.withitem, context: Value) -> None:
    bound: Value = Opaque()
    if isinstance(context, HandlerRef):
        calls.enter(body, context)
        if context.handler.kind in ("trace", "collapse"):
            bound = TraceRef(context.handler.span)
    elif isinstance(context, PlateRef):
        calls.enter(body, context)
        bound = Data()
    elif not _is_quiet(body, item.context_expr):
        span = body.file.span(item.context_expr)
        body.frames = (*body.frames, Handler("opaque", span, (), "context", False))
    if item.optional_vars is not None:
        assign_target(body, item.optional_vars, bound)


def _is_quiet(body: Body, node: ast.expr) -> bool:
    """A context manager that cannot be a handler: open(...), warnings.catch_warnings() ..."""
    function = node.func if isinstance(node, ast.Call) else node
    value = evaluate(body, function) if not isinstance(function, ast.Call) else Opaque()
    if isinstance(value, Symbol):
        root = value.qualified.partition(".")[0]
        return root in SILENT_PACKAGES
    return isinstance(value, (Data, Const))


def _import(body: Body, node: ast.Import | ast.ImportFrom) -> None:
    at = body.file.span(node).start
    for name, qualified in imported(node):
        if name == "*":
            home = canonical(qualified.removesuffix(".*") + ".x").removesuffix(".x")
            for each in _STARS.get(home, ()):
                body.assign(each, Symbol(canonical(f"{home}.{each}")), at)
            if home == "numpyro.distributions":
                for family in FAMILIES:
                    body.assign(family, Symbol(f"{home}.{family}"), at)
        else:
            body.assign(name, Symbol(canonical(qualified)), at)


def _shared(body: Body, node: ast.Global | ast.Nonlocal) -> None:
    body.shared.update(node.names)


def _function(body: Body, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    span = body.file.span(node)
    value = define(body, node, None)
    body.assign(node.name, value, span.start)


def define(
    body: Body, node: ast.FunctionDef | ast.AsyncFunctionDef, class_key: int | None, owner: str = ""
) -> Value:
    """Notes a function to be read later; gives it with its decorators' handlers around it."""
    file = body.file
    key = file.span(node).start
    prefix = owner or (f"{body.qualname}.<locals>" if body.qualname else "")
    qualname = f"{prefix}.{node.name}" if prefix else node.name
    scope = Scope(body.scope, key, local_names(node, file.walrus), file.shared)
    arguments = node.args
    slots = [*arguments.posonlyargs, *arguments.args]
    late = slots[len(slots) - len(arguments.defaults) :]
    defaults = {
        parameter.arg: evaluate(body, default)
        for parameter, default in [
            *zip(late, arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        if default is not None
    }
    file.definitions[key] = Definition(
        node, scope, qualname, class_key, (), body.function, defaults
    )
    value: Value = Callee(key, node.name, span=None)
    for decorator in reversed(node.decorator_list):
        made = evaluate(body, decorator)
        if isinstance(made, HandlerRef):
            span = file.span(decorator)
            handler = made.handler
            decorated = Handler(handler.kind, span, handler.args, "decorator", handler.complete)
            value = put_around(body, decorated, value, span)
            value = Callee(value.function, node.name, value.handlers, value.bound)
            file.wrappers[span] = value
    if isinstance(value, Callee) and value.handlers:
        file.definitions[key].handlers = value.handlers
    return value


def _class(body: Body, node: ast.ClassDef) -> None:
    file = body.file
    key = file.span(node).start
    bases = tuple(evaluate(body, base) for base in node.bases)
    info = ClassInfo(node.name, bases)
    file.classes[key] = info
    prefix = f"{body.qualname}.<locals>.{node.name}" if body.qualname else node.name
    for statement in node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            define(body, statement, key, prefix)
            info.methods[statement.name] = file.span(statement).start
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            if statement.value is None:
                continue
            value = evaluate(body, statement.value)
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    info.attributes[target.id] = value if _is_settled(value) else None
    for name, times in _attributes_set(node).items():
        if times > 1 or name in info.attributes:
            info.attributes[name] = None
    body.assign(node.name, ClassRef(key), key)


def _attributes_set(node: ast.ClassDef) -> Counter[str]:
    """How often the methods of a class set each attribute, of whatever object."""
    stores = (each for each in ast.walk(node) if isinstance(each, ast.Attribute))
    return Counter(each.attr for each in stores if isinstance(each.ctx, ast.Store))


_READERS: dict[type, Callable[[Body, Any], bool | None]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.Return: _return,
    ast.Raise: _leave,
    ast.Break: _leave,
    ast.Continue: _leave,
    ast.If: _if,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.Global: _shared,
    ast.Nonlocal: _shared,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
}
