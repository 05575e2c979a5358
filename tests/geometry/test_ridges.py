"""Which latents the data know only together, against what is known exactly of normal models."""

from __future__ import annotations

from pathlib import Path

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest
from runtime.support import PREAMBLE

from numpyro_lint.cli.main import main
from numpyro_lint_runtime.protocol import Hierarchy, Levels
from numpyro_lint_runtime.worker.laplace import Unsettled
from numpyro_lint_runtime.worker.ridges import ridges
from numpyro_lint_runtime.worker.slice import Target

PRIOR = 10.0
SIGMA = 0.7


def line(x, y):
    level = numpyro.sample("level", dist.Normal(0.0, PRIOR))
    slope = numpyro.sample("slope", dist.Normal(0.0, PRIOR))
    numpyro.sample("y", dist.Normal(level + slope * x, SIGMA), obs=y)


@pytest.mark.parametrize("middle", [0.0, 5.0, 12.0, 40.0])
def test_covariance_of_a_line_is_exact(middle: float) -> None:
    x = middle + np.linspace(-2.0, 2.0, 30)
    design = np.stack([np.ones(30), x], axis=1)
    covariance = np.linalg.inv(design.T @ design / SIGMA**2 + np.eye(2) / PRIOR**2)
    spread = np.sqrt(np.diagonal(covariance))
    correlation = covariance[0, 1] / spread.prod()
    found = ridges(Target(line, (x, np.sin(x)), {}), Levels(("level", "slope")))
    assert len(found) == (abs(correlation) >= 0.99)
    for ridge in found:
        assert ridge.names == ("level", "slope")
        assert ridge.correlation == pytest.approx(correlation, abs=1e-4)
        cost = np.sqrt((1 - correlation) / (1 + correlation))
        assert ridge.cost == pytest.approx(cost, rel=0.05)
        assert list(ridge.alone.values()) == pytest.approx(list(spread), rel=0.01)
        assert ridge.signs == ()


def intercepts(signs, y):
    total = sum(s * numpyro.sample(n, dist.Normal(0.0, PRIOR)) for n, s in signs.items())
    numpyro.sample("y", dist.Normal(total, SIGMA), obs=y)


@pytest.mark.parametrize("signs", [{"a": 1, "b": 1}, {"a": 1, "b": -1}, {"a": 1, "b": -1, "c": 1}])
def test_a_sum_is_told_with_its_signs(signs: dict[str, int]) -> None:
    y = np.random.default_rng(0).normal(size=50)
    (found,) = ridges(Target(intercepts, (signs, y), {}), Levels(tuple(signs)))
    n = len(signs)
    known = 1 / np.sqrt(50 / SIGMA**2 + 1 / (n * PRIOR**2))
    assert found.signs == tuple(signs.values())
    assert found.together == pytest.approx(known, rel=0.01)
    assert max(found.alone.values()) == pytest.approx(PRIOR * np.sqrt((n - 1) / n), rel=0.01)


def beside(group, effects, y):
    level = numpyro.sample("level", dist.Normal(0.0, PRIOR))
    numpyro.sample("y", dist.Normal(level + effects()[group], SIGMA), obs=y)


def fixed():
    return numpyro.sample("effect", dist.Normal(0.0, PRIOR).expand([4]).to_event(1))


def drawn():
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    return numpyro.sample("effect", dist.Normal(0.0, tau).expand([4]).to_event(1))


def by_hand():
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    return tau * numpyro.sample("effect", dist.Normal(0.0, 1.0).expand([4]).to_event(1))


def around():
    mu = numpyro.sample("mu", dist.Normal(0.0, PRIOR))
    tau = numpyro.sample("tau", dist.HalfNormal(0.3))
    return numpyro.sample("effect", dist.Normal(mu, tau).expand([4]).to_event(1))


@pytest.mark.parametrize(
    ("effects", "names", "expected"),
    [
        (fixed, ("level", "effect"), [("level", "effect")]),
        (drawn, ("level",), []),
        (by_hand, ("level", "effect"), []),
        (around, ("level", "mu"), [("level", "mu")]),
    ],
)
def test_group_effects_beside_an_intercept(effects, names, expected) -> None:
    group = np.arange(80) % 4
    y = np.random.default_rng(0).normal(np.arange(4.0)[group] / 10, SIGMA)
    within = (Hierarchy("effect"),) if effects in (drawn, around) else ()
    found = ridges(Target(beside, (group, effects, y), {}), Levels(names, within))
    assert [each.names for each in found] == expected
    assert all(each.signs == (1, 1) for each in found)


def exact_fit(x, y):
    level = numpyro.sample("level", dist.Normal(0.0, PRIOR))
    slope = numpyro.sample("slope", dist.Normal(0.0, PRIOR))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    numpyro.sample("y", dist.Normal(level + slope * x, sigma), obs=y)


EXACT = """
def model(x, y):
    level = numpyro.sample("level", dist.Normal(0.0, 10.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 10.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    numpyro.sample("y", dist.Normal(level + slope * x, sigma), obs=y)

x = jnp.array([30.0, 31.0, 32.0])
handlers.seed(model, 0)(x, 2.0 * x)
"""


def test_nothing_is_told_where_the_noise_vanishes() -> None:
    x = jnp.array([30.0, 31.0, 32.0])
    with pytest.raises(Unsettled):
        ridges(Target(exact_fit, (x, 2.0 * x), {}), Levels(("level", "slope")))


@pytest.mark.trace
def test_what_could_not_be_looked_for_is_said_to_who_wants_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "m.py"
    program.write_text(f"{PREAMBLE}{EXACT}", encoding="utf-8")
    assert main(["--verbose", str(program)]) == 0
    said = capsys.readouterr().out
    assert "not told: which latents are known only together: the log density has no peak" in said
    assert main([str(program)]) == 0
    assert "not told" not in capsys.readouterr().out
