"""How one names a model of a file: MODEL, MODEL@CELL in a notebook, MODEL@LINE in a script."""

from __future__ import annotations

from collections.abc import Sequence

from numpyro_lint.model.program import Function, Module
from numpyro_lint.text import Source


class NoModel(Exception):
    """Why a name means no model of a file, in words for the user."""


def addresses(module: Module, known: Sequence[Function]) -> list[str]:
    """How one names each of some models so that no other of them is meant."""
    names = [each.qualname for each in known]
    return [
        name if names.count(name) == 1 else f"{name}@{_place(module.source, function)}"
        for name, function in zip(names, known, strict=True)
    ]


def every_model(module: Module) -> list[Function]:
    """All of them. Raises NoModel where there is none."""
    known = module.models
    if not known:
        raise NoModel("there is no model in this file")
    return known


def the_model(module: Module, name: str) -> Function:
    """The one model that a name means. Raises NoModel where there is none, or several."""
    known = every_model(module)
    plain, _, place = name.partition("@")
    found = [f for f in known if plain in (f.name, f.qualname)]
    if place:
        found = [f for f in found if _place(module.source, f) == place]
    if not found:
        names = ", ".join(addresses(module, known))
        raise NoModel(f"there is no model '{name}' in this file; there are {names}")
    if len(found) > 1:
        several = ", ".join(addresses(module, found))
        raise NoModel(f"'{name}' may be any of {several}; say which")
    return found[0]


def _place(source: Source, function: Function) -> str:
    where = source.location(function.name_span)
    return str(where.line if where.cell is None else where.cell)
