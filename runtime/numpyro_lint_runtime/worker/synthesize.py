"""Makes arguments up for a model: guesses are tried until it can be traced, guided by exceptions.

Each try is an abstract trace. The search is best first: what gets further in the model is changed
further. It is bounded in number and in time.
"""

from __future__ import annotations

import contextlib
import heapq
import io
import itertools
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..protocol import ModelRequest, TracedSite, TraceResult
from .failure import Refused, Unavailable, failed, failure_of
from .makeup import ABSENT, Choice, Made, Maker, Makeup, Path, State
from .moves import Names, focus, moves, places
from .slice import Loader, Target
from .text import Text
from .trace import glance, is_tracer_error, trace_call

TRIES = 60
SECONDS = 2.0
# So many in a row that come no further than others end it.
PATIENCE = 30
# Observations are fitted to their distributions for so many tries more.
_REFINED = 12
_MADE = "__numpyro_lint_made__"

Solved = Mapping[Path, Choice]


@dataclass(frozen=True)
class Try:
    """What came of a state: the sites, or the exception and how far the model came before it."""

    state: State
    sites: tuple[TracedSite, ...]
    error: BaseException | None
    progress: tuple[int, ...]
    made: Mapping[Path, Made]


class Search:
    """The search for the arguments of one model of a file."""

    def __init__(self, loader: Loader, model: ModelRequest, like: Solved | None) -> None:
        self._text, self._model = loader.text, model
        self._attempt = loader.executed(with_made(model))
        self._makeup = Makeup(model.parameters, like)
        self._maker = Maker(self._attempt.namespace)
        self._names = Names(loader.text.tree)
        self._end = time.process_time() + SECONDS
        self.tries = 0

    def run(self) -> Try:
        """The first try that is traced, or the one that came furthest."""
        found = self._best(self._makeup.first())
        return found if found.error is not None else self._fitted(found)

    def _best(self, first: State) -> Try:
        counter = itertools.count()
        queue: list[tuple[Any, ...]] = [((), 0, next(counter), first)]
        seen = {first.key}
        best: Try | None = None
        stuck = 0
        while queue and stuck < PATIENCE and (best is None or self._has_time(TRIES)):
            _, _, _, state = heapq.heappop(queue)
            tried = self.attempt(state)
            if tried.error is None:
                return tried
            stuck += 1
            if best is None or tried.progress > best.progress:
                best, stuck = tried, 0
            if self._is_hopeless(tried):
                return tried
            rank = tuple(-number for number in tried.progress)
            for place, changed in enumerate(self._moves(tried)):
                if changed.key not in seen:
                    seen.add(changed.key)
                    heapq.heappush(queue, (rank, place, next(counter), changed))
        assert best is not None
        return best

    def _is_hopeless(self, tried: Try) -> bool:
        """Whether no argument can help: what the file is to have is not there."""
        error = tried.error
        if isinstance(error, Unavailable):
            return not self._attempt.missed
        return isinstance(error, (ImportError, Refused)) or type(error) is NameError

    def _has_time(self, most: int) -> bool:
        return self.tries < most and time.process_time() < self._end

    def _moves(self, tried: Try) -> Iterator[State]:
        assert tried.error is not None
        at = places(tried.error.__traceback__, self._text.path, self._names)
        about = focus(at, tried.state, tried.made)
        return moves(self._makeup, tried.state, tried.error, about)

    def attempt(self, state: State) -> Try:
        """Trace the model abstractly with the arguments of a state."""
        self.tries += 1
        sites: tuple[TracedSite, ...] = ()
        made: Mapping[Path, Made] = {}
        error: BaseException | None = None
        with quiet():
            try:
                made = self._maker.make(state, self._makeup.parameters)
                target = self.reach(made)
            except BaseException as raised:
                error = raised
            else:
                sites, error = glance(target, self._model.seed, self._text.path)
        progress = () if error is None else self._progress(error, len(sites))
        return Try(state, sites, error, progress, made)

    def _progress(self, error: BaseException, sites: int) -> tuple[int, ...]:
        at = places(error.__traceback__, self._text.path, self._names)
        return (sites, *(site.frame.f_lineno for site in reversed(at)))

    def reach(self, made: Mapping[Path, Made]) -> Target:
        """The model and its arguments, with what was made up for it and for the scopes."""
        given: dict[str, dict[str, Any]] = {"": {}, "-1": {}}
        given |= {str(number): {} for number in range(len(self._model.scopes))}
        for scope, name in self._makeup.parameters:
            value = made[scope, name][0]
            if value is not ABSENT:
                given[scope][name] = value
        self._attempt.namespace[_MADE] = given
        return self._attempt.reach()

    def _fitted(self, found: Try) -> Try:
        """The try whose observations fit their distributions best."""
        most = self.tries + _REFINED
        misfits = _misfits(found.sites)
        queue = list(self._fits(found))
        seen = {found.state.key}
        while misfits and queue and self._has_time(most):
            state = queue.pop(0)
            if state.key in seen:
                continue
            seen.add(state.key)
            tried = self.attempt(state)
            if tried.error is None and len(_misfits(tried.sites)) < len(misfits):
                found, misfits = tried, _misfits(tried.sites)
                queue = list(self._fits(found))
        return found

    def _fits(self, found: Try) -> Iterator[State]:
        for value, wanted in _misfits(found.sites):
            for path, choice in found.state.choices.items():
                if choice.guess.kind == "array" and choice.sizes == value:
                    fitted = Choice(choice.guess, wanted)
                    yield State({**found.state.choices, path: fitted}, found.state.as_jax)
            for a, b in zip(reversed(value), reversed(wanted), strict=False):
                if a != b and found.state.owners(a):
                    yield found.state.resized(a, b)
                elif a != b and found.state.owners(b):
                    yield found.state.resized(b, a)


