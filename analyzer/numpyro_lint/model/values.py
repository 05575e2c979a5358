"""Questions about the arguments of handlers, and about messages as handlers read them."""

from __future__ import annotations

from typing import Any

from numpyro_lint.model.binding import table_of
from numpyro_lint.model.expand import Active
from numpyro_lint.model.ir import Const, Handler, Key, Table, Value
from numpyro_lint.model.message import Machine, Message, key_of
from numpyro_lint.model.predicate import UNTOLD, Unknown

_FIELDS = {
    "sample": (
        "fn", "args", "kwargs", "value", "scale", "is_observed", "intermediates",
        "cond_indep_stack", "infer",
    ),
    "param": ("fn", "args", "kwargs", "value", "scale", "cond_indep_stack"),
    "plate": ("fn", "args", "kwargs", "value", "scale", "cond_indep_stack"),
    "deterministic": ("value", "cond_indep_stack"),
    "mutable": ("fn", "args", "kwargs", "value"),
    "prng_key": ("fn", "args", "kwargs", "value"),
    "control_flow": ("fn", "args", "kwargs", "value"),
}  # fmt: skip


def given(handler: Handler, name: str, default: Value | None = None) -> Value | None:
    """An argument of a handler; None and absent are the same, as NumPyro treats them."""
    value = handler.arg(name)
    return default if is_none(value) else value


def is_none(value: Value | None) -> bool:
    """Whether a value is None, or absent."""
    return value is None or (isinstance(value, Const) and value.value is None)


def key_table(value: Value | None) -> Table | None:
    """The names that a handler is keyed on; None when they are not in sight."""
    return table_of(value)


def find(
    machine: Machine, active: Active, value: Value | None, message: Message
) -> Key | None | bool:
    """The key of a handler's table that a message goes by: False when there is none, None when
    there is one of unknown content."""
    table = key_table(value)
    name = message.name
    if name is None:
        return False
    if table is None or message.unknown:
        return None if machine.ask(("in", key_of(active), name)) else False
    literal = name.literal
    for key in reversed(table.keys):
        if literal is not None and key.text == literal:
            return key
    if literal is None:
        for key in table.keys:
            if name.matches(key.text) is not False and machine.ask(("is", name, key.text)):
                return key
    if not table.complete and machine.ask(("in", key_of(active), name)):
        return None
    return False


def lists(machine: Machine, active: Active, value: Value | None, text: str) -> bool:
    """Whether a list of message types holds `text`."""
    table = key_table(value)
    if table is not None and any(key.text == text for key in table.keys):
        return True
    return (table is None or not table.complete) and machine.ask(("in", key_of(active), text))


def fields_of(message: Message) -> dict[str, Any]:
    """The fields of a message, for a function that reads them. Raises Unknown."""
    if message.unknown:
        raise Unknown
    fields: dict[str, Any] = dict.fromkeys(_FIELDS.get(message.type, ()), UNTOLD)
    fields["type"] = message.type
    if message.name is not None:
        literal = message.name.literal
        fields["name"] = UNTOLD if literal is None else literal
    if message.value is None:
        fields["value"] = None
    if message.type == "sample":
        fields["is_observed"] = message.observed
    return fields
