"""Answers one file request, in a process of its own: a fork that was made and warmed ahead."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist

from ..protocol import (
    Answer,
    Asked,
    Began,
    Failure,
    FileDone,
    FileRequest,
    ModelRequest,
    Result,
    TraceResult,
    unanswered,
)
from . import own, workspace
from .comparisons import compare_in_numpy
from .density import draw_improper
from .failure import failed
from .inference import refuse_inference
from .slice import Loader, SliceError, Target, load_text
from .trace import record_call, trace_call
from .values import values_call
from .within import within

if TYPE_CHECKING:
    from .synthesize import Solved

Send = Callable[[Answer], None]
# What does not lie with the model itself: another way may lead to it.
_TRIED_AGAIN = frozenset({"import", "slice", "arguments", "refused"})
# What the first model of a file may take longer than its deadline, for what is warmed up.
SPARE = 5.0


def _dummy(size: int, y: np.ndarray) -> None:
    loc = numpyro.sample("loc", dist.Normal(0, 5))
    scale = numpyro.sample("scale", dist.HalfCauchy(5))
    with numpyro.plate("plate", size):
        theta = numpyro.sample("theta", dist.Normal(loc, scale))
        numpyro.deterministic("twice", 2 * theta)
        numpyro.sample("y", dist.Normal(theta, y), obs=y)


def fill_caches() -> None:
    """Trace a model, which fills the caches of tracing and starts no backend."""
    record_call(_dummy, (8, np.ones(8)))


def _start_backend() -> None:
    jnp.array([1.0, 2.0])


def _import_the_rest() -> None:
    for name in ("synthesize", "capture"):
        own.module(name)


# What nearly every file calls at its top level, and its tracing, to be compiled ahead.
_WARMING: tuple[Callable[[], object], ...] = (
    lambda: jnp.array([1, 2]),
    lambda: (jnp.ones(3), jnp.zeros(3)),
    lambda: jnp.linspace(0.0, 1.0, 3),
    lambda: jnp.arange(3),
    lambda: np.random.default_rng(0),
    fill_caches,
    _import_the_rest,
)


def warm(is_asked: Callable[[], bool] = lambda: False) -> None:
    """Start the backend, and prepare for any file until one is there to be traced."""
    _start_backend()
    for step in _WARMING:
        if is_asked():
            return
        step()


def _trace(
    loader: Loader | SliceError, model: ModelRequest, solved: dict[str, Solved]
) -> TraceResult:
    """The trace by the first way that leads to the model; else why the first way does not."""
    start = time.perf_counter()
    first: TraceResult | None = None
    for index, way in enumerate((model, *model.others)):
        result = _trace_by(loader, way, solved)
        again = result.failure is not None and result.failure.stage in _TRIED_AGAIN
        if result.status == "ok" or not again:
            return replace(result, way=index, seconds=time.perf_counter() - start)
        first = first or result
    assert first is not None
    return replace(first, seconds=time.perf_counter() - start)


def _trace_by(
    loader: Loader | SliceError, model: ModelRequest, solved: dict[str, Solved]
) -> TraceResult:
    workspace.reset_randomness(model.seed)
    try:
        if isinstance(loader, SliceError):
            raise loader
        if model.parameters:
            from .synthesize import synthesize

            return synthesize(loader, model, solved)
        target = loader.load(model)
    except SliceError as error:
        return failed(model, error.failure, 0.0)
    return trace_call(
        model.id, within(target.contexts, target.model), target.args, target.kwargs,
        seed=model.seed, mode=model.mode, own=loader.text.path, catch=BaseException,
    )  # fmt: skip


Look = Callable[[ModelRequest, Target, str], Result]


def _looked(loader: Loader | SliceError, model: ModelRequest, asked: Asked, look: Look) -> Result:
    """A later stage of a model."""
    start = time.perf_counter()
    workspace.reset_randomness(model.seed)
    try:
        if isinstance(loader, SliceError):
            raise loader
        target = loader.load(model)
    except SliceError as error:
        return unanswered(asked, model, error.failure)
    wrapped = replace(target, model=within(target.contexts, target.model))
    result = look(model, wrapped, loader.text.path)
    return replace(result, seconds=time.perf_counter() - start)


def _look_of(request: FileRequest, send: Send) -> Look:
    """How the models of a file are looked at in its stage."""
    if request.stage == "values":
        return values_call
    from .pilot import Kept, pilot_call

    kept: Kept = {}
    return lambda model, target, own: pilot_call(model, target, own, send, kept)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        # The model may have closed or replaced it.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()


def serve(request: FileRequest, send: Send) -> None:
    """Answer for the models of a file in order, whatever the stage, with a result for each."""
    # Examples choose a platform at their top level; a trace stays where it is. NUTS needs no draw
    # of an improper prior.
    dist.ImproperUniform.sample = draw_improper
    compare_in_numpy()
    numpyro.set_platform = numpyro.util.set_platform = lambda platform=None: None
    workspace.enter(request.path, request.root)
    loader: Loader | SliceError
    look: Look | None = None
    try:
        text = load_text(request)
        if request.capture:
            from . import capture

            capture.serve(text, request, send)
            return
        if request.stage != "trace":
            look = _look_of(request, send)  # has hold of NUTS before that is refused
        refuse_inference()
        folders = (os.getcwd(), os.path.dirname(request.path))
        loader = Loader(text, tuple(filter(os.path.isdir, folders)))
    except SliceError as error:
        loader = error
    solved: dict[str, Solved] = {}
    for model in request.models:
        send(Began(model.id))
        result: Result
        if look is None:
            result = _trace(loader, model, solved)
        else:
            result = _looked(loader, model, request.stage, look)
        _flush()
        send(result)
    send(FileDone(request.path))


def refuse(request: FileRequest, send: Send, failure: Failure) -> None:
    """Answer all models of a file with one failure."""
    for model in request.models:
        send(Began(model.id))
        send(unanswered(request.stage, model, failure))
    send(FileDone(request.path))


def scratch_folders() -> tuple[str, ...]:
    """Where a trace may write: the scratch folder, which the host names, and the user's caches,
    which some packages make at import."""
    home = os.path.expanduser("~")
    caches = {
        "darwin": os.path.join(home, "Library", "Caches"),
        "win32": os.environ.get("LOCALAPPDATA", ""),
    }.get(sys.platform, os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache"))
    return tuple(filter(None, [os.environ.get("NUMPYRO_LINT_SCRATCH"), caches]))
