"""What parameters were given, by their keys."""

from __future__ import annotations

from collections.abc import Mapping

from numpyro_lint.model.ir import Instance, Param, Value


def passed(key: str, values: Mapping[str, Value]) -> Value | None:
    """What a parameter was given, or (`key.name`) an attribute of that; None where unknown."""
    if key in values:
        return values[key]
    base, dot, attribute = key.rpartition(".")
    owner = passed(base, values) if dot else None
    if isinstance(owner, Instance):
        if owner.exact:
            return dict(owner.attributes).get(attribute)
        return None if owner.param is None else _attribute_of(owner.param, attribute)
    return _attribute_of(owner.key, attribute) if isinstance(owner, Param) else None


def _attribute_of(key: str, attribute: str) -> Param:
    whole = f"{key}.{attribute}"
    return Param(attribute, whole, depends=frozenset({whole}))
