"""Site names: text with holes."""

from __future__ import annotations

import re

from numpyro_lint.record import record
from numpyro_lint.text import Span


@record
class Hole:
    """The part of a name that the text does not tell.

    A caller may: `param` when it is a parameter's value, `value` when it is made of parameters.
    `drawn`: the sites of which it is an array, as in `Value`.
    """

    param: str | None = None
    value: object = None
    drawn: frozenset[Span | str] = frozenset()


@record
class Name:
    """A site name: text with holes. `b_{i}` in an f-string is `("b_", Hole())`."""

    parts: tuple[str | Hole, ...]

    @staticmethod
    def of(text: str) -> Name:
        return Name((text,))

    @property
    def literal(self) -> str | None:
        """The whole name, where it is known."""
        parts = self.parts
        if len(parts) == 1:
            only = parts[0]
            return only if only.__class__ is str else None
        if all(isinstance(part, str) for part in self.parts):
            return "".join(str(part) for part in self.parts)
        return None

    @property
    def is_opaque(self) -> bool:
        """Nothing is known of this name."""
        return self.literal is None and not any(isinstance(p, str) and p for p in self.parts)

    @property
    def origins(self) -> frozenset[Span | str]:
        """The arrays and parameters that stand in its holes."""
        holes = [part for part in self.parts if isinstance(part, Hole)]
        params = frozenset(hole.param for hole in holes if hole.param is not None)
        return params.union(*(hole.drawn for hole in holes)) if holes else frozenset()

    @property
    def glob(self) -> str:
        """The name with `*` for its holes."""
        return "".join(part if isinstance(part, str) else "*" for part in self.parts)

    def matches(self, key: str) -> bool | None:
        """Whether this is the name `key`: None when it may be."""
        if self.literal is not None:
            return self.literal == key
        pattern = "".join(re.escape(p) if isinstance(p, str) else ".*" for p in self.parts)
        return None if re.fullmatch(pattern, key, re.DOTALL) else False

    def __add__(self, other: Name) -> Name:
        return Name(self.parts + other.parts)
