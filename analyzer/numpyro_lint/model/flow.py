"""The messages of one primitive, or of a whole `scan` or `cond`, sent through a machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from numpyro_lint.model.binding import resolve
from numpyro_lint.model.expand import Active, Arms, Control, Execution
from numpyro_lint.model.ir import Branch, Const, Derived, Handler, Param, Unpassed, Value
from numpyro_lint.model.message import Key, Machine, Message, Raised, Sent, key_of, message_of
from numpyro_lint.model.name import Name
from numpyro_lint.model.plates import make_plate
from numpyro_lint.model.values import is_none
from numpyro_lint.record import replace

_SENT_AGAIN = frozenset({"sample", "deterministic", "param"})


def control_of(step: Execution) -> int | None:
    """Where in the stack of a step the body of a control flow begins."""
    for index, active in enumerate(step.stack):
        if isinstance(active.frame, Control):
            return index
    return None


def units(steps: Iterable[Execution]) -> Iterator[list[Execution]]:
    """The steps that belong together: those of one control flow, and every other by itself."""

    def unit(step: Execution) -> Key | int:
        index = control_of(step)
        return id(step) if index is None else key_of(step.stack[index])

    for _, group in groupby(list(steps), unit):
        yield list(group)


def common_arms(steps: Sequence[Execution]) -> Arms:
    """The branches that lead to all of these steps."""
    first, *others = steps
    return tuple(arm for arm in first.arms if all(arm in step.arms for step in others))


def execute(machine: Machine, steps: Sequence[Execution]) -> None:
    """Sends what the steps of one unit send."""
    known = common_arms(steps)
    index = control_of(steps[0])
    taken = [step for step in steps if _is_reached(machine, step, known)]
    if index is not None:
        _control_flow(machine, _Flow(machine, steps[0], index), taken)
    else:
        for step in taken:
            _primitive(machine, step)


def _is_reached(machine: Machine, step: Execution, known: Arms) -> bool:
    return all(_is_taken(machine, arm) for arm in step.arms if arm not in known)


def _is_taken(machine: Machine, arm: tuple[tuple[object, ...], Branch]) -> bool:
    path, branch = arm
    earlier = any(machine.ask(("arm", path, branch.key, i)) for i in range(branch.arm))
    return not earlier and machine.ask(("arm", path, branch.key, branch.arm))


def _primitive(machine: Machine, step: Execution) -> None:
    machine.stack = step.stack
    if not machine.stack:
        return
    site = step.site
    if site.kind == "plate":
        make_plate(machine, step)
    elif site.kind == "prng_key":
        machine.has_key()
    elif site.kind == "sample" and _has_mask(machine, step):
        _masked_observe(machine, step)
    elif site.kind == "param" and site.name_span is None:
        _module(machine, step)
    else:
        machine.send(_message(machine, step))


def _message(machine: Machine, step: Execution, name: Name | None = None) -> Message:
    site = step.site
    message = message_of(step, site.kind, name)
    if site.kind == "sample":
        message.observed = _is_observed(machine, step)
        message.value = "obs" if message.observed else None
        message.keyed = not is_none(site.arg("rng_key"))
        message.dist = site.dist
        message.masked = "mask" in getattr(site.dist, "wraps", ())
    elif site.kind == "factor":
        message.value, message.observed = "obs", True
    elif site.kind == "deterministic":
        message.value = ""
    return message


def _is_observed(machine: Machine, step: Execution) -> bool:
    if step.observed is not None:
        return step.observed
    return machine.ask(("obs", step.site.span, step.path))


def _module(machine: Machine, step: Execution) -> None:
    """A neural network's parameters are asked for first; where no handler has them, they are made
    and set under the same name."""
    first = machine.send(_message(machine, step))
    if first.value == "init":
        machine.sent.pop()
        machine.send(_message(machine, step))


def _has_mask(machine: Machine, step: Execution) -> bool:
    """Whether `obs_mask=` is given a mask: what a caller passes may be None."""
    given = step.site.arg("obs_mask")
    if given is None:
        return False
    mask = resolve(given, step.values)
    if isinstance(mask, (Param, Derived, Unpassed)):
        return machine.ask(("obs_mask", step.site.span, step.path))
    return not is_none(mask)


def _masked_observe(machine: Machine, step: Execution) -> None:
    """`obs_mask=`: an observed site, a free one under the opposite mask, and what both make."""
    outer = machine.stack
    mask = resolve(step.site.arg("obs_mask") or Const(None), step.values)
    machine.stack = (*outer, _mask(step, mask))
    machine.send(_message(machine, step, step.name + Name.of("_observed")))
    machine.stack = (*outer, _mask(step, _opposite(mask)))
    unobserved = _message(machine, step, step.name + Name.of("_unobserved"))
    unobserved.value, unobserved.observed = None, False
    machine.send(unobserved)
    machine.stack = outer
    made = message_of(step, "deterministic")
    made.value = ""
    machine.send(made)


def _mask(step: Execution, mask: Value) -> Active:
    return Active(Handler("mask", step.site.span, (("mask", mask),)), step.path)


def _opposite(mask: Value) -> Value:
    return Const(not mask.value) if isinstance(mask, Const) else mask


class _Flow:
    """One run of a `scan` or `cond`: what stands around it, and what its body stands in."""

    def __init__(self, machine: Machine, step: Execution, index: int) -> None:
        self.control, self.path = step.stack[index], step.stack[index].path
        self.index = index
        self.outer = machine.stack = step.stack[:index]
        carrier = message_of(step, "control_flow")
        carrier.name, carrier.substitutions = None, []
        machine.pass_out(carrier)
        self.inner = (*self._tracing(), *self._taken_along(carrier), *self._seed(carrier))

    @property
    def frame(self) -> Control:
        assert isinstance(self.control.frame, Control)
        return self.control.frame

    def _handler(self, kind: str, *args: tuple[str, Value]) -> Active:
        span = self.frame.span
        return Active(Handler(kind, span, args), (*self.path, span))

    def _tracing(self) -> tuple[Active, ...]:
        return self._handler("block"), self._handler("trace")

    def _seed(self, carrier: Message) -> tuple[Active, ...]:
        return (self._handler("seed", ("rng_seed", Const(0))),) if carrier.keyed else ()

    def _taken_along(self, carrier: Message) -> Iterator[Active]:
        """The handlers outside that are put around the body once more."""
        scanned = self.frame.kind == "scan"
        for kind, active in reversed(carrier.substitutions or []):
            if scanned and kind != "replay":
                assert isinstance(active.frame, Handler)
                yield replace(active, frame=replace(active.frame, kind=f"scan_{kind}"))
            elif scanned or kind != "replay":
                yield active

    def body(self, machine: Machine, steps: Sequence[Execution]) -> list[Sent]:
        """What the body sends, none of which the outside sees yet."""
        for inner in self._rehearsals():
            state = machine.state
            machine.state = state.copy()
            self._run(machine, steps, inner)
            machine.state = state
        return self._run(machine, steps, self.inner)

    def _rehearsals(self) -> Iterator[tuple[Active, ...]]:
        """For each replay, `scan` runs its body once with no more than what stands inside it."""
        for index in range(len(self.inner) - 1, 1, -1):
            frame = self.inner[index].frame
            if isinstance(frame, Handler) and frame.kind == "replay":
                yield (*self.inner[:2], *self.inner[index + 1 :])

    def _run(
        self, machine: Machine, steps: Sequence[Execution], inner: tuple[Active, ...]
    ) -> list[Sent]:
        start = len(machine.sent)
        stack = (*self.outer, *inner)
        rest = self.index + 1
        try:
            for unit in units(replace(s, stack=(*stack, *s.stack[rest:])) for s in steps):
                execute(machine, unit)
        finally:
            sent = machine.sent[start:]
            del machine.sent[start:]
        machine.state.forget_trace(key_of(self.inner[1]))
        return sent

    def traced(self, sent: Sequence[Sent]) -> dict[Name | None, Message]:
        """What the trace around the body holds."""
        return {s.message.name: s.message for s in sent if s.reached <= self.index + 1}


def _control_flow(machine: Machine, flow: _Flow, steps: Sequence[Execution]) -> None:
    """`scan` or `cond`: what its body sends is sent again through the outer stack."""
    bodies = [flow.body(machine, arm) for arm in _by_arm(steps, flow.index)]
    traces = [flow.traced(sent) for sent in bodies]
    for other in traces[1:]:
        _check_alike(traces[0], other)
    again = {n: m for n, m in traces[0].items() if m.type in _SENT_AGAIN}
    unsent = {s.message.name: s for s in reversed(bodies[0]) if s.message.name not in again}
    machine.sent += reversed(unsent.values())
    machine.stack = flow.outer
    for message in again.values():
        message = message.copy()
        message.stop, message.done, message.keyed = False, flow.frame.kind, False
        message.infer = dict(message.infer)
        machine.send(message)


def _by_arm(steps: Sequence[Execution], index: int) -> list[list[Execution]]:
    """The steps of each function that the control flow is given; one may send nothing."""
    arms: dict[int, list[Execution]] = {}
    missing = 1
    for step in steps:
        frame = step.stack[index].frame
        assert isinstance(frame, Control)
        arms.setdefault(frame.arm, []).append(step)
        missing = frame.arms - len(arms)
    return [*arms.values(), *([] for _ in range(missing))]


def _check_alike(one: dict[Name | None, Message], other: dict[Name | None, Message]) -> None:
    """The functions of a `cond` must send the same sites: JAX compares what they return."""
    if list(one) != list(other) or not all(map(_alike, one.values(), other.values())):
        raise Raised("TypeError: the functions of a cond send different sites")


def _alike(one: Message, other: Message) -> bool:
    families = {one.family, other.family}
    return (one.type, one.observed, one.scaled, one.masked, one.infer) == (
        other.type, other.observed, other.scaled, other.masked, other.infer
    ) and (None in families or len(families) == 1)  # fmt: skip
