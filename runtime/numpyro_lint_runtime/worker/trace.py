"""Runs a model once under `seed` and records its sites: staged where possible, else on one draw."""

from __future__ import annotations

import platform
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from numpyro import handlers

from ..protocol import Failure, Mode, TracedSite, TraceResult
from . import depends
from .describe import is_tracer
from .draft import Draft
from .failure import failure_of, text_of
from .frames import begins
from .missing import as_unavailable
from .recorder import Recorder, installed, level_of
from .slice import Target

Run = Callable[[], Any]
# What operators, formats and the like say of a tracer.
_TRACER = re.compile(r"Traced<|Tracer\b")


def is_tracer_error(error: BaseException) -> bool:
    """Whether this comes from Python or numpy wanting the number behind a tracer."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, (jax.errors.ConcretizationTypeError, jax.errors.UnexpectedTracerError)):
            return True
        if isinstance(seen, (jax.errors.TracerArrayConversionError, jax.errors.JAXTypeError)):
            return True
        if isinstance(seen, jax.errors.JAXIndexError) or _TRACER.search(text_of(seen)):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


@begins
def _stage(recorder: Recorder, model: Any, args: Any, kwargs: Any, seed: int) -> None:
    """Run the model on abstract draws; what it is called with stays as it is."""
    asked: list[tuple[Draft, str]] = []

    def staged() -> list[Any]:
        key = jax.random.key(seed)
        recorder.level = level_of(key)
        try:
            with installed(recorder):
                handlers.seed(model, rng_seed=key)(*args, **kwargs)
            found = list(_tracers(recorder))
        finally:
            recorder.forget()
        asked.extend((draft, parameter) for draft, parameter, _ in found)
        return [leaf for _, _, leaf in found]

    closed = jax.make_jaxpr(staged)()
    # The trace stands without `depends`, should JAX write a program that the walk cannot read.
    marks: list[frozenset[int]] | None = None
    same: list[int | None] | None = None
    try:
        marks = depends.flow(closed.jaxpr, [frozenset()] * len(closed.jaxpr.invars))
        same = depends.same(closed.jaxpr)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        marks = None
        recorder.lose("what sites are computed from", error)
    recorder.resolve(asked, marks, same)


def _tracers(recorder: Recorder) -> Iterator[tuple[Draft, str, Any]]:
    for draft in recorder.drafts:
        for parameter, leaves in (draft.sinks or {}).items():
            for leaf in leaves:
                if is_tracer(leaf):
                    yield draft, parameter, leaf


@begins
def _draw(recorder: Recorder, model: Any, args: Any, kwargs: Any, seed: int) -> None:
    with installed(recorder):
        handlers.seed(model, rng_seed=seed)(*args, **kwargs)


def _as_jax(leaf: Any) -> Any:
    return jnp.asarray(leaf) if isinstance(leaf, np.ndarray) and leaf.dtype.kind in "biuf" else leaf


def _attempts(given: tuple[Any, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """What is marked as a source, and the arguments, from the most abstract way to the least.

    A model may branch on what it observes, or hand it to numpy: then only draws are abstract. It
    may take a subsample of a numpy array, which works under inference, where arguments are JAX's.
    """
    yield "every", given
    yield "drawn", given
    leaves, tree = jax.tree.flatten(given)
    if any(isinstance(leaf, np.ndarray) for leaf in leaves):
        yield "drawn", jax.tree.unflatten(tree, [_as_jax(leaf) for leaf in leaves])


def _abstract(
    model: Any, args: Any, kwargs: Any, seed: int, own: str | None, catch: type[BaseException]
) -> tuple[Recorder, BaseException | None]:
    error: BaseException | None = None
    for sources, given in _attempts((args, kwargs)):
        recorder = Recorder(own, sources)
        try:
            _stage(recorder, model, *given, seed)
            return recorder, None
        except catch as raised:
            error = raised
            if not is_tracer_error(raised):
                break
    return recorder, error


def _failed(error: BaseException, own: str | None, recorder: Recorder) -> Failure:
    return failure_of(as_unavailable(error), "model", own, site=recorder.failed)


def trace_call(
    id: str,
    model: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    seed: int = 0,
    mode: Mode = "abstract",
    own: str | None = None,
    catch: type[BaseException] = Exception,
    raises: bool = False,
) -> TraceResult:
    """Trace `model(*args, **kwargs)`; what it raises is in the result, with the sites before it.

    `own`: the file whose positions carry no path. `catch`: what is told instead of raised;
    `raises`: nothing is, once the model has failed abstractly and concretely.
    """
    start = time.perf_counter()
    failure: Failure | None = None
    error: BaseException | None = None
    ran: Mode = mode
    if mode == "abstract":
        recorder, error = _abstract(model, args, kwargs, seed, own, catch)
        if error is not None and is_tracer_error(error):
            failure = _failed(error, own, recorder)
            ran, error = "concrete", None
    if ran == "concrete":
        recorder = Recorder(own, given=(args, kwargs))
        try:
            _draw(recorder, model, args, kwargs, seed)
        except catch as raised:
            error = raised
    if raises and error is not None:
        raise error
    return TraceResult(
        id,
        "ok" if error is None else "failed",
        ran,
        time.perf_counter() - start,
        seed,
        platform.python_version(),
        numpyro.__version__,
        jax.__version__,
        tuple(recorder.sites()),
        failure
        if error is None
        else failure_of(as_unavailable(error), "model", own, site=recorder.failed),
        around=recorder.company.around,
        lost=tuple(recorder.lost),
    )


def glance(
    target: Target, seed: int, own: str | None
) -> tuple[tuple[TracedSite, ...], BaseException | None]:
    """The sites of one abstract trace, and what it raised: for arguments that are on trial."""
    recorder = Recorder(own)
    error: BaseException | None = None
    try:
        _stage(recorder, target.model, target.args, target.kwargs, seed)
    except BaseException as raised:
        error = raised
    return tuple(recorder.sites()), error


def record_call(
    fn: Callable[..., Any],
    args: tuple[Any, ...] = (),
    kwargs: dict[str, Any] | None = None,
    seed: int = 0,
    mode: Mode = "abstract",
) -> list[TracedSite]:
    """The sites of `fn(*args, **kwargs)` under `seed`, in this process; raises what `fn` raises."""
    recorder = Recorder(None, "every" if mode == "abstract" else None)
    run = _stage if mode == "abstract" else _draw
    run(recorder, fn, args, kwargs or {}, seed)
    return recorder.sites()


def trace_live(model: Callable[..., Any], *args: Any, **kwargs: Any) -> TraceResult:
    """Trace a live model in this process, abstractly where possible, with seed 0."""
    return trace_call(getattr(model, "__name__", "model"), model, args, kwargs)
