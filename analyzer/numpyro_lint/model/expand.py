"""A function as the sequence of its primitives: calls replaced by what they reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, groupby

from numpyro_lint.model.binding import (
    bind,
    bind_name,
    drawn,
    is_none,
    resolve,
    resolve_arguments,
    resolve_handler,
)
from numpyro_lint.model.derive import truth
from numpyro_lint.model.execution import Active as Active
from numpyro_lint.model.execution import Arms as Arms
from numpyro_lint.model.execution import Control as Control
from numpyro_lint.model.execution import Execution as Execution
from numpyro_lint.model.execution import Path as Path
from numpyro_lint.model.execution import Reached as Reached
from numpyro_lint.model.execution import Unseen as Unseen
from numpyro_lint.model.execution import Used as Used
from numpyro_lint.model.ir import (
    Argument,
    Arguments,
    Branch,
    Call,
    Callee,
    Data,
    Dist,
    Frame,
    Handler,
    HandlerRef,
    Instance,
    Place,
    PlateRef,
    Site,
    Step,
    Test,
    Value,
)
from numpyro_lint.model.name import Name
from numpyro_lint.model.parameters import passed
from numpyro_lint.model.passes import Pass, moved_by, moves, passes_of
from numpyro_lint.model.program import Function, Iteration, Module
from numpyro_lint.record import field, record, replace
from numpyro_lint.text import Span

_DEEPEST = 24
# How often a step is told at most by loops in loops that are taken pass by pass.
_MOST_PASSES = 64
# So many calls are looked into from one call on: two calls in each function make a thousand of ten.
_MOST_CALLS = 1000


@record
class _Caller:
    """What a step of a function meets."""

    values: Mapping[str, Value]
    outer: int = 0
    active: tuple[Active, ...] = ()
    arms: Arms = ()
    loops: tuple[Span, ...] = ()
    path: Path = ()
    passes: int = 1
    # The paths at which each plate was built so far, by its place and name.
    built: dict[tuple[Span, Name], tuple[Path, ...]] = field(default_factory=dict)
    # The number of the next call.
    calls: Iterator[int] = field(default_factory=count)


# A step, and the loops around it that are taken pass by pass.
_Turn = tuple[Step, frozenset[Span]]
_NOT_TOLD: frozenset[Span] = frozenset()


def expand(
    module: Module,
    callee: Callee,
    arguments: Arguments | None = None,
    outer: tuple[Active, ...] = (),
) -> Iterator[Reached]:
    """The primitives that a call of `callee` reaches, in order of execution.

    `outer` stands around the call; the handlers around `callee` itself are not put there.
    `arguments` None: not known.
    """
    function = module.function(callee)
    if function is None:
        yield Unseen(callee.display, callee.span or Span(0, 0), ())
        return
    given = Arguments(known=False) if arguments is None else arguments
    values = {**dict(callee.closure), **bind(function, callee.bound, given)}
    yield from _steps(module, function, _Caller(values, len(outer), outer))


def _steps(module: Module, function: Function, caller: _Caller) -> Iterator[Reached]:
    for use in function.uses:
        arms = _arms(use.place, caller)
        if arms is not None:
            made = drawn(use.drawn, caller.values)
            spans = frozenset(each for each in made if isinstance(each, Span))
            if spans or not use.drawn:
                yield Used(use, spans, function, caller.path, arms)
    turns = [(step, _NOT_TOLD) for step in function.body]
    if function.iterations:
        yield from _looped(module, function, turns, caller, 0)
    else:
        yield from _straight(module, function, turns, caller)


def _looped(
    module: Module, function: Function, steps: Sequence[_Turn], caller: _Caller, depth: int
) -> Iterator[Reached]:
    """Steps with `depth` loops around them taken care of.

    What all passes of a loop do alike is told once, as what is done in a loop.
    """

    def loop_of(turn: _Turn) -> Span | None:
        loops = turn[0].place.loops
        return loops[depth] if len(loops) > depth else None

    for loop, group in groupby(steps, loop_of):
        inside = list(group)
        iteration = function.iterations.get(loop) if loop is not None else None
        passes = passes_of(iteration, caller.values)
        if loop is None:
            yield from _straight(module, function, inside, caller)
        elif not iteration or not passes or caller.passes * len(passes) > _MOST_PASSES:
            yield from _looped(module, function, inside, caller, depth + 1)
        else:
            moved = moved_by(iteration, function.iterations)
            moving = [(step, told | {loop}) for step, told in inside if moves(step, moved)]
            first = [(s, told | {loop} if moves(s, moved) else told) for s, told in inside]
            for here in _passes(iteration, passes, caller):
                turns = first if here.path[-1] == Pass.of(loop, 0) else moving
                yield from _looped(module, function, turns, here, depth + 1)


def _passes(
    iteration: Iteration, passes: Sequence[Mapping[str, Value]], caller: _Caller
) -> Iterator[_Caller]:
    """What the steps of each pass meet, up to a pass that is sure to leave the loop."""
    arms = caller.arms
    for number, values in enumerate(passes):
        path = (*caller.path, Pass.of(iteration.span, number))
        here = replace(
            caller,
            values={**caller.values, **values},
            path=path,
            arms=arms,
            passes=caller.passes * len(passes),
        )
        yield here
        left = [_all_settled(branches, here.values) for branches in iteration.leaves]
        if True in left:
            return
        if None in left:
            arms = (*arms, (path, Branch(iteration.span.start, 0)))


def _straight(
    module: Module, function: Function, turns: Iterable[_Turn], caller: _Caller
) -> Iterator[Reached]:
    frames: tuple[Frame | Handler, ...] = ()
    active = caller.active
    for step, told in turns:
        arms = _arms(step.place, caller)
        if arms is None:
            continue
        if step.place.frames is not frames:
            frames = step.place.frames
            active = caller.active + _active(frames, caller)
        loops = caller.loops + step.place.loops
        if told:
            loops = tuple(loop for loop in loops if loop not in told)
        if isinstance(step, Site):
            if step.kind == "plate":
                _note_built(step, caller)
            yield _execution(step, function, caller, active, arms, loops)
        else:
            yield from _call(module, step, caller, active, arms, loops)


def _active(frames: tuple[Frame | Handler, ...], caller: _Caller) -> tuple[Active, ...]:
    found: list[Active] = []
    for frame in frames:
        if isinstance(frame, Frame):
            found.append(_plate(frame, caller))
        else:
            found.extend(_entered(resolve_handler(frame, caller.values), caller))
    return tuple(found)


def _entered(handler: Handler, caller: _Caller) -> Iterator[Active]:
    """A handler; what a parameter holds is the handler or the plate that was passed."""
    told = handler.arg("context") if handler.kind == "opaque" else None
    if isinstance(told, PlateRef):
        yield from (_plate(Frame(site), caller) for site in told.sites)
    elif isinstance(told, HandlerRef):
        yield Active(told.handler, caller.path)
    else:
        yield Active(handler, caller.path)


def _plate(frame: Frame, caller: _Caller) -> Active:
    """A plate that is entered, by the path at which it was built where that is certain."""
    name = bind_name(frame.plate.name, caller.values)
    built = caller.built.get((frame.plate.span, name), ())
    path = built[0] if len(built) == 1 else caller.path
    return Active(frame, path, name)


def _note_built(step: Site, caller: _Caller) -> None:
    key = step.span, bind_name(step.name, caller.values)
    before = caller.built.get(key, ())
    if caller.path not in before:
        caller.built[key] = (*before, caller.path)


def _arms(place: Place, caller: _Caller) -> Arms | None:
    """The branches that stay open; None when the arguments rule this place out."""
    if not place.branches:
        return caller.arms
    open_arms = list(caller.arms)
    for branch in place.branches:
        settled = _settled(branch.test, caller.values)
        if settled is False:
            return None
        if settled is None:
            open_arms.append((caller.path, branch))
    return tuple(open_arms)


def reached(place: Place, values: Mapping[str, Value]) -> bool:
    """Whether a call with these arguments is sure to reach a place of its function."""
    return all(_settled(branch.test, values) is True for branch in place.branches)


def _all_settled(branches: Sequence[Branch], values: Mapping[str, Value]) -> bool | None:
    """Whether all these branches are taken; None when that is not known."""
    settled = [_settled(branch.test, values) for branch in branches]
    return False if False in settled else None if None in settled else True


def _settled(test: Test | None, values: Mapping[str, Value]) -> bool | None:
    if test is None:
        return None
    known = truth(resolve(test.value, values))
    return None if known is None else known == test.expected


def _execution(
    site: Site,
    function: Function | None,
    caller: _Caller,
    active: tuple[Active, ...],
    arms: Arms,
    loops: tuple[Span, ...],
) -> Execution:
    return Execution(
        site,
        bind_name(site.name, caller.values),
        _observed(site, caller.values),
        active,
        arms,
        loops,
        caller.path,
        caller.values,
        function,
        caller.outer,
    )


def _observed(site: Site, values: Mapping[str, Value]) -> bool | None:
    obs = site.obs
    if obs is None or isinstance(obs, (Data, Dist)):
        return obs is not None
    none = is_none(resolve(obs, values))
    return None if none is None else not none


def _call(
    module: Module,
    call: Call,
    caller: _Caller,
    active: tuple[Active, ...],
    arms: Arms,
    loops: tuple[Span, ...],
) -> Iterator[Reached]:
    path = (*caller.path, call.span)
    callee = _target(module, call.callee, caller.values)
    function = module.function(callee)
    deep = len(path) > _DEEPEST or call.span in caller.path
    if function is None or deep or next(caller.calls) >= _MOST_CALLS:
        yield Unseen(callee.display, call.span, caller.path)
        return
    if call.via != "call":
        control = Control(call.via, call.span, call.arm, call.arms)
        active = (*active, Active(control, caller.path))
    active += tuple(Active(resolve_handler(h, caller.values), caller.path) for h in callee.handlers)
    bound = bind(
        function,
        resolve_arguments(callee.bound, caller.values),
        resolve_arguments(call.arguments, caller.values),
    )
    closure = {name: resolve(value, caller.values) for name, value in callee.closure}
    values = {**caller.values, **closure, **bound}
    inner = replace(caller, values=values, active=active, arms=arms, loops=loops, path=path)
    yield from _steps(module, function, inner)


def _target(module: Module, callee: Callee, values: Mapping[str, Value]) -> Callee:
    """The function that is called, where only the caller tells: a method is that of the object's
    own class, a parameter the function that was passed."""
    if callee.method is not None:
        owner = resolve(callee.bound.items[0].value, values)
        if isinstance(owner, Instance) and owner.exact:
            return replace(callee, function=module.method(owner.key, callee.method))
        return callee
    given: Value | None = None
    if callee.param is not None:
        given = passed(callee.param, values)
    elif callee.derived is not None:
        given = resolve(callee.derived, values)
    if isinstance(given, Callee):
        bound = Arguments((*given.bound.items, *callee.bound.items))
        return replace(given, handlers=(*callee.handlers, *given.handlers), bound=bound)
    if isinstance(given, Instance) and given.exact:
        owner_first = Arguments((Argument(given, Span(0, 0)), *callee.bound.items))
        return replace(callee, function=module.method(given.key, "__call__"), bound=owner_first)
    return callee
