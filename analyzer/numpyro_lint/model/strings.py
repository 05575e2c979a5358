"""Names made by f-strings, `%`, `+` and `.format`."""

from __future__ import annotations

import re

from numpyro_lint.model.ir import Arguments, Const, Data, Derived, Param, Sequence, Text, Value
from numpyro_lint.model.name import Hole, Name

_PERCENT = r"%(?:%|[-#0 +]*+\d*+(?:\.\d++)?[a-zA-Z])"


def part_of(value: Value, plain: bool = True) -> Name:
    """What a formatted value adds to a name; `plain`: without a format of its own."""
    if isinstance(value, Text) and plain:
        return value.name
    if isinstance(value, Const) and plain and not isinstance(value.value, bytes):
        return Name.of(str(value.value))
    if isinstance(value, Param) and plain:
        return Name((Hole(value.key),))
    if isinstance(value, Derived) and plain:
        return Name((Hole(None, value),))
    if isinstance(value, Data) and plain and value.made is not None:
        return Name((Hole(None, value, value.drawn),))
    return Name((Hole(drawn=value.drawn),)) if value.drawn else Name((Hole(),))


def _joined(parts: list[Name]) -> Text:
    whole = tuple(each for part in parts for each in part.parts)
    return Text(Name(whole) if whole else Name.of(""))


def percent(left: Text, right: Value) -> Text:
    """`left % right`."""
    literal = left.name.literal
    if literal is None:
        return Text(Name((Hole(),)))
    values = list(right.items) if isinstance(right, Sequence) else [right]
    parts: list[Name] = []
    end = 0
    for match in re.finditer(_PERCENT, literal):
        parts.append(Name.of(literal[end : match.start()]))
        end = match.end()
        if match[0] == "%%":
            parts.append(Name.of("%"))
        else:
            value = values.pop(0) if values else None
            plain = match[0] in ("%s", "%d", "%i")
            parts.append(part_of(value, plain) if value is not None else Name((Hole(),)))
    parts.append(Name.of(literal[end:]))
    return _joined(parts)


def formatted(text: Text, arguments: Arguments) -> Text:
    """`text.format(...)`."""
    literal = text.name.literal
    if literal is None or not arguments.complete:
        return Text(Name((Hole(),)))
    positional = [item.value for item in arguments.positional]
    keyword = {name: item.value for name, item in arguments.keyword.items()}
    import string

    try:
        pieces = list(string.Formatter().parse(literal))
    except ValueError:
        return Text(Name((Hole(),)))
    parts: list[Name] = []
    count = 0
    for before, name, spec, conversion in pieces:
        parts.append(Name.of(before))
        if name is None:
            continue
        value: Value | None
        if name == "" or name.isdigit():
            index = count if name == "" else int(name)
            count += 1
            value = positional[index] if index < len(positional) else None
        else:
            value = keyword.get(name)
        plain = not spec and conversion in (None, "s")
        parts.append(part_of(value, plain) if value is not None else Name((Hole(),)))
    return _joined(parts)


def concatenated(left: Value, right: Value) -> Text | None:
    """`left + right` where one of them is text."""
    if isinstance(left, Text) and isinstance(right, Text):
        return _joined([left.name, right.name])
    if isinstance(left, Text):
        return _joined([left.name, part_of(right)])
    if isinstance(right, Text):
        return _joined([part_of(left), right.name])
    return None


def f_string(values: list[tuple[Value, bool]]) -> Text:
    """An f-string of these values, each with whether it is formatted plainly."""
    return _joined([part_of(value, plain) for value, plain in values])
