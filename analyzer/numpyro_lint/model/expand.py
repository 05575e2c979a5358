"""A function as the sequence of its primitives: calls replaced by what they reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from numpyro_lint.model.binding import (
    bind,
    bind_name,
    drawn,
    is_none,
    resolve,
    resolve_arguments,
    resolve_handler,
)
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
    Call,
    Callee,
    Const,
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
    Text,
    Value,
)
from numpyro_lint.model.name import Name
from numpyro_lint.model.parameters import passed
from numpyro_lint.model.passes import Pass, moved_by, moves, passes_of
from numpyro_lint.model.program import Function, Module
from numpyro_lint.record import field, record, replace
from numpyro_lint.text import Span

_DEEPEST = 24
# How often a step is told at most by loops in loops that are taken pass by pass.
_MOST_PASSES = 64


@record
class _Caller:
    """What a step of a function meets. `told`: the loops around that are taken pass by pass."""

    values: Mapping[str, Value]
    outer: int = 0
    active: tuple[Active, ...] = ()
    arms: Arms = ()
    loops: tuple[Span, ...] = ()
    path: Path = ()
    # The paths at which each plate was built so far, by its place and name.
    built: dict[tuple[Span, Name], tuple[Path, ...]] = field(default_factory=dict)
    told: frozenset[Span] = frozenset()
    passes: int = 1


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
    if function.iterations:
        yield from _looped(module, function, function.body, caller, 0)
    else:
        yield from _straight(module, function, function.body, caller)


def _looped(
    module: Module, function: Function, steps: Sequence[Step], caller: _Caller, depth: int
) -> Iterator[Reached]:
    """Steps with `depth` loops around them taken care of."""

    def loop_of(step: Step) -> Span | None:
        return step.place.loops[depth] if len(step.place.loops) > depth else None

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
            for number, values in enumerate(passes):
                path = (*caller.path, Pass.of(loop, number))
                here = replace(
                    caller,
                    values={**caller.values, **values},
                    path=path,
                    passes=caller.passes * len(passes),
                )
                yield from _one_pass(module, function, inside, here, depth, moved)


def _one_pass(
    module: Module,
    function: Function,
    steps: Sequence[Step],
    caller: _Caller,
    depth: int,
    moved: frozenset[str],
) -> Iterator[Reached]:
    """One pass of a loop; what all passes do alike is told once, as what is done in a loop."""
    current = caller.path[-1]
    assert isinstance(current, Pass)
    told = replace(caller, told=caller.told | {current.loop})
    for moving, group in groupby(steps, lambda step: moves(step, moved)):
        if moving:
            yield from _looped(module, function, list(group), told, depth + 1)
        elif current.number == 0:
            yield from _looped(module, function, list(group), caller, depth + 1)


def _straight(
    module: Module, function: Function, steps: Sequence[Step], caller: _Caller
) -> Iterator[Reached]:
    frames: tuple[Frame | Handler, ...] = ()
    active = caller.active
    for step in steps:
        arms = _arms(step.place, caller)
        if arms is None:
            continue
        if step.place.frames is not frames:
            frames = step.place.frames
            active = caller.active + _active(frames, caller)
        loops = caller.loops + step.place.loops
        if caller.told:
            loops = tuple(loop for loop in loops if loop not in caller.told)
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


def _settled(test: Test | None, values: Mapping[str, Value]) -> bool | None:
    if test is None:
        return None
    value = passed(test.param, values)
    none = is_none(value)
    if test.kind == "none":
        return None if none is None else none == test.expected
    if isinstance(value, Const):
        known: object = value.value
    elif isinstance(value, Text) and value.name.literal is not None:
        known = value.name.literal
    else:
        return None
    holds = known == test.value if test.kind == "equal" else bool(known)
    return holds == test.expected


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
    none = is_none(resolve(site.obs, values) if site.obs is not None else None)
    if none is None and site.obs is not None and not _may_be_none(site.obs):
        return True
    return None if none is None else not none


def _may_be_none(value: Value) -> bool:
    return not isinstance(value, (Data, Dist))


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
    if function is None or len(path) > _DEEPEST or call.span in caller.path:
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
    inner = _Caller(
        values, caller.outer, active, arms, loops, path, caller.built, passes=caller.passes
    )
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
