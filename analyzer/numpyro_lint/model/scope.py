"""What the reader of a file knows while it reads: bindings, classes, and the body at hand."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from numpyro_lint.model.ir import (
    NOTHING,
    Branch,
    Callee,
    ClassRef,
    Const,
    Data,
    Frame,
    Handler,
    Opaque,
    Origins,
    Place,
    PlateRef,
    Sequence,
    Site,
    Step,
    Symbol,
    Use,
    UseKind,
    Value,
    symbol,
)
from numpyro_lint.model.name import Hole, Name
from numpyro_lint.model.program import (
    Function,
    Held,
    Iteration,
    Measure,
    Read,
    Run,
    Stack,
)
from numpyro_lint.record import field, record, replace
from numpyro_lint.text import Source, Span

if TYPE_CHECKING:
    from numpyro_lint.model.imports import Imports

_BUILTINS = frozenset(vars(builtins))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@record(frozen=False)
class Scope:
    """The names of a module or function: every binding with the offset at which it was made.

    `names` are all those that it binds for itself; `shared` those that functions inside rebind.
    With a `moment`, functions meet the names as they are there, whenever they were defined.
    """

    parent: Scope | None = None
    born: int = 0
    names: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    log: dict[str, list[tuple[int, Value]]] = field(default_factory=dict)
    forked: set[str] = field(default_factory=set)
    moment: int | None = None
    # How many bindings of a name are known to be of one value.
    alike: dict[str, int] = field(default_factory=dict)

    def bind(self, name: str, value: Value, at: int, *, sure: bool) -> None:
        self.log.setdefault(name, []).append((at, value))
        if not sure:
            self.forked.add(name)

    def free(self, name: str, at: int) -> Value | None:
        """A free variable of a function defined at `at`: the latest binding before, or the next."""
        bindings = self.log.get(name)
        if name in self.shared or (bindings is None and name in self.names):
            return Opaque()
        if bindings is None:
            return self.parent.free(name, self.born) if self.parent else None
        if self.moment is not None and name not in self.forked:
            return self.in_force(name, self.moment)
        latest = self.in_force(name, at)
        if name in self.forked:
            # An import that may fail is taken for one that does not.
            symbols = [value for _, value in bindings if isinstance(value, Symbol)]
            latest = symbols[-1] if symbols else latest
        follows = isinstance(latest, (Callee, ClassRef)) and name not in self.forked
        if not follows and not isinstance(latest, Symbol) and not self._is_steady(name, bindings):
            return Opaque()
        return latest

    def in_force(self, name: str, at: int) -> Value:
        """What a name was last bound to before a place, or first after it."""
        bindings = self.log[name]
        return next((v for offset, v in reversed(bindings) if offset < at), bindings[0][1])

    def _is_steady(self, name: str, bindings: list[tuple[int, Value]]) -> bool:
        """Whether all bindings of a name are of one value."""
        first, alike = bindings[0][1], self.alike.get(name, 1)
        while alike < len(bindings) and bindings[alike][1] == first:
            alike += 1
        self.alike[name] = alike
        return alike == len(bindings)


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
    read_function: Callable[[int], None]
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

    def span(self, node: ast.AST) -> Span:
        """The place of a node that has one."""
        source, base = self.source, self.base
        first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
        start, end = node.col_offset, node.end_col_offset  # type: ignore[attr-defined]
        if first in source.wide or last in source.wide:
            return Span(base + source.offset(first, start), base + source.offset(last, end))
        starts = source.line_starts
        ends = base + starts[first - 1] + start, base + starts[last - 1] + end
        # Half of what `Span(...)` takes: this is asked for every call and every argument.
        return tuple.__new__(Span, ends)

    def written(self, span: Span) -> str:
        """The text of a span of this file."""
        return self.source.text[span.start - self.base : span.end - self.base]

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
            self.read_function(key)
        return self.functions.get(key)

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
            self._is_generator = self.home.yields and _yields(self.node)
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


@record(frozen=False)
class Body:
    """The function (or module) that is being read, and where in it the reader stands.

    `turning`: the names that the loops around the reader bind or change; `captured`: those that
    comprehensions around it bind; `free`: those that it looked up outside. `breaks` and `ends`: the
    branches at each statement that leaves the loop around, or the function.
    """

    file: File
    scope: Scope
    function: int | None = None
    qualname: str = ""
    variables: dict[str, Value] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    returns: list[Value] = field(default_factory=list)
    frames: tuple[Frame | Handler, ...] = ()
    branches: tuple[Branch, ...] = ()
    loops: tuple[Span, ...] = ()
    turning: frozenset[str] = frozenset()
    captured: frozenset[str] = frozenset()
    shared: set[str] = field(default_factory=set)
    iterations: dict[Span, Iteration] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    appended: dict[str, Value] = field(default_factory=dict)
    yields: list[tuple[Frame | Handler, ...]] = field(default_factory=list)
    # What the names mean that come from around this one: they stand still while it is read.
    free: dict[str, Value] = field(default_factory=dict)
    breaks: list[tuple[Branch, ...]] = field(default_factory=list)
    ends: list[tuple[Branch, ...]] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return Place(self.frames, self.branches, self.loops)

    @property
    def context(self) -> tuple[Handler, ...]:
        """The handlers that `with` statements of this body have put around the reader."""
        return tuple(frame for frame in self.frames if isinstance(frame, Handler))

    def look_up(self, name: str) -> Value:
        """What a name stands for here, in whatever file of the project that is defined."""
        found = self.variables.get(name) or self.free.get(name) or self._outside(name)
        return self.file.followed(found) if isinstance(found, Symbol) else found

    def _outside(self, name: str) -> Value:
        """What a name means that has no value here."""
        if self.function is None:
            return _built_in(name)
        if name in self.scope.names:
            return Opaque()
        outer = self.scope.parent
        found = outer.free(name, self.scope.born) if outer else None
        self.free[name] = found or _built_in(name)
        return self.free[name]

    def assign(self, name: str, value: Value, at: int) -> None:
        if name in self.shared:
            value = Opaque(depends=value.depends)
        self.variables[name] = value
        self.scope.bind(name, value, at, sure=not self.branches)

    def add(self, step: Step) -> None:
        self.steps.append(step)

    def note(
        self,
        kind: UseKind,
        span: Span,
        detail: str,
        drawn: Origins = NOTHING,
        value: Value | None = None,
    ) -> None:
        self.uses.append(Use(kind, span, detail, self.place, drawn, value))


def _built_in(name: str) -> Value:
    return symbol(f"builtins.{name}") if name in _BUILTINS else Opaque()


def together(*values: Value | None) -> Origins:
    """What several values were computed from."""
    found = NOTHING
    for value in values:
        if value is not None and value.depends:
            found = found | value.depends if found else value.depends
    return found


def join(first: Value, second: Value) -> Value:
    """What is known when either of two values may hold."""
    if first is second:
        return first
    if first == second:
        # How numbers were made is not compared.
        return replace(first, made=None) if isinstance(first, Data) else first
    if isinstance(first, Sequence) and isinstance(second, Sequence):
        if len(first.items) == len(second.items):
            return Sequence(
                tuple(map(join, first.items, second.items)), depends=together(first, second)
            )
    if isinstance(first, PlateRef) and isinstance(second, PlateRef):
        return _some_plate(first.sites[0], second.sites[0])
    return Opaque(depends=together(first, second), drawn=first.drawn & second.drawn)


def _some_plate(first: Site, second: Site) -> PlateRef:
    """One plate or another: it stands where neither was built."""
    name = first.name if first.name == second.name else Name((Hole(),))
    args = {key: join(value, second.arg(key) or Const(None)) for key, value in first.args}
    args |= {key: Opaque() for key, _ in second.args if key not in args}
    span = Span(first.span.start, first.span.start)
    return PlateRef((replace(first, name=name, span=span, args=tuple(args.items())),))
