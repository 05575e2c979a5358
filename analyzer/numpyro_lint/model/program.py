"""The model of a file as data: functions, stacks, runs, and the module that holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from numpyro_lint.model.ir import (
    Arguments,
    Branch,
    Call,
    Callee,
    Frame,
    Handler,
    Key,
    Opaque,
    Place,
    Site,
    Step,
    Use,
    Value,
    last_of,
)
from numpyro_lint.record import field, record, replace
from numpyro_lint.syntax.comments import Comment
from numpyro_lint.text import ELSEWHERE, Source, Span

Role = Literal["model", "guide", "helper", "other"]
ParameterKind = Literal["positional", "keyword", "args", "kwargs"]


@record
class Parameter:
    """A parameter of a function. `key` tells it from all others of its name."""

    name: str
    key: str
    kind: ParameterKind
    default: Value | None = None
    optional: bool = False


@record
class Iteration:
    """A loop over what may be known: its elements, and the variables that each pass sets.

    `targets`: the key of each variable, and where in an element it is found. `leaves`: the branches
    inside the loop at each statement that leaves it.
    """

    span: Span
    elements: Value
    targets: tuple[tuple[str, tuple[int, ...]], ...]
    leaves: tuple[tuple[Branch, ...], ...] = ()


@record
class Function:
    """A function of the file; `key` is the offset of its definition, `body` its steps in order.

    `changed`: the parameters whose containers it changes in place, by their keys; `yields`: what
    stands around each `yield`; `free`: the names that it looks up outside.
    """

    key: int
    name: str
    qualname: str
    span: Span
    name_span: Span
    params: tuple[Parameter, ...]
    body: tuple[Step, ...] = ()
    returns: Value = field(default_factory=Opaque)
    handlers: tuple[Handler, ...] = ()
    is_method: bool = False
    enclosing: int | None = None
    role: Role = "other"
    uses: tuple[Use, ...] = ()
    iterations: Mapping[Span, Iteration] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    yields: tuple[tuple[Frame | Handler, ...], ...] = ()
    free: frozenset[str] = frozenset()

    @property
    def taken(self) -> tuple[Parameter, ...]:
        """The parameters that a call can give one by one."""
        named = tuple(each for each in self.params if each.kind in ("positional", "keyword"))
        return named[1:] if self.is_method else named

    @property
    def sites(self) -> Iterator[Site]:
        return (step for step in self.body if isinstance(step, Site))

    @property
    def calls(self) -> Iterator[Call]:
        return (step for step in self.body if isinstance(step, Call))


@record
class Stack:
    """A handler composition at one place: `handlers` outermost first around `model`.

    `use` says what is done with it: `call`, `trace`, `wrapper` (never run in sight) or the kind of
    the inference that it is given to. `arguments` are those of the run, None when it is not run in
    sight; `within` is the function that the run stands in.
    """

    use: str
    handlers: tuple[Handler, ...]
    model: Callee
    span: Span
    arguments: Arguments | None = None
    call_span: Span | None = None
    within: int | None = None
    target_span: Span | None = None

    def __hash__(self) -> int:
        return hash(self.span)

    @property
    def moment(self) -> int | None:
        """Where a run takes place that no function stands around."""
        return (self.call_span or self.span).start if self.within is None else None


@record
class Run:
    """One use of an inference algorithm, `span` being where the algorithm is built.

    `guide` is a guide that the user wrote, `auto` the model that an autoguide is made from. The
    kernel, loss and autoguide themselves are among `args`. `method` is the one that is called
    (`run`, `update`), if any.
    """

    kind: str
    span: Span
    stack: Stack | None
    guide: Stack | None = None
    auto: Stack | None = None
    args: tuple[tuple[str, Value], ...] = ()
    method: str = ""

    def arg(self, name: str) -> Value | None:
        return last_of(self.args, name)


@record
class Read:
    """A literal key that is looked up in the result of the inference object built at `engine`."""

    engine: Span
    key: Key


@record
class Held:
    """A plate that is built in a function as a statement (`name` None) or into a variable."""

    plate: Site
    name: str | None
    function: int


@record
class Measure:
    """A length or shape that a function takes of one of its parameters, by the parameter's key."""

    param: str
    span: Span
    place: Place
    function: int


@record
class Problem:
    """Text that could not be read: a syntax error and where it is."""

    span: Span
    message: str


@record
class Module:
    """The model of a file. `stale`: lifted from an earlier text, so no fix may be offered.

    `handlers` are all that are built, in order, with what they are put around as the argument `fn`;
    `dropped` those that nothing holds or runs; `others` functions of other files of the project;
    `later` those that are others at a later run, by the offset of the run.
    """

    source: Source
    functions: Mapping[int, Function]
    stacks: tuple[Stack, ...] = ()
    runs: tuple[Run, ...] = ()
    loose: tuple[Step, ...] = ()
    comments: tuple[Comment, ...] = ()
    problems: tuple[Problem, ...] = ()
    handlers: tuple[Handler, ...] = ()
    dropped: tuple[Handler, ...] = ()
    reads: tuple[Read, ...] = ()
    held: tuple[Held, ...] = ()
    measures: tuple[Measure, ...] = ()
    stale: bool = False
    methods: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()
    others: Mapping[int, Function] = field(default_factory=dict)
    later: Mapping[int, Mapping[int, Function]] = field(default_factory=dict)

    @property
    def models(self) -> list[Function]:
        """The models and guides of the file that have a name."""
        functions = self.functions.values()
        return [f for f in functions if f.role in ("model", "guide") and f.name != "<lambda>"]

    def as_of(self, stack: Stack) -> Module:
        """The model of the file as a run meets it, after names were bound anew."""
        changed = self.later.get(stack.moment) if stack.moment is not None else None
        return replace(self, functions={**self.functions, **changed}) if changed else self

    def method(self, class_key: int, name: str) -> int | None:
        """The function that is the method of a class, inherited ones included."""
        return self.methods.get(class_key, {}).get(name)

    def function(self, callee: Callee) -> Function | None:
        key = callee.function
        if key is None:
            return None
        return self.functions.get(key) if key < ELSEWHERE else self.others.get(key)
