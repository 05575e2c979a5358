"""Everything read of a file so far: its functions, classes, stacks and runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from numpyro_lint.model.ir import (
    Callee,
    ClassRef,
    Handler,
    Symbol,
    Value,
)
from numpyro_lint.model.program import (
    Function,
    Held,
    Measure,
    Read,
    Run,
    Stack,
)
from numpyro_lint.record import field, record
from numpyro_lint.text import Source, Span

if TYPE_CHECKING:
    from numpyro_lint.model.imports import Imports
    from numpyro_lint.model.scope import Scope

_new = tuple.__new__
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _places(source: Source, base: int) -> Callable[[Any], Span]:
    """What gives the place of a node: it is asked for every call and every argument.

    `base`: where the file begins.
    """
    lines = [0, *[base + start for start in source.line_starts]]
    wide = source.wide

    def offset(line: int, column: int) -> int:
        return base + source.offset(line, column) if line in wide else lines[line] + column

    def with_wide(node: Any) -> Span:
        first = offset(node.lineno, node.col_offset)
        return Span(first, offset(node.end_lineno, node.end_col_offset))

    def span(node: Any) -> Span:
        # `tuple.__new__` takes half of what `Span(...)` does.
        first = lines[node.lineno] + node.col_offset
        return _new(Span, (first, lines[node.end_lineno] + node.end_col_offset))

    return with_wide if wide else span


@record(frozen=False)
class ClassInfo:
    """A class of the file: its methods by name, its bases, and what it is known to hold.

    `fields`: the parameters of an `__init__` that is made from annotations, with their defaults.
    """

    name: str
    bases: tuple[Value, ...]
    methods: dict[str, int] = field(default_factory=dict)
    attributes: dict[str, Value | None] = field(default_factory=dict)
    fields: dict[str, Value | None] = field(default_factory=dict)


@record(frozen=False)
class File:
    """Everything read of a file so far.

    `changed` are the inference objects whose results are written to, `handed_on` those whose
    results were given to functions that may write to them.
    """

    source: Source
    read_function: Callable[[File, int], None]
    definitions: dict[int, Definition] = field(default_factory=dict)
    functions: dict[int, Function] = field(default_factory=dict)
    classes: dict[int, ClassInfo] = field(default_factory=dict)
    stacks: list[Stack] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    wrappers: dict[Span, Callee] = field(default_factory=dict)
    wrapper_homes: dict[Span, int | None] = field(default_factory=dict)
    consumed: set[Span] = field(default_factory=set)
    handlers: list[Handler] = field(default_factory=list)
    dropped: list[Handler] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    changed: set[Span] = field(default_factory=set)
    handed_on: set[Span] = field(default_factory=set)
    reading: set[int] = field(default_factory=set)
    shared: frozenset[str] = frozenset()
    walrus: bool = True
    yields: bool = True
    base: int = 0
    imports: Imports | None = None
    first: File | None = None
    # The place of a node that has one.
    span: Callable[[Any], Span] = field(init=False)

    def __post_init__(self) -> None:
        self.span = _places(self.source, self.base)

    def start(self, node: Any) -> int:
        """Where a node begins."""
        return self.span(node).start

    def written(self, span: Span) -> str:
        """The text of a span of this file."""
        return self.source.text[span.start - self.base : span.end - self.base]

    def may_yield(self, node: ast.AST) -> bool:
        """Whether the word stands anywhere in a function: most files need not be searched."""
        return self.yields and "yield" in self.written(self.span(node))

    def shown(self, node: ast.AST) -> str:
        """A node as it is written, on one line."""
        text = self.written(self.span(node))
        return " ".join(text.split()) if "\n" in text else text

    def followed(self, symbol: Symbol) -> Value:
        """What something imported is, if a file of the project defines it."""
        if self.imports is None or symbol.bound is not None:
            return symbol
        return self.imports.value(self, symbol.qualified) or symbol

    @property
    def main(self) -> File:
        """The file that led to this one, and begins at 0."""
        return self.first or self

    def function(self, key: int) -> Function | None:
        """A function of the file, read on demand; while it is being read (recursion), None."""
        if key not in self.functions and key in self.definitions and key not in self.reading:
            self.read_function(self, key)
        return self.functions.get(key)

    def close(self) -> None:
        """Lets go of all that holds the file itself: it is freed at once, not by the collector."""
        self.definitions.clear()
        if self.imports is not None:
            self.imports.files.clear()

    def find_method(self, class_key: int, name: str) -> int | None:
        return self.methods_of(class_key).get(name)

    def methods_of(self, class_key: int, depth: int = 0) -> dict[str, int]:
        """The methods of a class, those of its bases included."""
        info = self.classes[class_key]
        found: dict[str, int] = {}
        for base in reversed(info.bases):
            if isinstance(base, ClassRef) and depth < 16:
                found |= self.methods_of(base.key, depth + 1)
        return found | info.methods

    def attributes_of(self, class_key: int, depth: int = 0) -> dict[str, Value | None]:
        """The attributes of a class and its bases: None for one of which nothing is known."""
        info = self.classes[class_key]
        found: dict[str, Value | None] = {}
        for base in reversed(info.bases):
            if isinstance(base, ClassRef) and depth < 16:
                found |= self.attributes_of(base.key, depth + 1)
        return found | info.attributes

    def fields_of(self, class_key: int, depth: int = 0) -> dict[str, Value | None]:
        """The fields of a class and its bases, in order."""
        info = self.classes[class_key]
        found: dict[str, Value | None] = {}
        for base in reversed(info.bases):
            if isinstance(base, ClassRef) and depth < 16:
                found |= self.fields_of(base.key, depth + 1)
        return found | info.fields

    def derived(self, class_key: int) -> Iterator[ClassInfo]:
        """The classes of the file that are derived from a class, at any remove."""
        for key, info in self.classes.items():
            if any(isinstance(base, ClassRef) and base.key == class_key for base in info.bases):
                yield info
                if key != class_key:
                    yield from self.derived(key)

    def is_open(self, class_key: int, name: str) -> bool:
        """Whether a derived class may stand in for a method: abstract, or overridden in sight."""
        if any(name in info.methods for info in self.derived(class_key)):
            return True
        method = self.find_method(class_key, name)
        return method is not None and _is_abstract(self.definitions[method].node)


def _is_abstract(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Whether a method does nothing but say that a derived class has it."""
    if isinstance(node, ast.Lambda):
        return False
    return all(
        isinstance(each, (ast.Pass, ast.Raise))
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        for each in node.body
    )


