"""What the reader of a file knows while it reads: bindings, and the body at hand."""

from __future__ import annotations

import builtins
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
    Iteration,
)
from numpyro_lint.record import field, record, replace
from numpyro_lint.text import Span

if TYPE_CHECKING:
    from numpyro_lint.model.files import File

_BUILTINS = frozenset(vars(builtins))


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
        scope: Scope | None = self
        while scope is not None:
            if name in scope.log or name in scope.names or name in scope.shared:
                return scope._own(name, at)
            at, scope = scope.born, scope.parent
        return None

    def _own(self, name: str, at: int) -> Value:
        bindings = self.log.get(name)
        if name in self.shared or bindings is None:
            return Opaque()
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
        if len(bindings) == 1:
            return bindings[0][1]
        return next((v for offset, v in reversed(bindings) if offset < at), bindings[0][1])

    def _is_steady(self, name: str, bindings: list[tuple[int, Value]]) -> bool:
        """Whether all bindings of a name are of one value."""
        first, alike = bindings[0][1], self.alike.get(name, 1)
        while alike < len(bindings) and bindings[alike][1] == first:
            alike += 1
        self.alike[name] = alike
        return alike == len(bindings)


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
    _place: Place = Place()

    @property
    def place(self) -> Place:
        """Where the reader stands: one and the same for all that stands there."""
        held = self._place
        if (
            held.frames is not self.frames
            or held.branches is not self.branches
            or held.loops is not self.loops
        ):
            held = self._place = Place(self.frames, self.branches, self.loops)
        return held

    @property
    def context(self) -> tuple[Handler, ...]:
        """The handlers that `with` statements of this body have put around the reader."""
        return tuple(frame for frame in self.frames if isinstance(frame, Handler))

    def look_up(self, name: str) -> Value:
        """What a name stands for here, in whatever file of the project that is defined."""
        found = self.variables.get(name) or self.free.get(name) or self._outside(name)
        if found.__class__ is Symbol and self.file.imports is not None:
            return self.file.followed(found)
        return found

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
