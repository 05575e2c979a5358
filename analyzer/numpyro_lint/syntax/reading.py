"""Reads a function for what the uses of some names tell of the values behind them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from numpyro_lint.syntax.calls import Keywords, call, keywords_of
from numpyro_lint.syntax.evidence import Evidence, name_of

Functions = Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef]
_Callable = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_OF_ARRAYS = frozenset(
    "shape ndim size dtype T at sum mean std var min max reshape astype ravel flatten squeeze "
    "transpose prod cumsum dot argmax argmin any all clip round copy tolist item swapaxes "
    "repeat diagonal real imag mT".split()
)
_OF_TEXT = frozenset("format join startswith endswith split lower upper strip replace".split())
_OF_TABLES = frozenset("keys items get".split())
_FRAMES = frozenset("to_numpy iloc loc columns index".split())
_SAME = frozenset(("asarray", "array", "astype", "float32", "atleast_1d", "stop_gradient"))
_DEEPEST = 2


def read(node: _Callable, names: Mapping[str, Evidence], functions: Functions) -> None:
    """Gathers the evidence for some names from the body of a function."""
    _Reader(dict(names), functions, 0).body(node)


class _Reader:
    def __init__(self, names: dict[str, Evidence], functions: Functions, depth: int) -> None:
        self.names, self.functions, self.depth = names, functions, depth

    def body(self, node: _Callable) -> None:
        for child in node.body if isinstance(node.body, list) else [node.body]:
            self.visit(child)

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            own = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
            rest = {name: known for name, known in self.names.items() if name not in own}
            _Reader(rest, self.functions, self.depth).body(node)
            return
        reader = _READERS.get(type(node))
        if reader is not None:
            reader(self, node)
        for child in ast.iter_child_nodes(node):
            self.visit(child)

    def known(self, node: ast.AST | None) -> Evidence | None:
        """The evidence for what an expression stands for, where that is a name or a part of one."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.known(node.value)
            if owner is None or node.attr in (_OF_ARRAYS | _OF_TEXT | _OF_TABLES | _FRAMES):
                return owner if owner is not None and node.attr == "values" else None
            if node.attr == "values":
                return owner
            owner.vote("fields", 2)
            return owner.attributes.setdefault(node.attr, Evidence())
        if isinstance(node, ast.Subscript):
            return self._item(node)
        if isinstance(node, ast.Call) and name_of(node.func) in _SAME:
            function = node.func
            if node.args and self.known(node.args[0]):
                return self.known(node.args[0])
            return self.known(function.value) if isinstance(function, ast.Attribute) else None
        return None

    def _item(self, node: ast.Subscript) -> Evidence | None:
        owner = self.known(node.value)
        if owner is None or not isinstance(node.slice, ast.Constant):
            return None
        if not isinstance(node.slice.value, str):
            return None
        owner.vote("items", 4)
        return owner.keys.setdefault(node.slice.value, Evidence())


def _assign(self: _Reader, node: ast.Assign) -> None:
    (target, *_), value = node.targets, node.value
    known = self.known(value)
    pairs = [(target, value)]
    if isinstance(target, ast.Tuple):
        if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
            pairs = list(zip(target.elts, value.elts, strict=True))
        elif isinstance(value, ast.Attribute) and value.attr == "shape":
            owner = self.known(value.value)
            if owner is not None:
                owner.array(len(target.elts), 3)
        elif known is not None:
            known.vote("sequence", 3)
            known.length = len(target.elts)
    for one, other in pairs:
        same = self.known(other)
        if isinstance(one, ast.Name) and same is not None and one.id not in self.names:
            self.names[one.id] = same


def _attribute(self: _Reader, node: ast.Attribute) -> None:
    known = self.known(node.value)
    if known is None:
        return
    if node.attr in _OF_ARRAYS:
        known.array(2 if node.attr in ("T", "mT") else 1)
    elif node.attr in _OF_TEXT:
        known.vote("text", 2)
    elif node.attr in _OF_TABLES:
        known.vote("items", 3)
    elif node.attr in _FRAMES:
        known.vote("frame", 5)
    else:
        self.known(node)


def _subscript(self: _Reader, node: ast.Subscript) -> None:
    index = node.slice
    for each in index.elts if isinstance(index, ast.Tuple) else [index]:
        used = self.known(each)
        if used is not None:
            used.array(0, 2)
            used.of("index", 3)
    if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
        owner, place = self.known(node.value.value), index
        if owner is not None and isinstance(place, ast.Constant) and isinstance(place.value, int):
            owner.array(place.value + 1)
        return
    owner = self.known(node.value)
    if owner is None or (_is_text(index) and self.known(node) is not owner):
        return
    if isinstance(index, ast.Tuple):
        owner.array(sum(not _is_new_axis(each) for each in index.elts))
    else:
        owner.array()


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_new_axis(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value is None
    return isinstance(node, ast.Attribute) and node.attr == "newaxis"


def _call(self: _Reader, node: ast.Call) -> None:
    call(self.known, node)
    name = name_of(node.func)
    if isinstance(node.func, ast.Name) and name in self.functions and self.depth < _DEEPEST:
        _helper(self, self.functions[name], node, keywords_of(node))


def _helper(
    self: _Reader,
    helper: ast.FunctionDef | ast.AsyncFunctionDef,
    node: ast.Call,
    keywords: Keywords,
) -> None:
    """What a function of the file does with what it is given here."""
    slots = [each.arg for each in (*helper.args.posonlyargs, *helper.args.args)]
    given = [*zip(slots, node.args, strict=False), *keywords.items()]
    names = {name: used for name, value in given if (used := self.known(value)) is not None}
    if names:
        _Reader(names, self.functions, self.depth + 1).body(helper)


def _binary(self: _Reader, node: ast.BinOp) -> None:
    for side, operand in enumerate((node.left, node.right)):
        used = self.known(operand)
        if used is not None and isinstance(node.op, ast.MatMult):
            used.array(1 if side else 2, 3)
        elif used is not None:
            used.vote("array")


def _compare(self: _Reader, node: ast.Compare) -> None:
    used = self.known(node.left)
    if used is None:
        return
    for each in node.comparators:
        for constant in ast.walk(each):
            if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                used.vote("text", 3)
                used.texts.append(constant.value)


def _test(self: _Reader, node: ast.If | ast.IfExp) -> None:
    test = node.test
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test = test.operand
    for each in test.values if isinstance(test, ast.BoolOp) else [test]:
        if (used := self.known(each)) is not None:
            used.vote("flag", 2)


def _loop(self: _Reader, node: ast.For | ast.comprehension) -> None:
    if (used := self.known(node.iter)) is not None:
        used.array()


def _formatted(self: _Reader, node: ast.FormattedValue) -> None:
    if (used := self.known(node.value)) is not None:
        used.vote("text")


_READERS: Mapping[type[ast.AST], Callable[[_Reader, ast.AST], None]] = {
    ast.Assign: _assign,  # type: ignore[dict-item]
    ast.Attribute: _attribute,  # type: ignore[dict-item]
    ast.Subscript: _subscript,  # type: ignore[dict-item]
    ast.Call: _call,  # type: ignore[dict-item]
    ast.BinOp: _binary,  # type: ignore[dict-item]
    ast.Compare: _compare,  # type: ignore[dict-item]
    ast.If: _test,  # type: ignore[dict-item]
    ast.IfExp: _test,  # type: ignore[dict-item]
    ast.For: _loop,  # type: ignore[dict-item]
    ast.comprehension: _loop,  # type: ignore[dict-item]
    ast.FormattedValue: _formatted,  # type: ignore[dict-item]
}
