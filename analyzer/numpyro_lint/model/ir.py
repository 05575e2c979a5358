"""What the text of a file says, as data: names, values, sites, handlers, functions, stacks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Literal

from numpyro_lint.model.name import Name
from numpyro_lint.record import field, record
from numpyro_lint.syntax.names import canonical
from numpyro_lint.text import Span

# What a value was computed from: sites by their spans, and parameters by their keys.
Origins = frozenset[Span | str]
NOTHING: Origins = frozenset()
NO_VALUES: Mapping[str, Value] = {}


@record(kw_only=True)
class Value:
    """What is known of an expression. `depends`: what it was computed from.

    `drawn`: those of which it is an array for sure, so that it is traced wherever they are.
    """

    depends: Origins = NOTHING
    drawn: Origins = NOTHING


Pairs = tuple[tuple[str, Value], ...]
_starred = attrgetter("starred")


def last_of(pairs: Pairs, name: str) -> Value | None:
    """What the last of some pairs of a name holds."""
    for key, value in reversed(pairs):
        if key == name:
            return value
    return None


@record
class Opaque(Value):
    """Nothing is known."""


# What most of what is unknown is: one object for all.
UNKNOWN = Opaque()


def unknown(depends: Origins, drawn: Origins = NOTHING) -> Opaque:
    """What nothing is known of but where it comes from."""
    return Opaque(depends=depends, drawn=drawn) if depends or drawn else UNKNOWN


@record
class Unpassed(Opaque):
    """What a parameter is given by a call that is not in sight."""


@record
class Derived(Opaque):
    """What `op` makes of `operands`, some of which only a caller knows (see derive.py)."""

    op: str
    operands: tuple[Value, ...]


@record
class Const(Value):
    value: None | bool | int | float | complex | bytes


@record
class Text(Value):
    name: Name


@record
class Param(Value):
    """A parameter of an enclosing function, as the caller passed it; `key` is its own alone."""

    name: str
    key: str


@record
class Expression:
    """How a number or an array is made, as far as it is written: `op` of `operands`.

    `op` is an operator (`+`), a function by its qualified name (`jax.numpy.exp`), a method
    (`.sum`), an index (`[]`), a primitive (`sample` of a distribution and its `obs`, `param` of its
    constraint and its initial value), or `bound`: its operand with parameters as `values` has them.
    Of a call, `values` are the keyword arguments.
    """

    op: str
    operands: tuple[Value, ...]
    values: Mapping[str, Value] = NO_VALUES


@record
class Data(Value):
    """A number or an array that is not None. `shape`: `.shape` or an int tuple was taken.

    `made` is not compared: it would be the whole program that led here.
    """

    is_shape: bool = False
    made: Expression | None = field(default=None, compare=False)


@record
class RandomKey(Data):
    """A key of JAX's: `born` where it was made, `parts` which of the keys made there it is.

    `constant`: it is the same in every run; `loops` stood around its making.
    """

    born: Span = Span(0, 0)
    parts: tuple[int, ...] = ()
    constant: bool = False
    loops: tuple[Span, ...] = ()


@record
class Sequence(Value):
    items: tuple[Value, ...]
    spans: tuple[Span, ...] = ()


@record
class Key:
    """A literal key of a dictionary or list, and where it is written."""

    text: str
    span: Span
    value: Value
    value_span: Span | None = None


@record
class Table(Value):
    """A dictionary or a list of names: its literal keys, `complete` when there are no others.

    `rest`: what every other key holds, as far as that is known.
    """

    keys: tuple[Key, ...]
    complete: bool = True
    rest: Value | None = None


@record
class Result(Table):
    """The dictionary that an inference object gives; `engine` is where that object was built."""

    engine: Span | None = None


@record
class Predicate(Value):
    """A function of a message, such as `block`'s hide_fn: `message` is its parameter's name.

    `names` are the literals that it compares the message's name with.
    """

    message: str
    test: object
    names: tuple[Key, ...] = ()


@record
class Dist(Value):
    """A distribution: `family` is NumPyro's class name, None when it was not built in sight.

    `wraps` are the methods that were applied, outermost last (`expand`, `to_event`, `mask`);
    `events` is how many dims `to_event` has made event dims, None where that is not known;
    `expanded` what the last `expand` was given, and how many of these dims there were then.
    """

    family: str | None
    args: tuple[tuple[str, Value], ...]
    span: Span
    wraps: tuple[str, ...] = ()
    events: int | None = 0
    expanded: tuple[Value, int] | None = None

    def arg(self, name: str) -> Value | None:
        return last_of(self.args, name)


@record
class Reparam(Value):
    """A reparameteriser, such as `LocScaleReparam(0)`. `kind` is its class name."""

    kind: str
    args: tuple[tuple[str, Value], ...]
    span: Span

    def arg(self, name: str, default: Value | None = None) -> Value | None:
        found = last_of(self.args, name)
        return default if found is None else found


@record
class Strategy(Value):
    """The initialisation strategy `init_to_value(values={...})`."""

    args: tuple[tuple[str, Value], ...]
    span: Span

    def arg(self, name: str) -> Value | None:
        return last_of(self.args, name)


@record
class Handler:
    """An effect handler at one place of the text. `kind` is its name in numpyro.handlers."""

    kind: str
    span: Span
    args: tuple[tuple[str, Value], ...] = ()
    form: Literal["wrapper", "context", "decorator"] = "wrapper"
    complete: bool = True

    def arg(self, name: str) -> Value | None:
        return last_of(self.args, name)


@record
class HandlerRef(Value):
    """A handler that was built and not yet put around anything."""

    handler: Handler


@record
class PlateRef(Value):
    """A plate that was built: the sites of its construction (several for `plate_stack`)."""

    sites: tuple[Site, ...]


@record
class Symbol(Value):
    """Something imported or built in, by its qualified name (`numpyro.sample`).

    `bound` is what `functools.partial` passes already.
    """

    qualified: str
    bound: Arguments | None = None


@lru_cache(maxsize=4096)
def symbol(qualified: str) -> Symbol:
    """What is imported under a name: files mention few of them, and each many times."""
    return Symbol(canonical(qualified))


@record
class ClassRef(Value):
    """A class of this file, by the offset of its definition.

    `param` is the parameter that holds it, or a class derived from it.
    """

    key: int
    param: str | None = None


@record
class Instance(Value):
    """An object of a class of this file; where it is not `exact`, or of a class derived from it.

    `attributes` are those that its `__init__` gave it; `param` is the parameter that holds it.
    """

    key: int
    exact: bool = True
    attributes: Pairs = ()
    param: str | None = None


@record
class Argument:
    """One argument of a call as written. `starred`: `*xs` or, with keyword `**`, `**kwargs`.

    `holder` is the `*xs` or `**kwargs` that an argument is passed with, where that is known.
    """

    value: Value
    span: Span
    keyword: str | None = None
    starred: bool = False
    holder: Span | None = None


@record
class Arguments:
    """The arguments of a call. `known` is False when what is passed is not in sight at all."""

    items: tuple[Argument, ...] = ()
    known: bool = True

    @property
    def positional(self) -> tuple[Argument, ...]:
        return tuple([item for item in self.items if item.keyword is None])

    @property
    def keyword(self) -> dict[str, Argument]:
        return {i.keyword: i for i in self.items if i.keyword is not None and not i.starred}

    @property
    def complete(self) -> bool:
        """No starred argument hides what is passed."""
        return self.known and not any(map(_starred, self.items))

    def without(self, positional: int, keywords: frozenset[str] = frozenset()) -> Arguments:
        """These arguments less the first few positional ones and some keywords."""
        rest = self.positional[positional:]
        kept = tuple(i for i in self.items if i.keyword is not None and i.keyword not in keywords)
        return Arguments(rest + kept, self.known)


NO_ARGUMENTS = Arguments()


@record
class Callee(Value):
    """A function with what is already around it.

    `function` is the offset of its definition in this file, None when it is not in sight;
    `handlers` stand around it, outermost first; `bound` is what `functools.partial` or a method's
    object passes already; `display` is how the user wrote it. `closure`: what the parameters of the
    functions around it were given, where those have returned. Where only a caller can tell what it
    is, `param` is the parameter that holds it, `derived` what it is made of, or `method` its name
    in the object in `bound`.
    `under` is the transformation of JAX's that runs it.
    """

    function: int | None
    display: str
    handlers: tuple[Handler, ...] = ()
    bound: Arguments = NO_ARGUMENTS
    span: Span | None = None
    closure: Pairs = ()
    method: str | None = None
    param: str | None = None
    derived: Derived | None = None
    under: str = ""

    @property
    def is_late(self) -> bool:
        """Whether only a caller can tell what function this is."""
        return not (self.method is None and self.param is None and self.derived is None)


@record
class Entered(Opaque):
    """A context that a function with one `yield` makes, before a `with` enters it."""

    callee: Callee
    arguments: Arguments
    span: Span


@record
class TraceRef(Value):
    """What `get_trace(...)` or `with trace() as tr` gave; `handler` is where the trace stands."""

    handler: Span


@record
class Engine(Value):
    """An inference object before it is run: NUTS(...), MCMC(...), SVI(...), Predictive(...).

    `kind` is the kind of run that it makes, or the class of a kernel, loss or autoguide. `passed`:
    what `SVI(..., **static_kwargs)` gives to the model in each run.
    """

    kind: str
    span: Span
    model: Callee | None
    guide: Callee | None = None
    args: tuple[tuple[str, Value], ...] = ()
    passed: tuple[Argument, ...] = ()

    def arg(self, name: str) -> Value | None:
        return last_of(self.args, name)


@record
class Frame:
    """An enclosing plate of a site."""

    plate: Site


@record
class Test:
    """A condition that arguments settle: whether `value` is true, as `expected`."""

    value: Value
    expected: bool


@record
class Branch:
    """One arm of an `if`, `match`, `try` or conditional expression: `key` is where that stands.

    `turns`: the next pass of a loop around it may take another arm.
    """

    key: int
    arm: int
    test: Test | None = None
    turns: bool = False


@record
class Place:
    """Where in its function a step stands: frames outermost first, arms and loops around it.

    A loop that makes one pass, or is left after this place, does not count.
    """

    frames: tuple[Frame | Handler, ...] = ()
    branches: tuple[Branch, ...] = ()
    loops: tuple[Span, ...] = ()


@record
class Site:
    """A call of a primitive. `kind` is the primitive's name (`sample`, `plate`, `factor`, ...).

    `spans`: where the arguments of a plate are written.
    """

    kind: str
    name: Name
    span: Span
    name_span: Span | None
    place: Place
    dist: Value | None = None
    obs: Value | None = None
    args: tuple[tuple[str, Value], ...] = ()
    text: str | None = None
    obs_span: Span | None = None
    obs_keyword: bool = True
    spans: tuple[tuple[str, Span], ...] = ()

    def __hash__(self) -> int:
        return hash(self.span)

    def arg(self, name: str) -> Value | None:
        return last_of(self.args, name)


@record
class Call:
    """A call that may reach sites. `callee.function` None: whatever it reaches is not in sight.

    `via`: `call`, or the control flow primitive that runs the callee (`scan`, `cond`); `arm` of
    the `arms` functions that it is given in sight.
    """

    callee: Callee
    arguments: Arguments
    span: Span
    place: Place
    via: Literal["call", "scan", "cond"] = "call"
    arm: int = 0
    arms: int = 1


Step = Site | Call

UseKind = Literal[
    "test",
    "convert",
    "numpy",
    "shape",
    "transform",
    "key",
    "random",
    "effect",
    "name",
    "control",
]


@record
class Use:
    """What is done with a value, where rules about tracing and randomness ask for it.

    `test` it is asked for its truth, `convert` made a plain number, `numpy` given to a library that
    JAX does not trace, `shape` made the shape of something, `key` used up; `transform` runs a
    function of the file under JAX, `random` draws from a hidden state, `effect` outlasts the call,
    `name` a site is named after it, `control` is a `scan` that lacks what it goes through.
    `detail` is what does it. `drawn` is that of `value`.
    """

    kind: UseKind
    span: Span
    detail: str
    place: Place
    drawn: Origins = NOTHING
    value: Value | None = None
