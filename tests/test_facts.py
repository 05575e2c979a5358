"""The facts of distributions are those of the installed NumPyro."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import jax
import numpyro
import numpyro.distributions as dist
import pytest
from numpyro.distributions import constraints
from numpyro.infer.reparam import LocScaleReparam

from numpyro_lint.facts.distributions import (
    CONSTRAINTS,
    FAMILIES,
    LOC_SCALE,
    constraint_of,
)

ROOT = Path(__file__).parents[1]
MADE = {
    "BetaBinomial": dist.BetaBinomial(1.0, 2.0, 7),
    "Binomial": dist.Binomial(7, 0.5),
    "BinomialLogits": dist.BinomialLogits(0.5, 7),
    "BinomialProbs": dist.BinomialProbs(0.5, 7),
    "DiscreteUniform": dist.DiscreteUniform(2, 7),
    "DoublyTruncatedPowerLaw": dist.DoublyTruncatedPowerLaw(-1.0, 2.0, 7.0),
    "Levy": dist.Levy(2.0, 1.0),
    "LogUniform": dist.LogUniform(2.0, 7.0),
    "LowerTruncatedPowerLaw": dist.LowerTruncatedPowerLaw(-2.0, 2.0),
    "Pareto": dist.Pareto(2.0, 1.0),
    "TruncatedCauchy": dist.TruncatedCauchy(0.0, 1.0, low=2.0, high=7.0),
    "TruncatedGamma": dist.TruncatedGamma(1.0, 1.0, low=2.0, high=7.0),
    "TruncatedNormal": dist.TruncatedNormal(0.0, 1.0, low=2.0, high=7.0),
    "Uniform": dist.Uniform(2.0, 7.0),
}
GIVEN = {"low": 2.0, "high": 7.0, "scale": 2.0, "loc": 2.0, "total_count": 7.0}


def test_the_table_is_current() -> None:
    spec = importlib.util.spec_from_file_location(
        "make_distribution_facts", ROOT / "scripts/make_distribution_facts.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.TARGET.read_text() == script.text()


@pytest.mark.parametrize("name", sorted(MADE))
def test_supports_between_arguments(name: str) -> None:
    bounds = FAMILIES[name].bounds
    assert bounds is not None
    low, high = (GIVEN[each] if isinstance(each, str) else each for each in bounds)
    support = MADE[name].support
    assert float(getattr(support, "lower_bound", -math.inf)) == low
    assert float(getattr(support, "upper_bound", math.inf)) == high


def test_all_families_with_bounds_are_tested() -> None:
    bounded = {name for name, family in FAMILIES.items() if family.bounds}
    assert bounded - set(MADE) == {
        "LeftTruncatedGamma",
        "RightTruncatedGamma",
        "TwoSidedTruncatedGamma",
    }


@pytest.mark.parametrize("name", LOC_SCALE)
def test_location_scale_families_can_be_decentred(name: str) -> None:
    rest = dict.fromkeys(LOC_SCALE[name], 0.5)
    config = {"x": LocScaleReparam(0.0, shape_params=tuple(rest))}

    def model() -> None:
        numpyro.sample("x", getattr(dist, name)(loc=1.0, scale=2.0, **rest))

    handled = numpyro.handlers.seed(numpyro.handlers.reparam(model, config=config), 0)
    trace = numpyro.handlers.trace(handled).get_trace()
    assert trace["x"]["type"] == "deterministic"
    decentred = trace["x_decentered"]["fn"]
    assert all(jax.numpy.allclose(getattr(decentred, each), 0.5) for each in rest)


def test_what_some_families_are() -> None:
    assert FAMILIES["Normal"].constraint("scale") == "positive"
    assert FAMILIES["Categorical"].enumerable
    assert FAMILIES["Poisson"].discrete
    assert not FAMILIES["Poisson"].enumerable
    assert FAMILIES["MultivariateNormal"].event_dim == 1
    assert constraint_of(FAMILIES["CAR"].constraint("correlation"))[:2] == (-1.0, 1.0)


@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_constraints(name: str) -> None:
    known, real = CONSTRAINTS[name], getattr(constraints, name)
    for bound, value in ((known.low, "lower_bound"), (known.high, "upper_bound")):
        given = getattr(real, value, None)
        assert given is None or math.isclose(bound, float(given), rel_tol=1e-5)
