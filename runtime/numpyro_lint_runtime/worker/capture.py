"""Runs a whole program with inference intercepted, and traces its models as they are called.

Each function asked for is decorated where it is defined, so that a call of it is seen whatever it
is called by: inference, a handler, the program itself. It is traced there and then with the
arguments of the call, so nothing is kept, and what comes later cannot undo it.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import jax
import numpy as np
from numpyro.primitives import _PYRO_STACK

from ..protocol import Answer, Began, Failure, FileDone, FileRequest, ModelRequest, TraceResult
from .describe import is_tracer
from .failure import advice_on, failed, failure_of
from .in_short import arguments_in_short
from .intercept import intercepted
from .slice import SliceError, Text
from .stand_ins import Nothing
from .surroundings import quiet
from .trace import trace_call
from .workspace import package_of

_TRIES = 3
_CALLED = "__numpyro_lint_called__"
_NOT_CALLED = "the program, run as a whole, does not call it"


class _Enough(BaseException):
    """Every model is traced: the program need not go on."""


class Capture:
    """The models that are still to be seen at work, and what is done when one is."""

    def __init__(self, request: FileRequest, send: Callable[[Answer], None]) -> None:
        self._path = request.path
        self._send = send
        self._wanted = {model.id: model for model in request.models}
        self._failed: dict[str, list[TraceResult]] = {model.id: [] for model in request.models}
        self._busy = False
        self.start = time.perf_counter()

    def watched(self, id: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """The decorator of the function that is asked for under an id."""

        def decorate(fn: Callable[..., Any]) -> Callable[..., Any]:
            @functools.wraps(fn)
            def called(*args: Any, **kwargs: Any) -> Any:
                model = self._wanted.get(id)
                if model is not None and not self._busy and not _has_tracers(args, kwargs):
                    self._trace(model, fn, args, kwargs)
                return fn(*args, **kwargs)

            return called

        return decorate

    def _trace(self, model: ModelRequest, fn: Any, args: Any, kwargs: Any) -> None:
        self._busy = True
        try:
            with _apart(model.seed):
                result = trace_call(
                    model.id, fn, args, kwargs,
                    seed=model.seed, mode=model.mode, own=self._path, catch=BaseException,
                )  # fmt: skip
            result = replace(result, arguments=arguments_in_short(fn, args, kwargs))
        finally:
            self._busy = False
        failures = self._failed[model.id]
        if result.status != "ok" and len(failures) < _TRIES - 1:
            failures.append(result)  # it may be called otherwise yet
            return
        self._answer(result if result.status == "ok" else failures[0])
        if not self._wanted:
            raise _Enough

    def _answer(self, result: TraceResult) -> None:
        del self._wanted[result.id]
        self._send(result)
        if not self._wanted:
            self._send(FileDone(self._path))

    def finish(self, failures: list[Failure]) -> None:
        """Answer for the models that were not traced. `failures`: those of the program."""
        failure = _unreached(failures)
        seconds = time.perf_counter() - self.start
        for id, model in list(self._wanted.items()):
            failures_of_model = self._failed[id]
            answer = failures_of_model[0] if failures_of_model else failed(model, failure, seconds)
            self._answer(answer)


def _unreached(failures: list[Failure]) -> Failure:
    """Why a model was not seen at work: what failed may, or may not, have kept it from it."""
    if not failures:
        return Failure("arguments", "", _NOT_CALLED)
    cause = min(failures, key=_rank)
    where = f"line {cause.position.line}" if cause.position else "a line"
    message = cause.message.strip().partition("\n")[0]
    raised = f"{cause.exception}: {message}" if message else cause.exception
    said = f"{_NOT_CALLED}; {where} raised {raised}"
    return Failure(cause.stage, "", said, advice=cause.advice)


def _rank(failure: Failure) -> tuple[bool, bool]:
    """What was refused explains most; examples assert versions that hardly matter."""
    return failure.stage != "refused", failure.exception == "AssertionError"


def _has_tracers(args: Any, kwargs: Any) -> bool:
    return any(is_tracer(leaf) for leaf in jax.tree.leaves((args, kwargs)))


@contextlib.contextmanager
def _apart(seed: int) -> Iterator[None]:
    """Outside of the handlers of the program, whose luck is left alone.

    A transformation of JAX around it does no harm: the trace is one of its own. Its values are out
    of reach there, but to step out of it (`ensure_compile_time_eval`) would fold what is drawn into
    constants, and nothing would depend on it.
    """
    states = random.getstate(), np.random.get_state()
    handlers = list(_PYRO_STACK)
    random.seed(seed)
    np.random.seed(seed % 2**32)
    _PYRO_STACK.clear()
    try:
        yield
    finally:
        _PYRO_STACK[:] = handlers
        random.setstate(states[0])
        np.random.set_state(states[1])


def _watch(text: Text, model: ModelRequest) -> None:
    """Decorate the function of a model in the tree, next to its own definition."""
    assert model.function is not None
    node = text.statement(model.function)
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        message = "there is no function here to watch"
        raise SliceError(Failure("slice", "LookupError", message, model.function))
    decorator = ast.Call(ast.Name(_CALLED, ast.Load()), [ast.Constant(model.id)], [])
    for part in ast.walk(decorator):
        if isinstance(part, ast.expr):
            ast.copy_location(part, node)
            part.end_lineno, part.end_col_offset = node.lineno, node.col_offset
    node.decorator_list.append(decorator)


def _is_main_guard(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and ast.unparse(node.test) in ("__name__ == '__main__'", "'__main__' == __name__")
    )


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If) and _is_main_guard(node):
            yield from _statements(node.body)
        else:
            yield node


@contextlib.contextmanager
def _main(text: Text, capture: Capture) -> Iterator[dict[str, Any]]:
    """The program's module, which takes the place of `__main__`."""
    module = ModuleType("__main__")
    module.__file__ = text.path
    module.__package__ = package_of(text.path) or None
    module.__dict__[_CALLED] = capture.watched
    if text.path.endswith(".ipynb"):
        module.__dict__.update(display=Nothing(), get_ipython=Nothing())
    before = sys.modules["__main__"]
    sys.modules["__main__"] = module
    try:
        yield module.__dict__
    finally:
        sys.modules["__main__"] = before


def _run(text: Text, namespace: dict[str, Any]) -> list[Failure]:
    """Execute the statements of the program; what one of them raises does not keep the others."""
    found: list[Failure] = []
    for node in _statements(text.tree.body):
        try:
            exec(text.compile(ast.Module([node], [])), namespace)
        except _Enough:
            break
        except BaseException as error:
            if not isinstance(error, SystemExit) or error.code not in (None, 0):
                found.append(failure_of(error, "slice", text.path, advice_on(error, text.path)))
            if isinstance(error, (SystemExit, KeyboardInterrupt)):
                break
    return found


def serve(text: Text, request: FileRequest, send: Callable[[Answer], None]) -> None:
    """Run the program and send a result for each model, in the order in which they are called."""
    send(Began(request.models[0].id))
    capture = Capture(request, send)
    for model in request.models:
        _watch(text, model)
    with quiet(), intercepted(), _main(text, capture) as namespace:
        failures = _run(text, namespace)
    capture.finish(failures)
