"""What the analyzer asks of the worker and what the worker answers, as JSON lines.

One request line is one file with the models of it that are to be traced; the worker answers
with one result line for each model, and one `FileDone` line. Lines count from 1 and
columns are UTF-8 byte offsets from 0, as `ast` counts them: the analyzer converts.

A line is the name of the message's class, a blank and its JSON (`frame`, `unframe`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from .codec import decode
from .codec import encode as encode
from .failures import Failure as Failure
from .failures import Refusal as Refusal
from .failures import Stage as Stage
from .failures import Status as Status
from .pilots import FormResult as FormResult
from .pilots import Pilot as Pilot
from .pilots import PilotResult as PilotResult
from .pilots import Progress as Progress
from .pilots import Scatter as Scatter
from .sites import Change as Change
from .sites import Data as Data
from .sites import Plate as Plate
from .sites import Position as Position
from .sites import TracedSite as TracedSite
from .values import Hierarchy as Hierarchy
from .values import Levels as Levels
from .values import Ridge as Ridge
from .values import SiteEvidence as SiteEvidence
from .values import SiteValues as SiteValues
from .values import Unstable as Unstable
from .values import ValueResult as ValueResult

Mode = Literal["abstract", "concrete"]
# What is asked of models: their traces, what they come to at concrete draws, short runs of NUTS.
Asked = Literal["trace", "values", "verify"]


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of a call as expressions, each evaluated in the scope where the call stands.

    A positional expression may be starred (`*xs`), and `**kw` stands under the keyword `**`.
    """

    positional: tuple[str, ...] = ()
    keyword: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is entered to reach the call: a function of the file, or a loop or `with` in which the
    rest stands. Only `statements` of it run; `call` is how a function is called, in the scope
    before it."""

    function: Position
    statements: tuple[Position, ...]
    call: Call = field(default_factory=Call)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a parameter may be given.

    `kind` is how it is made: `array` of `rank` dims, `number`, `size` (a whole number that arrays
    may have as a dim), `literal` (the expression `detail`), `written` (one of the file's own),
    `fields` (an object with the attributes `parts`), `items` (a dictionary of `parts`), `frame` (a
    data frame of them), `sequence` (a list of them), `object` (of the class `detail`, made with
    them), `absent` (the default is left). Of an array or a number, `detail` says of what kind the
    elements are: see worker/makeup.py.
    """

    kind: str
    detail: str = ""
    rank: int = 0
    parts: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter whose argument is to be made up: what it may be, the likeliest first.

    `scope` is the index of the scope that is entered with it, None for the model itself, and -1 for
    the object whose method the target is. `observed`: it is what a site observes.
    """

    name: str
    guesses: tuple[Guess, ...]
    scope: int | None = None
    observed: bool = False


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One model to trace.

    `statements` are the positions of the module's top-level statements to execute, in order.
    `scopes` are the functions to enter, outermost first. `target` is an expression for the model
    (a name, an attribute, a handler composition), `call` its arguments and `contexts` the context
    managers that are entered around it, outermost first, all evaluated in the innermost scope.
    `function` is where its definition starts, which is all that a capture needs: the model is
    looked for in what the target is, and where that need not be `sure`, it may be another one.
    `absent` are names of the module that have no value, with the reasons. `others` are further ways
    to the same model, which are tried in order where this one does not lead to it.
    `parameters`: those whose arguments the worker is to make up; `like`: a model of the same
    request whose made-up arguments are tried first. `hierarchies` are the sites of which the second
    stage is to tell how much the data say of them, `levels` those of which it is to tell what is
    known of them together, `pilot` those that the third is to run in both forms.
    """

    id: str
    target: str
    statements: tuple[Position, ...]
    scopes: tuple[Scope, ...] = ()
    call: Call = field(default_factory=Call)
    seed: int = 0
    mode: Mode = "abstract"
    deadline: float = 20.0
    contexts: tuple[str, ...] = ()
    function: Position | None = None
    sure: bool = True
    absent: dict[str, str] = field(default_factory=dict)
    others: tuple[ModelRequest, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    like: str | None = None
    hierarchies: tuple[Hierarchy, ...] = ()
    levels: Levels | None = None
    pilot: Pilot | None = None


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A file and the models to trace in it. `text` is what is compiled, under the name `path`.

    `capture`: the whole program is run, with inference intercepted, and each model is traced with
    the arguments that it is called with. Results come in the order of these calls, and the
    deadline of the models is that of the program.
    `stage` says what the answers are: a `TraceResult` for each model, a `ValueResult`, or a
    `PilotResult`, with `Progress` before it.
    """

    path: str
    text: str
    models: tuple[ModelRequest, ...]
    root: str = "."
    capture: bool = False
    stage: Asked = "trace"


@dataclass(frozen=True, slots=True)
class Around:
    """A handler that stood around a whole run.

    `keys` are those of its table, None where it has none; `met` the messages that came to it, each
    with the name and type that it had there; `changed` counts those to which it did something.
    """

    kind: str
    keys: tuple[str, ...] | None
    met: tuple[tuple[str, str], ...]
    changed: int


@dataclass(frozen=True, slots=True)
class TraceResult:
    """The answer for one model. On failure `sites` holds what was recorded before it.

    `lost` says what of the trace could not be told, and why.

    `around` are the handlers around the run, outermost first: the seed of the trace, then those of
    the target and its contexts.

    `way` is which of the ways of the request it was, 0 for the first and then its `others`.

    A model that was asked for abstractly and could be traced only concretely has status `ok`, mode
    `concrete`, and in `failure` the reason why the abstract trace failed. `arguments` are those
    that the worker itself has found, in a few characters each, or made up, as expressions; `tries`
    is how many it has tried.
    """

    id: str
    status: Status
    mode: Mode = "abstract"
    seconds: float = 0.0
    seed: int = 0
    python: str = ""
    numpyro: str = ""
    jax: str = ""
    sites: tuple[TracedSite, ...] = ()
    failure: Failure | None = None
    output: str = ""
    arguments: dict[str, str] = field(default_factory=dict)
    way: int = 0
    tries: int = 0
    around: tuple[Around, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker's first line: what it runs on, or why it cannot trace."""

    python: str
    executable: str
    numpyro: str = ""
    jax: str = ""
    seconds: float = 0.0
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Began:
    """The worker turns to this model now: its deadline counts from here."""

    id: str


@dataclass(frozen=True, slots=True)
class FileDone:
    """All models of the file are answered. `grown`: by how many bytes the worker has grown since
    its first file, what it forks aside."""

    path: str
    grown: int = 0


def unanswered(stage: Asked, model: ModelRequest, failure: Failure | None = None) -> Result:
    """The answer of a stage for a model that there is none for."""
    if stage == "values":
        return ValueResult(model.id, "failed", seed=model.seed, failure=failure)
    if stage == "verify":
        return PilotResult(model.id, "failed", seed=model.seed, failure=failure)
    return TraceResult(model.id, "failed", model.mode, seed=model.seed, failure=failure)


def named(id: str, models: Iterable[ModelRequest]) -> ModelRequest:
    """The first of some models with this id. Raises StopIteration where there is none."""
    return next(model for model in models if model.id == id)


Result = TraceResult | ValueResult | PilotResult
Answer = Ready | Began | Progress | Result | FileDone


def decode_request(line: str) -> FileRequest:
    """The inverse of `encode` for a `FileRequest`."""
    return decode(FileRequest, line)


def frame(message: Answer | FileRequest) -> str:
    """A message as one line for the pipe, with the line end."""
    return f"{type(message).__name__} {encode(message)}\n"


_ANSWERS: dict[str, type[Answer]] = {
    kind.__name__: kind for kind in (Ready, Began, Progress, *get_args(Result), FileDone)
}


def unframe(line: str) -> Answer:
    """The worker's message in a line. Raises ValueError where there is none."""
    kind, _, body = line.partition(" ")
    if kind not in _ANSWERS:
        raise ValueError(f"not a message of the worker: {line[:80]!r}")
    return decode(_ANSWERS[kind], body)
