"""The labelled pairs: two forms of a pair are one model, and its label follows from its figures."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import pytest
from jax import random
from label_geometry import FORMS, HELD_OUT, PAIRS, TABLES, label, markdown, names, pair_module
from numpyro import handlers
from numpyro.distributions import biject_to
from numpyro.infer.util import log_density

LABELS = {folder: json.loads(table.read_text())["pairs"] for folder, table in TABLES.items()}
EVERY = [pytest.param(name, folder, id=name) for folder in LABELS for name in names(folder)]


def traced(
    pair: Any, form: str, key: Any, fixed: dict[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    model = handlers.seed(handlers.substitute(getattr(pair, form), fixed or {}), key)
    return handlers.trace(model).get_trace(*pair.arguments, **pair.keywords)


def latents(trace: dict[str, dict[str, Any]]) -> dict[str, Any]:
    sites = {name: site for name, site in trace.items() if site["type"] == "sample"}
    return {name: site["value"] for name, site in sites.items() if not site["is_observed"]}


@pytest.mark.parametrize("folder", LABELS)
def test_every_pair_is_labelled(folder: Path):
    assert sorted(LABELS[folder]) == names(folder)


def test_no_pair_is_in_two_folders():
    every = [name for folder in LABELS for name in names(folder)]
    assert len(set(every)) == len(every)
    assert len(names(HELD_OUT)) == 20


def densities(pair: Any, key: Any) -> tuple[Any, Any, dict[str, dict[str, Any]]]:
    """Log densities of the two forms at one point, and the values of each form under one seed.

    The point has the site of the pair from the key, and everything else from one seed. That of the
    centred form is per unit of the site as NUTS moves it: of the log of what is positive.
    """
    traces = {form: traced(pair, form, random.PRNGKey(0)) for form in FORMS}
    values = {
        form: {name: site["value"] for name, site in trace.items() if name in pair.COMPARED}
        for form, trace in traces.items()
    }
    outer = {
        name: value
        for name, value in latents(traces["decentred"]).items()
        if name in latents(traces["centred"])
    }
    inner = traced(pair, "decentred", key, outer)
    points = {
        "centred": outer | {pair.SITE: inner[pair.SITE]["value"]},
        "decentred": latents(inner),
    }
    assert points["centred"].keys() == latents(traces["centred"]).keys()
    centred, decentred = (
        log_density(getattr(pair, form), pair.arguments, pair.keywords, points[form])[0]
        for form in FORMS
    )
    value = points["centred"][pair.SITE]
    moved = biject_to(traces["centred"][pair.SITE]["fn"].support)
    centred += jnp.sum(moved.log_abs_det_jacobian(moved.inv(value), value))
    return centred, decentred, values


@pytest.mark.parametrize(("name", "folder"), EVERY)
def test_both_forms_are_one_model(name: str, folder: Path):
    pair = pair_module(name, folder)
    assert pair.SITE in pair.COMPARED
    assert pair.model in (pair.centred, pair.decentred)
    at = jax.jit(functools.partial(densities, pair))
    (*first, values), (*second, _) = (at(random.PRNGKey(seed)) for seed in (1, 2))
    shapes = [jax.tree.map(jnp.shape, values[form]) for form in FORMS]
    assert shapes[0] == shapes[1]
    assert shapes[0].keys() == set(pair.COMPARED)
    # The densities differ by the Jacobian, which the hyperparameters alone decide.
    (one, other), (one_more, other_more) = (map(float, each) for each in (first, second))
    rounding = 1e-2 + 1e-6 * abs(one)
    assert one - other == pytest.approx(one_more - other_more, rel=1e-4, abs=rounding)
    assert abs(one - one_more) > 10 * rounding


@pytest.mark.parametrize(("name", "folder"), EVERY)
def test_label_follows_from_figures(name: str, folder: Path):
    assert LABELS[folder][name]["label"] == label(LABELS[folder][name])


def run(figure: float, rhat: float = 1.0, divergent: int = 0) -> dict[str, Any]:
    return {"per_1000_gradients": figure, "rhat": rhat, "divergent": divergent, "draws": 8000}


@pytest.mark.parametrize(
    ("centred", "decentred", "expected"),
    [
        ([run(1), run(1)], [run(2), run(3)], "decentre"),
        ([run(1), run(1)], [run(2), run(1.9)], "neutral"),
        ([run(4), run(5)], [run(2), run(1)], "centre"),
        ([run(9), run(9, rhat=1.03)], [run(1), run(1)], "decentre"),
        ([run(9), run(9)], [run(99, divergent=41), run(99)], "centre"),
        ([run(9), run(9)], [run(9, divergent=40), run(9)], "neutral"),
        ([run(1, rhat=float("inf")), run(1)], [run(9), run(9, divergent=41)], "both-fail"),
    ],
)
def test_rule(centred: list[Any], decentred: list[Any], expected: str):
    assert label({"centred": centred, "decentred": decentred}) == expected


@pytest.mark.parametrize("folder", LABELS)
def test_table_has_a_line_for_every_pair(folder: Path):
    lines = markdown(LABELS[folder]).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:-2]] == [f"| {name}" for name in names(folder)]


def test_labels_are_balanced():
    given = [pair["label"] for pair in LABELS[PAIRS].values()]
    assert min(given.count(each) for each in ("centre", "decentre", "neutral")) >= 8
    assert given.count("both-fail") <= len(given) / 50
