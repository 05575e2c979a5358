"""Plates: how they are made, and what they do to the messages inside them."""

from __future__ import annotations

from collections.abc import Iterable

from numpyro_lint.model.binding import resolve
from numpyro_lint.model.expand import Active, Execution, Path
from numpyro_lint.model.ir import Const, Frame, Handler, Sequence, Site, Table, Text, Value
from numpyro_lint.model.message import Key, Machine, Message, Raised, key_of, message_of
from numpyro_lint.model.name import Name
from numpyro_lint.record import record
from numpyro_lint.text import Span

_PLATED = frozenset({"param", "sample", "plate", "deterministic"})
# What a handler may give a plate, and is certainly no array of indices.
_NO_INDICES = (Const, Text, Sequence, Table)


def make_plate(machine: Machine, step: Execution) -> None:
    """`plate(...)`: asks for its indices, then takes a dim."""
    site = step.site
    key = (step.path, site.span)
    message = message_of(step, "plate")
    subsampled = _is_subsampled(machine, site, key)
    if subsampled is None:
        subsampled = machine.ask(("subsampled", key))
    message.value = None if subsampled else ""
    machine.send(message)
    if message.value == "substitute":
        if isinstance(message.given, _NO_INDICES):
            raise Raised("AssertionError: the indices of a plate are an array")
        machine.state.put(True, "resized", key)
    machine.state.put(_dim(site.arg("dim"), message.dims), "dim", key)


def _dim(given: Value | None, taken: list[int | None]) -> int | None:
    """The dim of a plate; None where the text does not tell."""
    if given is None or given == Const(None):
        if None in taken:
            return None
        dim = -1
        while dim in taken:
            dim -= 1
        return dim
    if not (isinstance(given, Const) and isinstance(given.value, int)):
        return None
    if given.value in taken:
        raise Raised("AssertionError: two plates at one dim")
    return given.value


def enter_plate(machine: Machine, active: Active, frame: Frame, message: Message) -> None:
    """`process_message` of a plate."""
    if message.type == "control_flow":
        raise Raised("NotImplementedError: control flow under a plate")
    if message.type not in _PLATED:
        return
    key = key_of(active)
    message.dims.append(machine.state.get("dim", key))
    if message.type != "deterministic" and message.scaled is not True:
        subsampled = _is_subsampled(machine, frame.plate, key)
        message.scaled = message.scaled if subsampled is False else subsampled


def _is_subsampled(machine: Machine, site: Site, key: Key) -> bool | None:
    """Whether a plate takes fewer elements than it has; None where the text does not tell."""
    if machine.state.get("resized", key):
        return None
    size, subsample = site.arg("size"), site.arg("subsample_size")
    if subsample is None or subsample == Const(None):
        return False
    if isinstance(size, Const) and isinstance(subsample, Const):
        return size.value != subsample.value
    return None


# What tells one plate of a run from another: `plate_stack` makes several at one place.
Plate = tuple[Span, Name, Path]


@record
class Built:
    """A plate as a run builds it: its dim, and the plate around it that is there already."""

    step: Execution
    dim: int | None
    clash: Built | None


def built_plates(steps: Iterable[Execution]) -> dict[Plate, Built]:
    """The plates of a run in the order in which they are built."""
    found: dict[Plate, Built] = {}
    for step in steps:
        if step.site.kind == "plate":
            outer = [found.get(plate) for plate in plates_around(step)]
            dim, clash = _placed(resolve(step.site.arg("dim") or Const(None), step.values), outer)
            found[step.site.span, step.name, step.path] = Built(step, dim, clash)
    return found


def plates_around(step: Execution) -> list[Plate]:
    """The plates that a message meets on its way out, innermost first."""
    met: list[Plate] = []
    for active in reversed(step.active):
        frame = active.frame
        if isinstance(frame, Frame):
            met.append((frame.plate.span, active.name, active.path))
        elif isinstance(frame, Handler) and frame.kind in ("block", "opaque"):
            # What is hidden there never comes to the plates outside.
            break
    return met


def _placed(given: Value, outer: list[Built | None]) -> tuple[int | None, Built | None]:
    taken = {plate.dim if plate else None: plate for plate in outer}
    if given == Const(None):
        if None in taken:
            return None, None
        dim = -1
        while dim in taken:
            dim -= 1
        return dim, None
    if isinstance(given, Const) and isinstance(given.value, int):
        return given.value, taken.get(given.value)
    return None, None
