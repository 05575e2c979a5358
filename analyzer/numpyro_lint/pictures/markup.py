"""XML and HTML by hand: escaped text, and elements of what was given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

# What XML 1.0 does not allow, however it is written.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: object) -> str:
    """What any text is in XML: its markup escaped, and what is not allowed there replaced."""
    return escape(_FORBIDDEN.sub("\ufffd", str(value)))


def element(name: str, *inside: str, **attributes: object) -> str:
    """An element of XML. Attributes of the value None are left out, `class_` is `class`."""
    body = "".join(inside)
    given = _attributes(attributes)
    return f"<{name}{given}>{body}</{name}>" if body else f"<{name}{given}/>"


def tag(name: str, *inside: str, **attributes: object) -> str:
    """An element of HTML, which is to be closed where it is empty as well."""
    return f"<{name}{_attributes(attributes)}>{''.join(inside)}</{name}>"


def _attributes(given: Mapping[str, object]) -> str:
    return "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"'
        for key, value in given.items()
        if value is not None
    )


def number(value: float) -> str:
    """A coordinate, the same on all machines."""
    return f"{round(value, 1) + 0.0:g}"


def path(points: Iterable[tuple[float, float]]) -> str:
    """The straight lines between some points."""
    return "M" + " L".join(f"{number(x)} {number(y)}" for x, y in points)
