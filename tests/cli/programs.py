"""Small programs with findings, and notebooks in the spellings that there are."""

from __future__ import annotations

import json
from collections.abc import Callable

CLEAN = """\
import numpyro
import numpyro.distributions as dist


def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)
"""
SLIP = CLEAN + '\nheld = numpyro.handlers.condition(model, data={"slop": 1.0})\n'
TWICE = """\
import numpyro
import numpyro.distributions as dist


def model():
    numpyro.sample("a", dist.Normal(0.0, 1.0))
    numpyro.sample("a", dist.Normal(0.0, 1.0))
"""
FUNNEL = """\
import numpyro
import numpyro.distributions as dist


def model(y=None):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, spread))
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)
"""


def _cells() -> list[str]:
    """Cells with what JSON has escapes for, before what is found in the last."""
    return [
        "",
        CLEAN,
        'café = "😀\\t"; held = numpyro.handlers.condition(model, data={"slop": 1.0})',
    ]


def _notebook(as_lines: bool) -> dict[str, object]:
    sources = [cell.splitlines(keepends=True) if as_lines else cell for cell in _cells()]
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": s}
        for s in sources
    ]
    cells.insert(1, {"cell_type": "markdown", "metadata": {}, "source": ["# numpyro\n", "text"]})
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


# Each the bytes of the same notebook.
NOTEBOOKS: dict[str, Callable[[], bytes]] = {
    "as Jupyter writes it": lambda: (
        json.dumps(_notebook(True), indent=1, ensure_ascii=False) + "\n"
    ).encode(),
    "with escapes": lambda: json.dumps(_notebook(True), indent=1).encode(),
    "in one line": lambda: json.dumps(_notebook(True), ensure_ascii=False).encode(),
    "cells as strings": lambda: json.dumps(_notebook(False), indent=1).encode(),
    "with CRLF": lambda: json.dumps(_notebook(True), indent=1).replace("\n", "\r\n").encode(),
    "with a byte order mark": lambda: json.dumps(_notebook(True), indent=1).encode("utf-8-sig"),
}
