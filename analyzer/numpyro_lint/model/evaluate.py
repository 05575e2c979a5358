"""Expressions: what each is known to be, and the steps that its evaluation takes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from numpyro_lint.facts.tracing import ARRAY_ATTRIBUTES, FORM_ATTRIBUTES
from numpyro_lint.model import calls, hazards, methods, results, strings
from numpyro_lint.model.arithmetic import combined, indexed, minus
from numpyro_lint.model.binding import spread
from numpyro_lint.model.branches import constant_truth, in_branch, negated, test_of
from numpyro_lint.model.comprehensions import comprehension
from numpyro_lint.model.containers import CHANGING, changed, changed_as_passed
from numpyro_lint.model.derive import derive
from numpyro_lint.model.files import Definition
from numpyro_lint.model.ir import (
    NOTHING,
    Argument,
    Arguments,
    Branch,
    Callee,
    ClassRef,
    Const,
    Data,
    Derived,
    Expression,
    Instance,
    Key,
    Opaque,
    Param,
    Result,
    Sequence,
    Symbol,
    Table,
    Text,
    Value,
    symbol,
)
from numpyro_lint.model.loops import captured, turns
from numpyro_lint.model.members import call_super, member
from numpyro_lint.model.name import Name
from numpyro_lint.model.scope import Body, Scope, join, together
from numpyro_lint.syntax.names import COMPREHENSIONS, local_names

_MEASURES = frozenset({"shape", "ndim", "size", "dtype"})


def evaluate(body: Body, node: ast.expr) -> Value:
    """What `node` is known to be; its calls become steps of `body`, in order of evaluation."""
    return _READERS[node.__class__](body, node)


def _other(body: Body, node: ast.expr) -> Value:
    return Opaque(depends=together(*_children(body, node)))


def _comprehension(body: Body, node: ast.expr) -> Value:
    return comprehension(body, node, evaluate)


def _children(body: Body, node: ast.expr) -> list[Value]:
    children = ast.iter_child_nodes(node)
    return [evaluate(body, child) for child in children if isinstance(child, ast.expr)]


def _constant(body: Body, node: ast.Constant) -> Value:
    return _literal(node.value)


@lru_cache(maxsize=1024, typed=True)
def _literal(value: Any) -> Value:
    """What a literal is known to be: most are names of sites and small numbers, time and again."""
    if isinstance(value, str):
        return Text(Name.of(value))
    return Data() if value is ... else Const(value)


def _name(body: Body, node: ast.Name) -> Value:
    return body.look_up(node.id)


def _f_string(body: Body, node: ast.JoinedStr) -> Value:
    values: list[tuple[Value, bool]] = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            plain = part.format_spec is None and part.conversion in (-1, ord("s"))
            value = evaluate(body, part.value)
            if part.format_spec is not None and value.drawn and part.conversion == -1:
                body.note("convert", body.file.span(part.value), "a format", value.drawn)
            values.append((value, plain))
        else:
            values.append((evaluate(body, part), True))
    return strings.f_string(values)


def _attribute(body: Body, node: ast.Attribute) -> Value:
    return _attribute_of(body, evaluate(body, node.value), node)


def _attribute_of(body: Body, base: Value, node: ast.Attribute) -> Value:
    if isinstance(base, Symbol):
        return body.file.followed(symbol(f"{base.qualified}.{node.attr}"))
    if isinstance(base, (Instance, ClassRef)):
        return member(body, base, node)
    if isinstance(base, Param) and node.attr in _MEASURES:
        calls.note_measure(body, base, body.file.span(node))
    if node.attr == "shape":
        return Data(True, Expression(".shape", (base,)))
    if node.attr in ARRAY_ATTRIBUTES and base.drawn:
        made = Expression(f".{node.attr}", (base,))
        return Data(made=made, depends=base.depends, drawn=base.drawn)
    if isinstance(base, Param):
        return part_of_param(base, node.attr)
    if isinstance(base, Data):
        return Data(depends=NOTHING if node.attr in FORM_ATTRIBUTES else base.depends)
    return Opaque(depends=base.depends)


def part_of_param(base: Param, attribute: str) -> Param:
    """An attribute of what a parameter holds: known where an object of the file is passed."""
    key = f"{base.key}.{attribute}"
    return Param(f"{base.name}.{attribute}", key, depends=base.depends | {key})


def arguments_of(body: Body, node: ast.Call) -> Arguments:
    """The arguments of a call, evaluated as Python does: positional ones, then keywords."""
    span, items, held = body.file.span, [], False
    for child in node.args:
        if isinstance(child, ast.Starred):
            held = True
            items.append(Argument(evaluate(body, child.value), span(child), None, True))
        else:
            items.append(Argument(_READERS[child.__class__](body, child), span(child)))
    for keyword in node.keywords:
        name, child = keyword.arg, keyword.value
        held = held or name is None
        value = _READERS[child.__class__](body, child)
        items.append(Argument(value, span(child), name or "**", name is None))
    return Arguments(spread(items) if held else tuple(items))


def _call(body: Body, node: ast.Call) -> Value:
    span = body.file.span(node)
    if isinstance(node.func, ast.Attribute):
        if isinstance(node.func.value, ast.Call) and _is_super(node.func.value):
            return call_super(body, node.func.attr, arguments_of(body, node), span)
        base = evaluate(body, node.func.value)
        if not isinstance(base, (Symbol, Instance, ClassRef)):
            arguments = arguments_of(body, node)
            _note_change(body, node.func, base, arguments)
            return methods.call_method(body, base, node.func, arguments, span)
        function = _attribute_of(body, base, node.func)
    else:
        function = evaluate(body, node.func)
    arguments = arguments_of(body, node)
    if isinstance(function, (Opaque, Param)):
        return calls.call_unknown(body, function, body.file.shown(node.func), arguments, span)
    return calls.call(body, function, arguments, span)


def _is_super(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "super"


def _note_change(body: Body, method: ast.Attribute, base: Value, arguments: Arguments) -> None:
    """A container in a variable is another one after a method has changed it."""
    if method.attr not in CHANGING:
        return
    if method.attr == "append" and isinstance(method.value, ast.Name) and arguments.positional:
        body.appended[method.value.id] = arguments.positional[0].value
    if method.attr in ("setdefault", "update"):
        results.note_change(body, base)
    if isinstance(base, (Table, Sequence)):
        given = (item.value for item in arguments.items)
        hazards.changes(body, method.value, method, *given)
        if isinstance(method.value, ast.Name):
            at = body.file.span(method).start
            body.assign(method.value.id, changed(base, method.attr, arguments), at)
    elif isinstance(base, (Param, Derived)) and isinstance(method.value, ast.Name):
        changed_as_passed(body, method.value.id, base, body.file.span(method).start)


def _binary(body: Body, node: ast.BinOp) -> Value:
    return combined(node.op, evaluate(body, node.left), evaluate(body, node.right))


def _unary(body: Body, node: ast.UnaryOp) -> Value:
    value = evaluate(body, node.operand)
    if isinstance(node.op, ast.Not):
        hazards.tested(body, node.operand, value, "not")
        return Data(depends=value.depends)
    if isinstance(node.op, ast.USub):
        return minus(value)
    return Data(depends=value.depends, drawn=value.drawn)


_BY_IDENTITY = (ast.Is, ast.IsNot)
_BY_ITEMS = (ast.In, ast.NotIn)


def _compare(body: Body, node: ast.Compare) -> Value:
    values = [evaluate(body, child) for child in (node.left, *node.comparators)]
    depends = together(*values)
    if not depends or any(isinstance(op, _BY_IDENTITY) for op in node.ops):
        return Data(depends=depends)
    drawn = hazards.drawn_of(values[0], values[1])
    if any(isinstance(op, _BY_ITEMS) for op in node.ops):
        if values[0].drawn and isinstance(values[1], Sequence) and values[1].items:
            hazards.tested(body, node, values[0], "in")
        return Data(depends=depends)
    if len(node.ops) > 1:
        hazards.tested(body, node, Data(drawn=drawn), "a chain of comparisons")
        return Data(depends=depends)
    return Data(depends=depends, drawn=values[0].drawn | values[1].drawn)


def _bool(body: Body, node: ast.BoolOp) -> Value:
    first = evaluate(body, node.values[0])
    values = [first]
    key = body.file.span(node).start
    word = "and" if isinstance(node.op, ast.And) else "or"
    for arm, child in enumerate(node.values[1:], 1):
        hazards.tested(body, node.values[arm - 1], values[-1], word)
        branch = Branch(key, arm, turns=any(turns(body, each) for each in node.values[:arm]))
        values.append(in_branch(body, branch, partial(evaluate, body, child)))
    return Opaque(depends=together(*values), drawn=values[-1].drawn)


def _conditional(body: Body, node: ast.IfExp) -> Value:
    test = test_of(body, node.test)
    hazards.tested(body, node.test, evaluate(body, node.test), "a conditional expression")
    key = body.file.span(node).start
    chosen = constant_truth(node.test)
    if chosen is not None:
        return evaluate(body, node.body if chosen else node.orelse)
    turning = turns(body, node.test)
    arms = Branch(key, 0, test, turning), Branch(key, 1, negated(test), turning)
    yes = in_branch(body, arms[0], lambda: evaluate(body, node.body))
    no = in_branch(body, arms[1], lambda: evaluate(body, node.orelse))
    joined = join(yes, no)
    if test is not None and type(joined) is Opaque and not joined.drawn:
        return derive("if", test.value, yes, no)
    return joined


def _dict(body: Body, node: ast.Dict) -> Value:
    keys: list[Key] = []
    complete = True
    values: list[Value] = []
    for key, item in zip(node.keys, node.values, strict=True):
        name = evaluate(body, key) if key is not None else None
        value = evaluate(body, item)
        values.append(value)
        if key is None and isinstance(value, Table):
            keys.extend(value.keys)
            complete = complete and value.complete
        elif key is not None and isinstance(name, Text) and name.name.literal is not None:
            keys.append(Key(name.name.literal, body.file.span(key), value, body.file.span(item)))
        elif not isinstance(name, Const):
            complete = False
    return Table(tuple(keys), complete, depends=together(*values))


def _sequence(body: Body, node: ast.List | ast.Tuple | ast.Set) -> Value:
    if any(child.__class__ is ast.Starred for child in node.elts):
        return Opaque(depends=together(*_children(body, node)))
    items = tuple([evaluate(body, child) for child in node.elts])
    spans = tuple(map(body.file.span, node.elts))
    return Sequence(items, spans, depends=together(*items))


def _subscript(body: Body, node: ast.Subscript) -> Value:
    base, index = evaluate(body, node.value), evaluate(body, node.slice)
    if isinstance(node.slice, ast.Slice) and isinstance(base, Sequence):
        parts = (node.slice.lower, node.slice.upper, node.slice.step)
        bounds = [Const(None) if part is None else evaluate(body, part) for part in parts]
        return derive("slice", base, *bounds)
    if isinstance(base, Result):
        results.note_read(body, base, index, body.file.span(node.slice))
    hazards.indexed_by(body, node, base, index)
    is_slice = isinstance(node.slice, ast.Slice)
    found = indexed(base, index, is_slice)
    return found if is_slice or not isinstance(found, Opaque) else derive("item", base, index)


def _slice(body: Body, node: ast.Slice) -> Value:
    values = _children(body, node)
    return Opaque(depends=together(*values), drawn=hazards.drawn_of(*values))


def _lambda(body: Body, node: ast.Lambda) -> Value:
    file = body.file
    span = file.span(node)
    qualname = f"{body.qualname}.<locals>.<lambda>" if body.qualname else "<lambda>"
    # A lambda that stands in a loop is read again by each pass: one definition is enough.
    if span.start not in file.definitions:
        outer = body.scope
        if body.captured:
            outer = Scope(outer, span.start, body.captured)
        scope = Scope(outer, span.start, local_names(node, file.walrus), file.shared)
        file.definitions[span.start] = Definition(
            file, node, scope, qualname, None, (), body.function
        )
    return Callee(span.start, "<lambda>", span=span, depends=captured(body, node))


def _named(body: Body, node: ast.NamedExpr) -> Value:
    value = evaluate(body, node.value)
    body.assign(node.target.id, value, body.file.span(node).start)
    return value


def _nested(body: Body, node: Any) -> Value:
    return evaluate(body, node.value) if node.value is not None else Const(None)


def _yield(body: Body, node: ast.Yield | ast.YieldFrom) -> Value:
    body.yields.append(body.frames)
    return _nested(body, node)


_READERS: dict[type, Callable[[Body, Any], Value]] = {
    **dict.fromkeys(ast.expr.__subclasses__(), _other),
    ast.Constant: _constant,
    ast.Name: _name,
    ast.JoinedStr: _f_string,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _bool,
    ast.IfExp: _conditional,
    ast.Dict: _dict,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Lambda: _lambda,
    ast.NamedExpr: _named,
    ast.Starred: _nested,
    ast.Await: _nested,
    ast.YieldFrom: _yield,
    ast.Yield: _yield,
    **dict.fromkeys(COMPREHENSIONS, _comprehension),
}
