"""What a traced site adds to the log density: which sites do, and with which shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING

from numpyro_lint.diagnostic import Related
from numpyro_lint.model.attach import Attached, Joined
from numpyro_lint.text import Span

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import Data, TracedSite

Shape = tuple[int, ...]


def scored(traces: Iterable[Attached]) -> Iterator[Joined]:
    """The sample sites of traces that inference meets, with the user's own arguments."""
    for trace in traces:
        for joined in trace.sites if trace.is_users else ():
            traced = joined.traced
            if traced.type == "sample" and not traced.hidden and joined.span is not None:
                yield joined


def observed(traces: Iterable[Attached]) -> Iterator[Joined]:
    """Those of the scored sites that have data."""
    return (joined for joined in scored(traces) if joined.traced.observed)


def data_sites(traces: Iterable[Attached]) -> Iterator[tuple[Joined, Data]]:
    """The observed sites with what is known of their data.

    One number that a condition gives is no datum: it may well be a limit, or infinite.
    """
    for joined in observed(traces):
        data = joined.traced.data
        if data is not None and (joined.traced.value_from == "obs" or data.size > 1):
            yield joined, data


def by_run(joined: Joined) -> tuple[Related, ...]:
    """The run that gives a site its data, where the model's own trace has others."""
    return with_arguments_of(joined.run)


def with_arguments_of(run: Span | None) -> tuple[Related, ...]:
    """What a finding says of the run whose arguments it is about."""
    return () if run is None else (Related(run, "with the arguments of this run"),)


def broadcast(first: Shape, second: Shape) -> Shape | None:
    """The shape that two shapes broadcast to; None when they do not."""
    pairs = list(zip_longest(reversed(first), reversed(second), fillvalue=1))
    if any(a != b and 1 not in (a, b) for a, b in pairs):
        return None
    return tuple(b if a == 1 else a for a, b in reversed(pairs))


def padded(shape: Shape, like: Shape) -> Shape:
    """A shape with as many dims as another has."""
    return (1,) * (len(like) - len(shape)) + shape


def value_batch(traced: TracedSite) -> Shape | None:
    """The batch dims of a value, as its distribution counts them."""
    if traced.shape is None or traced.event_shape is None:
        return None
    return traced.shape[: max(len(traced.shape) - len(traced.event_shape), 0)]


def density_shape(traced: TracedSite) -> Shape | None:
    """The shape of a site's log density; None where its value and distribution do not fit."""
    value = value_batch(traced)
    if value is None or traced.batch_shape is None:
        return None
    return broadcast(traced.batch_shape, value)


def crosses(traced: TracedSite) -> bool:
    """Whether each value of a site is scored against each element of its distribution."""
    value, shape = value_batch(traced), density_shape(traced)
    if value is None or shape is None or traced.batch_shape is None:
        return False
    return shape not in (padded(value, shape), padded(traced.batch_shape, shape))
