"""What each handler does to a message: numpyro.handlers (0.22) on what the text tells."""

from __future__ import annotations

from collections.abc import Callable

from numpyro_lint.facts.api import WATCHED
from numpyro_lint.model.expand import Active, Control
from numpyro_lint.model.ir import (
    Const,
    Derived,
    Dist,
    Frame,
    Handler,
    Key,
    Opaque,
    Param,
    Predicate,
    Symbol,
    Text,
    Unpassed,
    Value,
)
from numpyro_lint.model.message import Machine, Message, Raised, Seen, key_of
from numpyro_lint.model.name import Hole, Name
from numpyro_lint.model.plates import enter_plate
from numpyro_lint.model.predicate import Absent, Unknown, holds
from numpyro_lint.model.reparam import reparameterise
from numpyro_lint.model.traces import replay
from numpyro_lint.model.values import fields_of, find, given, is_none, lists

_SUBSTITUTED = frozenset({"sample", "param", "mutable", "plate", "deterministic"})
_KEYED = frozenset({"sample", "prng_key", "plate", "control_flow"})
# Functions that send a message of their own for each that they set.
_SPEAKING = frozenset({"numpyro.infer._unconstrain_reparam"})
# What a control flow takes along into its body, where it counts; sent again, its sites are left be.
_CARRIED = frozenset({"condition", "substitute"})
_WATCHED = WATCHED | {f"scan_{kind}" for kind in _CARRIED}


def process(machine: Machine, active: Active, message: Message) -> None:
    """`process_message` of a handler or plate."""
    frame = active.frame
    if isinstance(frame, Frame):
        enter_plate(machine, active, frame, message)
    elif not isinstance(frame, Control):
        kind, name = frame.kind, message.name
        if kind in _WATCHED and name is not None and not (message.done and kind in _CARRIED):
            seen = Seen(message.site, name, message.type, message.observed, message.value)
            machine.state.seen.append((key_of(active), seen))
        _PROCESS[kind](machine, active, frame, message)


