"""Data that are observed after a change of variables in which latent sites take part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from numpyro_lint.model.binding import origins
from numpyro_lint.model.ir import NOTHING, Const, Data, Origins, Value
from numpyro_lint.model.parameters import passed

Values = Mapping[str, Value]
# What leaves each number as it is.
_MOVES = frozenset("[] .T .reshape .squeeze .ravel .flatten .astype .transpose".split())


def scaled_by(value: Value, values: Values, latent: Origins) -> Origins:
    """The latent sites that scale or bend the data of which `value` is made.

    A shift (`y - mu`) is none, nor is anything that stands beside a term of data alone: the change
    of variables then has the derivative 1. `scale * x` is left be: with data that are constants it
    is linear in what is latent.
    """
    terms = list(_terms(value, values))
    if any(_has_data(each, at) and not _latent(each, at, latent) for each, at in terms):
        return NOTHING
    found = (_of_term(each, at, latent) for each, at in terms)
    return next((each for each in found if each), NOTHING)


def _terms(value: Value, values: Values) -> Iterator[tuple[Value, Values]]:
    """The terms of a sum, each with the parameters that it is written in."""
    made = value.made if isinstance(value, Data) else None
    if made is not None and made.op == "bound":
        yield from _terms(made.operands[0], made.values)
    elif made is not None and (made.op in ("+", "-") or made.op in _MOVES):
        for operand in made.operands[:1] if made.op in _MOVES else made.operands:
            yield from _terms(operand, values)
    else:
        yield value, values


def _of_term(value: Value, values: Values, latent: Origins) -> Origins:
    made = value.made if isinstance(value, Data) else None
    if made is None or len(made.operands) != 2 or made.op not in ("*", "/", "**"):
        return NOTHING
    left, right = made.operands
    first, second = _latent(left, values, latent), _latent(right, values, latent)
    if made.op == "*":
        data = _has_data(left, values) or _has_data(right, values)
        if first and second:
            return second if data else NOTHING
        return scaled_by(left if first else right, values, latent)
    if second:
        return second if _has_data(left, values) else NOTHING
    if made.op == "**":
        return first if _has_data(left, values) else NOTHING
    return scaled_by(left, values, latent)


def _latent(value: Value, values: Values, latent: Origins) -> Origins:
    return origins(value.depends, values) & latent


def _has_data(value: Value, values: Values) -> bool:
    """Whether a value is made of what is passed, and no number of the text."""
    return any(_is_data(passed(key, values)) for key in value.depends if isinstance(key, str))


def _is_data(given: Value | None) -> bool:
    if given is None or not given.depends:
        return not isinstance(given, Const)
    return any(isinstance(each, str) for each in given.depends)
