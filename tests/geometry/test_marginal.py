"""Evidence from data against what is known exactly: normal groups with a normal likelihood."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest

from numpyro_lint_runtime.protocol import Hierarchy
from numpyro_lint_runtime.worker.evidence import evidence
from numpyro_lint_runtime.worker.laplace import Unsettled
from numpyro_lint_runtime.worker.slice import Target

GROUPS = (8, 50, 500)
SPREADS = ((0.3, 1.0), (1.0, 1.0), (3.0, 1.0), (1.0, 0.1))


def model(se, y):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    with numpyro.plate("group", len(y)):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("y", dist.Normal(theta, se), obs=y)


def exact(se: float, y: np.ndarray) -> tuple[float, float]:
    """Median of tau and mean of kappa over its posterior: mu and theta are integrated by hand."""
    log_tau = np.linspace(-9.0, 6.0, 4000)
    tau = np.exp(log_tau)
    variance = tau**2 + se**2
    precision = len(y) / variance + 1 / 25
    centre = y.sum() / variance
    density = -0.5 * len(y) * np.log(variance) - 0.5 * (y**2).sum() / variance
    density += 0.5 * centre**2 / precision - 0.5 * np.log(precision)
    density += log_tau - np.log1p((tau / 5) ** 2)
    weights = np.exp(density - density.max())
    weights /= weights.sum()
    median = tau[np.searchsorted(np.cumsum(weights), 0.5)]
    return float(median), float(weights @ (tau**2 / variance))


@pytest.mark.parametrize("groups", GROUPS)
@pytest.mark.parametrize(("tau", "se"), SPREADS)
def test_scale_and_kappa_are_those_of_the_exact_marginal(
    groups: int, tau: float, se: float
) -> None:
    generator = np.random.default_rng(groups)
    y = generator.normal(generator.normal(0.0, tau, groups), se)
    (found,) = evidence(Target(model, (se, y), {}), [Hierarchy("theta", "Normal", ("tau",))])
    median, kappa = exact(se, y)
    assert found.elements == groups
    assert found.medians["tau"] == pytest.approx(median, rel=0.25)
    assert found.kappa == pytest.approx(kappa, rel=0.25)
    assert found.least < found.most


def by_hand(se, y):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    log_tau = numpyro.sample("log_tau", dist.Normal(0.0, 2.0))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        unscaled = numpyro.sample("unscaled", dist.Normal(0.0, 1.0))
        expected = mu + 3.0 * unscaled + jnp.exp(log_tau) * z
        numpyro.sample("y", dist.Normal(expected, se), obs=y)


def test_what_scales_a_standard_site_by_hand_is_found() -> None:
    y = np.random.default_rng(1).normal(0.0, 3.0, 12)
    asked = [Hierarchy("z", standard=True), Hierarchy("unscaled", standard=True)]
    found = evidence(Target(by_hand, (0.5, y), {}), asked)
    assert [(each.site.name, each.site.scales) for each in found] == [("z", ("log_tau",))]


def discrete(y):
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    shift = numpyro.sample("shift", dist.Bernoulli(0.5))
    with numpyro.plate("group", len(y)):
        theta = numpyro.sample("theta", dist.Normal(0.0, tau))
        numpyro.sample("y", dist.Normal(theta + shift, 1.0), obs=y)


def test_what_cannot_be_asked_is_said() -> None:
    asked = [Hierarchy("theta", "Normal", ("tau",))]
    with pytest.raises(Unsettled, match="it has discrete latents"):
        evidence(Target(discrete, (np.zeros(8),), {}), asked)


def ruled_out(y):
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    with numpyro.plate("group", len(y)):
        theta = numpyro.sample("theta", dist.Normal(0.0, tau))
        numpyro.sample("y", dist.Normal(theta, 1.0), obs=y)
    numpyro.factor("limit", jnp.where(tau > 1e6, 0.0, -jnp.inf))


def test_a_density_that_is_not_finite_says_nothing() -> None:
    asked = [Hierarchy("theta", "Normal", ("tau",))]
    with pytest.raises(Unsettled, match="the log density is not finite"):
        evidence(Target(ruled_out, (np.zeros(8),), {}), asked)


def measured(readings, breath):
    """Exposures that are read twice, and what follows of them: `slope * tau * z` has no slope of
    its own where both are zero."""
    mu = numpyro.sample("mu", dist.Normal(0.0, 3.0))
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    meter = numpyro.sample("meter", dist.HalfNormal(1.0))
    alpha = numpyro.sample("alpha", dist.Normal(4.0, 2.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    with numpyro.plate("person", len(breath)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        exposure = mu + tau * z
        numpyro.sample("readings", dist.Normal(exposure[:, None], meter).to_event(1), obs=readings)
        numpyro.sample("breath", dist.Normal(alpha + slope * exposure, sigma), obs=breath)


def test_a_mode_that_is_none_of_the_whole_does_not_lead_astray() -> None:
    generator = np.random.default_rng(412)
    exposure = generator.normal(1.2, 0.6, 110)
    readings = generator.normal(exposure[:, None], 0.5, (110, 2))
    breath = generator.normal(4.6 - 0.35 * exposure, 0.4)
    (found,) = evidence(Target(measured, (readings, breath), {}), [Hierarchy("z", standard=True)])
    information = 2 / 0.5**2 + (0.35 / 0.4) ** 2
    assert found.kappa == pytest.approx(information / (information + 1 / 0.6**2), abs=0.1)
    assert found.medians["tau"] == pytest.approx(0.6, rel=0.25)


def test_both_forms_of_eight_schools_are_told_apart() -> None:
    se = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
    y = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
    asked = [Hierarchy("theta", "Normal", ("tau",))]
    weak, strong = (evidence(Target(model, (e, y), {}), asked)[0] for e in (se, se / 50))
    assert weak.centred is not None
    assert weak.decentred is not None
    assert weak.centred.steps > 3 * weak.decentred.steps
    assert weak.centred.uneven > 10 * weak.decentred.uneven
    assert strong.centred is not None
    assert strong.decentred is not None
    assert strong.decentred.steps > 10 * strong.centred.steps
    assert strong.centred.uneven < 4


def test_forms_are_not_compared_when_there_is_no_time() -> None:
    asked = [Hierarchy("theta", "Normal", ("tau",))]
    (found,) = evidence(Target(model, (1.0, np.arange(8.0)), {}), asked, end=0.0)
    assert found.centred is None
    assert found.unmade == "there was no time"


def with_shape(y):
    tau = numpyro.sample("tau", dist.HalfNormal(5.0))
    theta = numpyro.sample("theta", dist.Normal(0.0, tau), sample_shape=(8,))
    numpyro.sample("y", dist.Normal(theta, 1.0).to_event(1), obs=y)


def expanded(y):
    tau = numpyro.sample("tau", dist.HalfNormal(5.0))
    theta = numpyro.sample("theta", dist.Normal(0.0, tau).expand([8]))
    numpyro.sample("y", dist.Normal(theta, 1.0).to_event(1), obs=y)


def test_a_sample_shape_is_kept_by_a_reparam_of_ours() -> None:
    y, asked = np.arange(8.0), [Hierarchy("theta", "Normal", ("tau",))]
    found = [evidence(Target(each, (y,), {}), asked) for each in (with_shape, expanded)]
    assert found[0] == found[1]
    assert found[0][0].elements == 8
    assert found[0][0].centred is not None
