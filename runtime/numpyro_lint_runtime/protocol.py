"""What the analyzer asks of the worker and what the worker answers, as JSON lines.

One request line is one file with the models of it that are to be traced; the worker answers
with one result line for each model, and one `FileDone` line. Lines count from 1 and
columns are UTF-8 byte offsets from 0, as `ast` counts them: the analyzer converts.

A line is the name of the message's class, a blank and its JSON (`frame`, `unframe`).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Mode = Literal["abstract", "concrete"]
Status = Literal["ok", "failed", "skipped"]
Stage = Literal["start", "import", "slice", "arguments", "model", "deadline", "crash", "refused"]


@dataclass(frozen=True, slots=True)
class Position:
    """Where something stands in a file: `line`/`end_line` from 1, columns in UTF-8 bytes from 0.

    `path` is None in the file of the request, and absolute in every other. Where the columns are
    not known, they are all 0 and `end_line` is `line`.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of a call as expressions, each evaluated in the scope where the call stands.

    A positional expression may be starred (`*xs`), and `**kw` stands under the keyword `**`.
    """

    positional: tuple[str, ...] = ()
    keyword: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """A function of the file that is entered to reach the call; only `statements` of it run."""

    function: Position
    statements: tuple[Position, ...]
    call: Call = field(default_factory=Call)


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One model to trace.

    `statements` are the positions of the module's top-level statements to execute, in order.
    `scopes` are the functions to enter, outermost first. `target` is an expression for the model
    (a name, an attribute, a handler composition), `call` its arguments and `contexts` the context
    managers that are entered around it, outermost first, all evaluated in the innermost scope.
    `function` is where its definition starts, which is all that a capture needs.
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


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A file and the models to trace in it. `text` is what is compiled, under the name `path`.

    `capture`: the whole program is run, with inference intercepted, and each model is traced with
    the arguments that it is called with. Results come in the order of these calls, and the
    deadline of the models is that of the program.
    """

    path: str
    text: str
    models: tuple[ModelRequest, ...]
    root: str = "."
    capture: bool = False


@dataclass(frozen=True, slots=True)
class Plate:
    name: str
    dim: int
    size: int


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a message that one handler changed; `handler` is its kind (`condition`, ...)."""

    handler: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TracedSite:
    """One message of the trace, in order of execution.

    Shapes are tuples of ints; `shape` is that of the value, None where it has none. `depends` maps
    each parameter of the distribution to the names of the sites that it was computed from
    (`{"loc": ["mu"], "scale": ["tau"]}`), and `value` of a deterministic likewise; deterministics
    between are looked through; None where it could not be told.
    `hidden`: executed, but absent from an outer `trace`.
    `name_as_written` is the name that the primitive was called with; `name` the outermost one.
    """

    name: str
    name_as_written: str
    type: str
    position: Position | None
    distribution: str | None = None
    support: str | None = None
    observed: bool = False
    was_observed: bool = False
    value_from: str | None = None
    shape: tuple[int, ...] | None = None
    batch_shape: tuple[int, ...] | None = None
    event_shape: tuple[int, ...] | None = None
    dtype: str | None = None
    value: float | int | bool | str | None = None
    plates: tuple[Plate, ...] = ()
    scale: float | str | None = None
    masked: bool = False
    hidden: bool = False
    handlers: tuple[str, ...] = ()
    history: tuple[Change, ...] = ()
    depends: dict[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a model was not traced. `position` is the innermost frame in the user's own file."""

    stage: Stage
    exception: str
    message: str
    position: Position | None = None
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class TraceResult:
    """The answer for one model. On failure `sites` holds what was recorded before it.

    `arguments` are those that the worker itself has found, in a few characters each.

    A model that was asked for abstractly and could be traced only concretely has status `ok`, mode
    `concrete`, and in `failure` the reason why the abstract trace failed.
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
    """All models of the file are answered."""

    path: str


def named(id: str, models: Iterable[ModelRequest]) -> ModelRequest:
    """The first of some models with this id. Raises StopIteration where there is none."""
    return next(model for model in models if model.id == id)


Answer = Ready | Began | TraceResult | FileDone


def encode(message: Any) -> str:
    """A dataclass of this module as one line of JSON, without the line end."""
    return json.dumps(dataclasses.asdict(message), separators=(",", ":"), allow_nan=False)


def _position(data: dict[str, Any] | None) -> Position | None:
    return None if data is None else Position(**data)


def _positions(data: list[dict[str, Any]]) -> tuple[Position, ...]:
    return tuple(Position(**item) for item in data)


def _call(data: dict[str, Any]) -> Call:
    return Call(tuple(data["positional"]), dict(data["keyword"]))


def _scope(data: dict[str, Any]) -> Scope:
    return Scope(Position(**data["function"]), _positions(data["statements"]), _call(data["call"]))


def _shape(data: list[int] | None) -> tuple[int, ...] | None:
    return None if data is None else tuple(data)


def _site(data: dict[str, Any]) -> TracedSite:
    depends = data["depends"]
    return TracedSite(
        **{
            **data,
            "position": _position(data["position"]),
            "shape": _shape(data["shape"]),
            "batch_shape": _shape(data["batch_shape"]),
            "event_shape": _shape(data["event_shape"]),
            "plates": tuple(Plate(**plate) for plate in data["plates"]),
            "handlers": tuple(data["handlers"]),
            "history": tuple(Change(**change) for change in data["history"]),
            "depends": None if depends is None else {k: tuple(v) for k, v in depends.items()},
        }
    )


def decode_request(line: str) -> FileRequest:
    """The inverse of `encode` for a `FileRequest`."""
    data = json.loads(line)
    models = tuple(
        ModelRequest(
            **{
                **model,
                "statements": _positions(model["statements"]),
                "scopes": tuple(_scope(scope) for scope in model["scopes"]),
                "call": _call(model["call"]),
                "contexts": tuple(model["contexts"]),
                "function": _position(model["function"]),
            }
        )
        for model in data["models"]
    )
    return FileRequest(**{**data, "models": models})


def _failure(data: dict[str, Any] | None) -> Failure | None:
    return None if data is None else Failure(**{**data, "position": _position(data["position"])})


def decode_result(line: str) -> TraceResult:
    """The inverse of `encode` for a `TraceResult`."""
    data = json.loads(line)
    sites = tuple(_site(site) for site in data["sites"])
    return TraceResult(**{**data, "sites": sites, "failure": _failure(data["failure"])})


def decode_ready(line: str) -> Ready:
    """The inverse of `encode` for a `Ready`."""
    data = json.loads(line)
    return Ready(**{**data, "failure": _failure(data["failure"])})


def frame(message: Answer | FileRequest) -> str:
    """A message as one line for the pipe, with the line end."""
    return f"{type(message).__name__} {encode(message)}\n"


def unframe(line: str) -> Answer:
    """The worker's message in a line. Raises ValueError where there is none."""
    kind, _, body = line.partition(" ")
    if kind == "TraceResult":
        return decode_result(body)
    if kind == "Ready":
        return decode_ready(body)
    if kind == "Began":
        return Began(**json.loads(body))
    if kind == "FileDone":
        return FileDone(**json.loads(body))
    raise ValueError(f"not a message of the worker: {line[:80]!r}")
