"""What the worker tells of the sites of a model."""

from __future__ import annotations

from dataclasses import dataclass, field


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
class Data:
    """An observed value that is no tracer, looked at once.

    `kind` and `error`: the type of a value that is no array of numbers, and what its log density
    raises. `size` elements were looked at; `non_finite` and `outside` count those that are nan or
    infinite and those out of the support (`fractional`: all for not being whole), masked ones not
    counted; `first_...` are the first of them with their places.
    """

    kind: str = ""
    error: str = ""
    size: int = 0
    non_finite: int = 0
    first_non_finite: str = ""
    outside: int = 0
    first_outside: str = ""
    support: str = ""
    fractional: bool = False


@dataclass(frozen=True, slots=True)
class TracedSite:
    """One message of the trace, in order of execution.

    Shapes are tuples of ints; `shape` is that of the value, None where it has none. `depends` maps
    each parameter of the distribution to the names of the sites that it was computed from
    (`{"loc": ["mu"], "scale": ["tau"]}`), and `value` of a deterministic likewise; deterministics
    between are looked through; None where it could not be told.
    `hidden`: executed, but absent from an outer `trace`.
    `name_as_written` is the name that the primitive was called with; `name` the outermost one.
    `name_type` is the Python type of the former. `support` of a param is its constraint.
    `own_batch_shape` is that of the distribution before any plate or handler. `passes` maps
    arguments of the distribution to the sites whose values they are, unchanged but for shape.
    `depends_beside` are the sites that its mask, its scale and what it observes were computed from.
    `calls` are the user's calls that lead to the site, outermost first, without its own.
    `transformed`: a jax transformation within the model (`vmap`, `lax.scan` ...) runs the site.
    `scanned`: a control flow has run it, and the first dim may be that of its passes.
    `empty_support`: the ends of a support in which nothing lies.
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
    name_type: str = "str"
    own_batch_shape: tuple[int, ...] | None = None
    passes: dict[str, str] = field(default_factory=dict)
    depends_beside: tuple[str, ...] | None = None
    calls: tuple[Position, ...] = ()
    transformed: bool = False
    scanned: bool = False
    empty_support: str | None = None
    data: Data | None = None
