"""Traces: how one is taken down, and how it is replayed."""

from __future__ import annotations

from numpyro_lint.model.expand import Active, Arms
from numpyro_lint.model.ir import Handler, TraceRef
from numpyro_lint.model.message import Machine, Message, Raised, Recorded, key_of
from numpyro_lint.model.values import given

_ONCE = frozenset({"sample", "deterministic"})


def postprocess(machine: Machine, active: Active, message: Message) -> None:
    """`postprocess_message`: a trace takes down what reached it."""
    frame = active.frame
    if not isinstance(frame, Handler) or frame.kind not in ("trace", "collapse"):
        return
    if message.name is None:
        return
    key, literal = key_of(active), message.name.literal
    if literal is None or message.unknown or message.arms:
        machine.state.put(True, "uncertain", key)
    if literal is None or message.unknown:
        return
    before = machine.state.get("trace", key, literal)
    if message.type in _ONCE and before is not None:
        if _on_one_path(machine, before.arms, message.arms):
            raise Raised(f"AssertionError: all sites must have unique names but got `{literal}`")
    was_observed = message.infer.get("was_observed", False)
    taken = Recorded(message.type, message.observed, was_observed, message.arms)
    machine.state.put(taken, "trace", key, literal)


def _on_one_path(machine: Machine, before: Arms, now: Arms) -> bool:
    """Whether a run that reaches one place has been at another before."""
    taken = {(path, branch.key): branch.arm for path, branch in now}
    if any(taken.get((path, branch.key), branch.arm) != branch.arm for path, branch in before):
        return False
    return set(before) <= set(now) or machine.ask(("reached", before))


def replay(machine: Machine, active: Active, handler: Handler, message: Message) -> None:
    """`process_message` of `replay`: draws are those of the trace."""
    if message.substitutions is not None:
        message.substitutions.append(("replay", active))
    if message.type not in ("sample", "plate"):
        return
    recorded = _recorded(machine, active, handler, message)
    if recorded is None or (message.type == "sample" and message.observed):
        return
    if recorded.type != message.type:
        raise Raised(f"RuntimeError: must be a {message.type} in trace")
    if message.type == "sample":
        if recorded.observed:
            raise Raised("RuntimeError: must be sampled in trace")
        message.infer = {"was_observed": recorded.was_observed}
    message.value = "replay"


def _recorded(
    machine: Machine, active: Active, handler: Handler, message: Message
) -> Recorded | None:
    value = given(handler, "trace")
    names = machine.traces.get(value.handler) if isinstance(value, TraceRef) else None
    literal = message.name.literal if message.name is not None else None
    if names is None or literal is None or message.unknown:
        if not machine.ask(("in", key_of(active), message.name)):
            return None
        may = names is None or any(each.was_observed for each in names.values())
        redrawn = may and machine.ask(("redrawn", key_of(active), message.name))
        return Recorded(message.type, False, redrawn)
    return names.get(literal)