def _yields(node: ast.AST) -> bool:
    """Whether a function has a `yield` of its own, not in a function inside it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(child, _FUNCTIONS) and _yields(child):
            return True
    return False


_KINDS = {
    "property": "property",
    "cached_property": "property",
    "staticmethod": "static",
    "classmethod": "class",
}


@record(frozen=False)
class Definition:
    """A function that is still to be read, in the file that holds it."""

    home: File
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    qualname: str
    class_key: int | None = None
    handlers: tuple[Handler, ...] = ()
    enclosing: int | None = None
    defaults: dict[str, Value] = field(default_factory=dict)
    _is_generator: bool | None = None

    @property
    def is_generator(self) -> bool:
        """Whether a call runs nothing yet."""
        if self._is_generator is None:
            self._is_generator = self.home.may_yield(self.node) and _yields(self.node)
        return self._is_generator

    @property
    def is_context(self) -> bool:
        """Whether `contextlib.contextmanager` makes a context of it."""
        decorators = getattr(self.node, "decorator_list", ())
        return any(
            "contextmanager" in (getattr(d, "attr", ""), getattr(d, "id", "")) for d in decorators
        )

    @property
    def kind(self) -> str:
        """What its decorators make of a method: `plain`, `property`, `static` or `class`."""
        for each in getattr(self.node, "decorator_list", ()):
            leaf = each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", None)
            if leaf in _KINDS:
                return _KINDS[leaf]
        return "plain"
