"""How hard a form is for NUTS, by its curvature over the posterior, where that is known."""

from __future__ import annotations

import math
from statistics import NormalDist

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from numpyro_lint_runtime.worker.arrow import Layout
from numpyro_lint_runtime.worker.hardness import DRAWS, Draws, hardness
from numpyro_lint_runtime.worker.laplace import Marginal, Unsettled

EVEN = np.full(DRAWS, 1 / DRAWS)


@pytest.fixture
def generator() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize("correlation", [0.0, 0.9, 0.99])
def test_a_normal_is_as_hard_as_its_condition_number(
    correlation: float, generator: np.random.Generator
) -> None:
    covariance = np.array([[1.0, correlation], [correlation, 1.0]])
    precision = np.linalg.inv(covariance)
    points = generator.multivariate_normal(np.zeros(2), covariance, DRAWS)
    found = hardness(lambda at: at["x"] @ precision @ at["x"] / 2, Draws({"x": points}, EVEN))
    condition = (1 + correlation) / (1 - correlation)
    assert found.steps == pytest.approx(math.sqrt(condition), rel=0.2)
    assert found.uneven == pytest.approx(1.0, rel=1e-3)


def test_units_do_not_matter(generator: np.random.Generator) -> None:
    points = generator.normal(size=(DRAWS, 3)) * [1e-3, 1.0, 1e3]
    scales = jnp.array([1e-3, 1.0, 1e3])
    found = hardness(lambda at: ((at["x"] / scales) ** 2).sum() / 2, Draws({"x": points}, EVEN))
    assert found.steps == pytest.approx(1.0, rel=0.3)


def test_many_latents_are_not_hard_for_being_many(generator: np.random.Generator) -> None:
    points = generator.normal(size=(DRAWS, 1000))
    found = hardness(lambda at: (at["x"] ** 2).sum() / 2, Draws({"x": points}, EVEN))
    assert 0.5 < found.steps < 4.0


def funnel(at: dict[str, jax.Array]) -> jax.Array:
    return at["s"] ** 2 / 2 + (at["x"] ** 2 * jnp.exp(-2 * at["s"])).sum() / 2 + 9 * at["s"]


def test_a_funnel_is_uneven_and_its_decentred_form_is_not(generator: np.random.Generator) -> None:
    # The scale evenly spread, as `posterior` has it: the sharpest hundredth is not left to chance.
    s = np.array([NormalDist().inv_cdf((at + 0.5) / DRAWS) for at in range(DRAWS)])
    z = generator.normal(size=(DRAWS, 9))
    centred = hardness(funnel, Draws({"s": s, "x": np.exp(s)[:, None] * z}, EVEN))
    decentred = hardness(
        lambda at: (at["s"] ** 2 + (at["z"] ** 2).sum()) / 2, Draws({"s": s, "z": z}, EVEN)
    )
    assert centred.steps > 3 * decentred.steps
    assert centred.uneven > 20
    assert decentred.uneven == pytest.approx(1.0, rel=1e-3)


def test_what_is_not_a_number_is_left_out(generator: np.random.Generator) -> None:
    points = generator.normal(size=(DRAWS, 2))
    points[:10] = np.nan
    found = hardness(lambda at: (at["x"] ** 2).sum() / 2, Draws({"x": points}, EVEN))
    assert found.steps == pytest.approx(1.0, rel=0.3)
    points[: DRAWS - 10] = np.nan
    with pytest.raises(Unsettled, match="curvature"):
        hardness(lambda at: (at["x"] ** 2).sum() / 2, Draws({"x": points}, EVEN))


@pytest.mark.parametrize("groups", [3, 50])
def test_draws_have_the_covariance_of_what_they_are_drawn_from(groups: int) -> None:
    def potential(at: dict[str, jax.Array]) -> jax.Array:
        return (at["mu"] ** 2 + ((at["x"] - at["mu"]) ** 2).sum() * 4.0 + 0 * at["t"]) / 2

    shapes: dict[str, tuple[int, ...]] = {"mu": (), "x": (groups,), "t": ()}
    marginal = Marginal(potential, potential, shapes, ["t"])
    point = marginal.at(np.zeros(1), np.zeros(groups + 1))
    generator = np.random.default_rng(1)
    drawn = np.array([point.hessian.drawn(generator, marginal.layout) for _ in range(4000)])
    parts = marginal.rest.parts(np.arange(groups + 1))
    mu, x = drawn[:, parts["mu"]], drawn[:, parts["x"]]
    assert isinstance(marginal.layout, Layout)
    assert mu.var() == pytest.approx(1.0, rel=0.1)
    assert x.var(axis=0).mean() == pytest.approx(1.25, rel=0.1)
    assert np.cov(mu, x[:, 0])[0, 1] == pytest.approx(1.0, rel=0.1)
    assert np.cov(x[:, 0], x[:, 1])[0, 1] == pytest.approx(1.0, rel=0.1)