def _nothing(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    pass


def _opaque(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    message.unknown = message.keyed = True
    if message.name is not None:
        message.name = Name((Hole(),))


def _seed(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    hidden = given(handler, "hide_types")
    if message.type not in _KEYED or message.keyed or message.value is not None:
        return
    if hidden is not None and lists(machine, active, hidden, message.type):
        return
    message.keyed = given(handler, "rng_seed") is not None or not handler.complete


def _set_by_table(
    machine: Machine, active: Active, handler: Handler, message: Message, function: str
) -> bool:
    """Whether `data` or the function of a condition or substitute gives this message a value."""
    data, setter = given(handler, "data"), given(handler, function)
    if data is None and setter is not None:
        message.given = Opaque()
        if isinstance(setter, Symbol) and setter.qualified in _SPEAKING:
            machine.state.put(True, "more")
        return machine.ask(("fn", key_of(active), message.name))
    found = find(machine, active, data, message)
    if found is False or (isinstance(found, Key) and is_none(found.value)):
        return False
    if isinstance(found, Key) and isinstance(found.value, (Param, Derived, Unpassed)):
        # As `obs=y` of a parameter that may be None: then nothing is set.
        if machine.ask(("none", key_of(active), found.span)):
            return False
    message.given = found.value if isinstance(found, Key) else Opaque()
    return True


def _condition(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    if message.substitutions is not None:
        message.substitutions.append(("condition", active))
    if message.type != "sample" or message.done:
        return
    if _set_by_table(machine, active, handler, message, "condition_fn"):
        message.value, message.observed = "condition", True


def _substitute(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    if message.substitutions is not None:
        message.substitutions.append(("substitute", active))
    if message.type not in _SUBSTITUTED or message.done:
        return
    if _set_by_table(machine, active, handler, message, "substitute_fn"):
        message.value = "substitute"


def _in_scan(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    """A condition or substitute that `scan` took along: a value is one step's, or the series."""
    if message.type != "sample":
        return
    message.given = None
    _PROCESS[handler.kind.removeprefix("scan_")](machine, active, handler, message)
    if isinstance(message.given, Const) and _has_dims(message):
        raise Raised("RuntimeError: a number is given to an array site in a scan")


def _has_dims(message: Message) -> bool:
    dist = message.dist
    wraps = dist.wraps if isinstance(dist, Dist) else ()
    expanded = len(message.dims) > 0 and not message.lifted
    return expanded or message.family == "Unit" or "to_event" in wraps or "expand" in wraps


def _do(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    key = key_of(active)
    if message.type != "sample" or message.intervener == key or message.name is None:
        return
    if find(machine, active, given(handler, "data"), message) is False:
        return
    message.intervener = key
    machine.send(message.copy())
    message.name = message.name + Name.of("__CF")
    message.value, message.observed, message.stop = "do", True, True


def _block(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    # A prng_key is let through, but the function is asked about it all the same.
    if not _hides(machine, active, handler, message) or message.type == "prng_key":
        return
    message.stop = True
    if message.type in ("sample", "plate", "control_flow"):
        if message.value is None and not message.keyed:
            message.keyed = machine.has_key()


def _hides(machine: Machine, active: Active, handler: Handler, message: Message) -> bool:
    if not handler.complete:
        return machine.ask(("hides", key_of(active), message.name, message.type))
    if given(handler, "hide_fn") is not None:
        return _hide_fn(machine, active, handler, message)
    if (hide := given(handler, "hide")) is not None:
        return find(machine, active, hide, message) is not False
    if (types := given(handler, "expose_types")) is not None:
        return not lists(machine, active, types, message.type)
    if (expose := given(handler, "expose")) is not None:
        return find(machine, active, expose, message) is False
    return True


def _hide_fn(machine: Machine, active: Active, handler: Handler, message: Message) -> bool:
    function = given(handler, "hide_fn")
    try:
        if isinstance(function, Predicate):
            return holds(function, fields_of(message))
    except Unknown:
        pass
    except Absent as error:
        raise Raised(f"KeyError: '{error}'") from None
    return machine.ask(("hides", key_of(active), message.name, message.type))


def _uncondition(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    if message.type != "sample" or not message.observed:
        return
    message.observed = False
    message.infer["was_observed"] = True
    message.value = message.given = None
    message.lifted = False
    if not message.keyed:
        message.keyed = machine.has_key()


def _lift(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    prior = given(handler, "prior")
    if message.type != "param" or message.name is None or prior is None:
        return
    dist: Value = prior
    if not isinstance(prior, Dist):
        found = find(machine, active, prior, message)
        if found is False or (isinstance(found, Key) and isinstance(found.value, (Const, Text))):
            return
        dist = found.value if isinstance(found, Key) else Opaque()
    message.type = message.reported = "sample"
    message.dist, message.lifted, message.infer = dist, True, {}
    literal = message.name.literal
    if literal is not None and machine.state.get("lifted", key_of(active), literal):
        message.value, message.observed, message.stop = "lift", True, True
    else:
        machine.state.put(True, "lifted", key_of(active), literal or "")
        message.observed = False


def _scope(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    if message.name is None or message.name.literal == "":
        return
    hidden = given(handler, "hide_types")
    if hidden is None or not lists(machine, active, hidden, message.type):
        message.name = prefix_of(handler) + message.name


def prefix_of(handler: Handler) -> Name:
    """What a scope puts before the names inside it, divider included."""
    if not handler.complete:
        return Name((Hole(),))
    prefix = _text(given(handler, "prefix", Text(Name.of(""))))
    return prefix + _text(given(handler, "divider", Text(Name.of("/"))))


def _text(value: Value | None) -> Name:
    return value.name if isinstance(value, Text) else Name((Hole(),))


def _scale(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    if message.type in ("param", "sample", "plate"):
        message.scaled = True


def _mask(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    mask = given(handler, "mask", Const(True))
    if message.type != "sample" or (isinstance(mask, Const) and mask.value is True):
        return
    # What is not in sight may be True, which masks nothing.
    if not isinstance(mask, (Param, Opaque)) or machine.ask(("masks", key_of(active))):
        message.masked = True


def _reparam(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    if message.type != "sample" or message.made:
        return
    found = find(machine, active, given(handler, "config"), message)
    if found is False or (isinstance(found, Key) and is_none(found.value)):
        return
    reparameterise(machine, message, found.value if isinstance(found, Key) else None)


def _collapse(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    if message.type == "sample":
        machine.state.put(True, "more")  # the factor that it sends when it is left
        if message.value is None:
            message.value, message.stop = "", True
        elif machine.ask(("collapsed", key_of(active), message.name)):
            message.stop = True


_PROCESS: dict[str, Callable[[Machine, Active, Handler, Message], None]] = {
    "seed": _seed,
    "trace": _nothing,
    "condition": _condition,
    "substitute": _substitute,
    "scan_condition": _in_scan,
    "scan_substitute": _in_scan,
    "do": _do,
    "block": _block,
    "uncondition": _uncondition,
    "lift": _lift,
    "replay": replay,
    "scope": _scope,
    "scale": _scale,
    "mask": _mask,
    "reparam": _reparam,
    "collapse": _collapse,
    "infer_config": _nothing,
    "opaque": _opaque,
}
