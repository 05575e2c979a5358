"""What the reader notes of values that JAX traces: questions for their truth, numbers, shapes."""

from __future__ import annotations

import ast

from numpyro_lint.facts.tracing import SHAPES, SIZED, asks_for_values, tells_form
from numpyro_lint.model.arithmetic import called
from numpyro_lint.model.branches import negated, test_of
from numpyro_lint.model.ir import (
    NOTHING,
    Arguments,
    Branch,
    Data,
    Dist,
    Instance,
    Opaque,
    Origins,
    Sequence,
    Value,
    unknown,
)
from numpyro_lint.model.scope import Body, together
from numpyro_lint.text import Span

_TABLES = ("pandas", "polars")
_TRACED = ("jax.numpy", "jax.nn", "jax.scipy", "jax.lax")
# What makes an array of numpy's, whatever it is given.
_NUMPY_ARRAYS = frozenset(
    f"numpy.{name}" for name in "array asarray arange linspace zeros ones".split()
)
_NUMBERS = frozenset({"float", "int", "complex", "bool"})
_SAME = frozenset({"abs", "sum", "round"})
_COMPARING = frozenset({"max", "min", "sorted"})


def drawn_of(*values: Value) -> Origins:
    """What values, or those that they hold, are arrays of."""
    found: Origins = NOTHING
    for value in values:
        if value.drawn:
            found |= value.drawn
        elif isinstance(value, Sequence):
            found |= drawn_of(*value.items)
    return found


def tested(body: Body, node: ast.expr, value: Value, detail: str) -> None:
    """Python asks `value` for its truth."""
    if not value.drawn:
        return
    before = body.branches
    while isinstance(node, ast.BoolOp):
        # Only the last operand is what comes out, where those before it let it.
        test = test_of(body, node.values[0])
        test = test if isinstance(node.op, ast.And) else negated(test)
        body.branches = (*body.branches, Branch(body.file.span(node).start, 1, test))
        node = node.values[-1]
    body.note("test", body.file.span(node), detail, value.drawn)
    body.branches = before


def array_call(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    """The value of a call of numpy, JAX or another library that sends no message."""
    home, _, leaf = qualified.rpartition(".")
    depends = together(*[item.value for item in arguments.items])
    if tells_form(home, leaf):
        return Data(leaf == "shape")
    if not home.startswith(("jax", "numpy", "math", "scipy")):
        # A table: its columns, and what is computed of them, are never None.
        return Data(depends=depends) if home.startswith(_TABLES) else unknown(depends)
    drawn = drawn_of(*[item.value for item in arguments.items]) if depends else NOTHING
    if drawn:
        if asks_for_values(home, leaf):
            body.note("numpy", span, qualified, drawn)
        elif home.startswith("jax"):
            _note_shape(body, qualified, arguments, span)
            drawn = drawn if home.startswith(_TRACED) else NOTHING
    if home.startswith("scipy"):
        return Opaque(depends=depends, drawn=drawn)
    return Data(made=called(qualified, arguments), depends=depends, drawn=drawn)


def _note_shape(body: Body, qualified: str, arguments: Arguments, span: Span) -> None:
    if qualified in SHAPES:
        places, keywords = SHAPES[qualified]
        given = [item for n, item in enumerate(arguments.positional) if n in places]
        given += [item for name, item in arguments.keyword.items() if name in keywords]
    elif qualified in SIZED or (
        qualified == "jax.numpy.where" and len(arguments.items) == 1 and arguments.complete
    ):
        given = list(arguments.items)
        if "size" in arguments.keyword:
            return
    elif qualified == "jax.numpy.repeat" and "total_repeat_length" not in arguments.keyword:
        given = list(arguments.items[1:2])
    else:
        return
    drawn = drawn_of(*(item.value for item in given))
    if drawn:
        body.note("shape", span, qualified, drawn)


def builtin_call(body: Body, name: str, values: list[Value], span: Span) -> Origins:
    """Notes what a built-in function does with arrays; gives what its result is an array of."""
    drawn = drawn_of(*values)
    if not drawn:
        return NOTHING
    if name in _NUMBERS:
        body.note("convert" if name != "bool" else "test", span, f"{name}()", drawn)
    elif name in ("any", "all") or (
        name in _COMPARING and (len(values) > 1 or isinstance(values[0], Sequence))
    ):
        body.note("test", span, f"{name}()", drawn)
    elif name == "range":
        body.note("shape", span, "range()", drawn)
    return drawn if name in _SAME or name in _COMPARING else NOTHING


def method_call(body: Body, base: Value, method: str, arguments: Arguments, span: Span) -> Origins:
    """Notes what a method of an array does; gives what its result is an array of."""
    if isinstance(base, Dist):
        if method == "expand":
            for item in arguments.items:
                note_shape(body, item.value, ".expand()", span)
        held = [value for _, value in base.args] + [item.value for item in arguments.items]
        return drawn_of(*held) if method in ("log_prob", "cdf", "icdf") else NOTHING
    if method in ("item", "tolist") and base.drawn:
        body.note("convert", span, f".{method}()", base.drawn)
    elif method == "reshape" and isinstance(base, Data):
        for item in arguments.items:
            note_shape(body, item.value, ".reshape()", span)
    return base.drawn


def note_shape(body: Body, value: Value, detail: str, span: Span) -> None:
    """`value` becomes a shape."""
    if value.depends and (drawn := drawn_of(value)):
        body.note("shape", span, detail, drawn)


def indexed_by(body: Body, node: ast.Subscript, base: Value, index: Value) -> None:
    """`base[index]` with an index that is traced."""
    if not index.drawn:
        return
    span = body.file.span(node)
    if isinstance(node.slice, ast.Slice):
        body.note("shape", span, "a slice", index.drawn)
    elif isinstance(base, Sequence):
        body.note("convert", span, "an index of a list", index.drawn)
    elif isinstance(base, Data) and base.made and base.made.op in _NUMPY_ARRAYS:
        body.note("numpy", span, "an index of a numpy array", index.drawn)
    elif isinstance(node.slice, ast.Compare):
        body.note("shape", span, "a mask as index", index.drawn)


def changes(body: Body, target: ast.expr, node: ast.AST, *values: Value) -> None:
    """Notes that something which was there before the call is changed, to an array or as a name."""
    drawn = drawn_of(*values)
    if not drawn and not body.shared:
        return
    root = target
    while isinstance(root, (ast.Attribute, ast.Subscript)):
        root = root.value
    if body.function is None or not isinstance(root, ast.Name):
        return
    held = body.variables.get(root.id)
    free = held is None and root.id not in body.scope.names
    owned = isinstance(held, Instance) and held.param is not None
    if owned and body.qualname.endswith(".__init__"):
        return
    if (drawn and (free or owned)) or root.id in body.shared:
        detail = f"'{ast.unparse(target)}' keeps what it is given"
        body.note("effect", body.file.span(node), detail, drawn)
