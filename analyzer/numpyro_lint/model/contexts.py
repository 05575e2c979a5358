"""`with`: plates and handlers stand around what follows."""

from __future__ import annotations

from numpyro_lint.model.binding import bind, is_none, resolve, resolve_handler
from numpyro_lint.model.ir import (
    Call,
    Data,
    Derived,
    Entered,
    Frame,
    Handler,
    HandlerRef,
    Param,
    PlateRef,
    Value,
)
from numpyro_lint.model.program import Held
from numpyro_lint.model.scope import Body
from numpyro_lint.record import replace
from numpyro_lint.text import Span


def enter_unknown(body: Body, context: Value, span: Span) -> None:
    """The reader goes into a `with` of something that a caller may know."""
    told = (("context", context),) if isinstance(context, (Param, Derived)) else ()
    body.frames = (*body.frames, Handler("opaque", span, told, "context", False))


def enters(body: Body, context: Value, span: Span) -> bool:
    """Whether `enter_context(context)` goes into a plate or handler, perhaps a caller's."""
    if isinstance(context, (PlateRef, HandlerRef)):
        enter(body, context)
    elif isinstance(context, Entered):
        _enter_generator(body, context)
    elif isinstance(context, (Param, Derived)):
        enter_unknown(body, context, span)
    else:
        return False
    return True


def note_held(body: Body, plate: PlateRef, name: str | None, span: Span) -> None:
    """A plate that is built at `span` into a variable, or into nothing."""
    for site in plate.sites:
        if site.span == span and body.function is not None:
            body.file.held.append(Held(site, name, body.function))


def indices(plate: PlateRef) -> Value:
    """What `with plate as index` gives: in a minibatch, another one each time."""
    subsampled = {site.span for site in plate.sites if not is_none(site.arg("subsample_size"))}
    return Data(depends=frozenset(subsampled))


def _enter_generator(body: Body, context: Entered) -> None:
    """What stands around the one `yield` of a function stands around what follows."""
    callee = context.callee
    body.add(Call(callee, context.arguments, context.span, body.place))
    function = body.file.function(callee.function) if callee.function is not None else None
    if function is None:
        return
    values = {**dict(callee.closure), **bind(function, callee.bound, context.arguments)}
    for frame in function.yields[0]:
        if isinstance(frame, Frame):
            plate = resolve(PlateRef((frame.plate,)), values)
            assert isinstance(plate, PlateRef)
            body.frames = (*body.frames, Frame(plate.sites[0]))
        else:
            body.frames = (*body.frames, resolve_handler(frame, values))


def enter(body: Body, context: Value) -> None:
    """The reader goes into a `with`: plates and handlers stand around what follows."""
    if isinstance(context, PlateRef):
        for plate in context.sites:
            if plate.name_span is None and plate not in body.steps:
                # plate_stack builds each plate inside the one before it.
                plate = replace(plate, place=body.place)
                body.add(plate)
            body.frames = (*body.frames, Frame(plate))
    elif isinstance(context, HandlerRef):
        body.file.consumed.add(context.handler.span)
        body.frames = (*body.frames, context.handler)