def _misfits(sites: tuple[TracedSite, ...]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The shapes of observed values that are not those of their distributions, and these."""
    found = []
    for site in sites:
        if site.type == "sample" and site.observed and site.shape is not None:
            wanted = (*(site.batch_shape or ()), *(site.event_shape or ()))
            if site.shape != wanted and site.value_from == "obs":
                found.append((site.shape, wanted))
    return found


def with_made(model: ModelRequest) -> ModelRequest:
    """The request with calls that take what is made up."""

    def open_call(call: Any, key: str) -> Any:
        made = {**call.keyword, "**": f"{_MADE}[{key!r}]"}
        return replace(call, keyword=made)

    scoped = {each.scope for each in model.parameters}
    scopes = tuple(
        replace(scope, call=open_call(scope.call, str(number))) if number in scoped else scope
        for number, scope in enumerate(model.scopes)
    )
    target = model.target
    for each in model.parameters:
        if each.scope == -1:
            target = f"{_MADE}['-1'][{each.name!r}].{target.rpartition('.')[2]}"
    return replace(model, target=target, scopes=scopes, call=open_call(model.call, ""))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What a model prints and warns of belongs to no try."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _expressions(text: Text, model: ModelRequest, made: Mapping[Path, Made]) -> dict[str, str]:
    """What was made up, as expressions by parameter; `function.name` for those of scopes."""
    found = {}
    for parameter in model.parameters:
        scope = "" if parameter.scope is None else str(parameter.scope)
        value, written = made[scope, parameter.name]
        if value is ABSENT:
            continue
        if parameter.scope in (None, -1):
            found[parameter.name] = written
        else:
            function = text.statement(model.scopes[parameter.scope].function)
            found[f"{getattr(function, 'name', '')}.{parameter.name}"] = written
    return found


def synthesize(loader: Loader, model: ModelRequest, solved: dict[str, Solved]) -> TraceResult:
    """Trace a model with arguments that are made up; raises SliceError.

    `solved`: the arguments that were found for other models of the file, to which these are added.
    """
    text = loader.text
    search = Search(loader, model, solved.get(model.like or ""))
    found = search.run()
    if found.error is not None and not is_tracer_error(found.error):
        return _failed(text, model, found, search.tries)
    try:
        with quiet():
            target = search.reach(found.made)
    except BaseException as error:  # the way there need not go well twice
        return _failed(text, model, replace(found, error=error), search.tries)
    result = trace_call(
        model.id, target.model, target.args, target.kwargs,
        seed=model.seed, mode=model.mode, own=text.path, catch=BaseException,
    )  # fmt: skip
    if result.status == "ok":
        solved[model.id] = found.state.choices
    arguments = _expressions(text, model, found.made)
    return replace(result, arguments=arguments, tries=search.tries)


def _failed(text: Text, model: ModelRequest, found: Try, tries: int) -> TraceResult:
    assert found.error is not None
    told = failure_of(found.error, "arguments", text.path)
    return replace(failed(model, told, 0.0), sites=found.sites, tries=tries)
