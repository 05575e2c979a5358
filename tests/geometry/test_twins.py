"""Of walks in a scan, sums to nought and products of scales, both forms have one density."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest
from numpyro import handlers
from numpyro.contrib.control_flow import cond, scan
from numpyro.infer.util import log_density

from numpyro_lint_runtime.pilots import Pilot
from numpyro_lint_runtime.values import Hierarchy
from numpyro_lint_runtime.worker.centre import NoTwin
from numpyro_lint_runtime.worker.evidence import evidence
from numpyro_lint_runtime.worker.forms import form_of
from numpyro_lint_runtime.worker.slice import Target

Y = jnp.array([1.2, -0.8, 1.5, -1.9, 0.4, -0.3])
Model = Callable[..., None]


def scales():
    """A coefficient, a scale and a start."""
    phi = numpyro.sample("phi", dist.Uniform(0.0, 1.0))
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    return phi, tau, numpyro.sample("start", dist.Normal(0.0, 5.0))


def drawn_in_a_scan(y):
    phi, tau, start = scales()

    def step(previous, y):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        level = numpyro.deterministic("theta", phi * previous + tau * z)
        numpyro.sample("y", dist.Normal(level, 0.5), obs=y)
        return level, None

    scan(step, start, y)


def of_two_in_a_scan(y):
    phi, tau, start = scales()
    pace = numpyro.sample("pace", dist.HalfNormal(1.0))

    def step(carry, y):
        level, slope = carry
        slope = phi * slope + pace * numpyro.sample("u", dist.Normal(0.0, 1.0))
        z = numpyro.sample("z", dist.Normal(0.1, 0.7))
        level = numpyro.deterministic("theta", level + slope + tau * z)
        numpyro.sample("y", dist.Normal(level, 0.5), obs=y)
        return (level, slope), level

    scan(step, (start, 0.0), y)


def of_the_slope_in_a_scan(y):
    """What is made of `z` comes into both that is carried on: it is the slope first."""
    phi, tau, start = scales()

    def step(carry, y):
        level, slope = carry
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        slope = numpyro.deterministic("theta", phi * slope + tau * z)
        level = level + slope
        numpyro.sample("y", dist.Normal(level, 0.5), obs=y)
        return (level, slope), None

    scan(step, (start, 0.0), y)


def of_two_lags_in_a_scan(y):
    phi, tau, start = scales()

    def step(carry, y):
        first, second = carry
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        level = numpyro.deterministic("theta", phi * second - 0.3 * first + tau * z)
        numpyro.sample("y", dist.Normal(level, 0.5), obs=y)
        return (second, level), None

    scan(step, (start, start), y)


def vectors_in_a_scan(y):
    phi, tau, start = scales()

    def step(previous, y):
        with numpyro.plate("series", 2):
            z = numpyro.sample("z", dist.Normal(0.0, 1.0))
            level = numpyro.deterministic("theta", phi * previous + tau * z)
            numpyro.sample("y", dist.Normal(level, 0.5), obs=y)
        return level, None

    scan(step, jnp.full(2, start), jnp.stack([y, -y], axis=1))


def scanned_over(y):
    phi, tau, start = scales()
    with numpyro.plate("time", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))

    def step(previous, z):
        level = phi * previous + tau * z
        return level, level

    _, level = jax.lax.scan(step, start, z)
    numpyro.deterministic("theta", level)
    numpyro.sample("y", dist.Normal(level, 0.5).to_event(1), obs=y)


def scaled_before_the_scan(y):
    phi, tau, start = scales()
    z = numpyro.sample("z", dist.StudentT(4.0).expand([len(y)]).to_event(1))

    def step(carry, now):
        level, time = carry
        step, weight = now
        level = phi * level + weight * step
        return (level, time + 1), level

    weights = jnp.linspace(0.5, 1.5, len(y))
    _, level = jax.lax.scan(step, (start, 0), (tau * z, weights), reverse=True)
    numpyro.deterministic("theta", level)
    numpyro.sample("y", dist.Normal(level, 0.5).to_event(1), obs=y)


def horseshoe(y):
    tau = numpyro.sample("tau", dist.HalfCauchy(1.0))
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    with numpyro.plate("group", len(y)):
        local = numpyro.sample("local", dist.HalfCauchy(1.0))
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        theta = numpyro.deterministic("theta", mu + z * tau * local)
    numpyro.sample("y", dist.Normal(jnp.flip(theta), 0.5).to_event(1), obs=y)


def regularised(y):
    tau = numpyro.sample("tau", dist.HalfCauchy(1.0))
    c2 = numpyro.sample("c2", dist.InverseGamma(2.0, 2.0))
    local = numpyro.sample("local", dist.HalfCauchy(1.0).expand([len(y)]).to_event(1))
    z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([len(y)]).to_event(1))
    shrunk = jnp.sqrt(c2 * local**2 / (c2 + tau**2 * local**2))
    theta = numpyro.deterministic("theta", tau * shrunk * z)
    numpyro.sample("y", dist.Normal(jnp.eye(len(y)) @ theta, 0.5).to_event(1), obs=y)


def regression_of_the_scale(y):
    tau = numpyro.sample("tau", dist.Normal(0.0, 1.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.StudentT(4.0))
        theta = jnp.exp(tau + slope * jnp.linspace(-1.0, 1.0, len(y))) * z
        numpyro.deterministic("theta", theta)
        numpyro.sample("y", dist.Normal(jnp.linspace(5.0, 6.0, len(y)) + theta, 0.5), obs=y)


def minus_the_mean(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([len(y)]).to_event(1))
    numpyro.deterministic("theta", tau * z)
    numpyro.sample("y", dist.Normal(tau * (z - z.mean()), 0.5).to_event(1), obs=y)


def carried_nowhere(y):
    """A scan that only looks at group by group."""
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))

    def step(carry, y):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        theta = numpyro.deterministic("theta", mu + tau * z)
        numpyro.sample("y", dist.Normal(theta, 0.5), obs=y)
        return carry, theta

    scan(step, None, y)


def around_groups(y):
    """The location of each is that of its group, which the slopes alone do not tell."""
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    u = numpyro.sample("u", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        theta = (mu + u)[jnp.arange(len(y)) // 3] + tau * z
        numpyro.deterministic("theta", theta)
        numpyro.sample("y", dist.Normal(jnp.flip(theta), 0.5), obs=y)


def moved_by_what_is_drawn_later(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    numpyro.deterministic("theta", tau * z + 0.0)
    numpyro.sample("y", dist.Normal(mu + tau * z, 0.5).to_event(1), obs=y)


SCANNED = (
    carried_nowhere,
    drawn_in_a_scan,
    of_two_in_a_scan,
    of_the_slope_in_a_scan,
    of_two_lags_in_a_scan,
    vectors_in_a_scan,
)
NAMED = (around_groups, moved_by_what_is_drawn_later)
WALKS = (scanned_over, scaled_before_the_scan)
PRODUCTS = {
    horseshoe: {"local", "tau"},
    regularised: {"c2", "local", "tau"},
    regression_of_the_scale: {"slope", "tau"},
}


def standard(model: Model, family: str = "Normal") -> list[Hierarchy]:
    """The standard site of a model, as it is found to be scaled."""
    asked = Hierarchy("z", family, standard=True, scanned=model in SCANNED)
    return [each.site for each in evidence(Target(model, (Y,), {}), [asked])]


@pytest.mark.parametrize(
    "model", [*SCANNED, *WALKS, *NAMED, minus_the_mean], ids=lambda m: m.__name__
)
def test_one_scale_is_found(model: Model) -> None:
    (site,) = standard(model)
    assert site.scales == ("tau",)
    assert site.staged == (model in (*WALKS, *NAMED))
    assert site.summed == (model in WALKS)


@pytest.mark.parametrize("model", PRODUCTS, ids=lambda model: model.__name__)
def test_all_that_comes_into_a_scale_is_found(model: Model) -> None:
    (site,) = standard(model)
    assert set(site.scales) == PRODUCTS[model]
    assert site.staged
    assert not site.summed


def drawn(model: Any, seed: int) -> dict[str, Any]:
    """A draw of all latents, and of what is computed of them."""
    trace = handlers.trace(handlers.seed(model, seed)).get_trace(Y)
    found = {n: s for n, s in trace.items() if s["type"] in ("sample", "deterministic")}
    return {n: s["value"] for n, s in found.items() if not s.get("is_observed")}


@pytest.mark.parametrize(
    "model", [*SCANNED, *WALKS, *NAMED, *PRODUCTS, minus_the_mean], ids=lambda model: model.__name__
)
def test_centred_by_hand_has_the_density_with_the_jacobian(model: Model) -> None:
    (site,) = standard(model)
    target, pilot = Target(model, (Y,), {}), Pilot((site,), decentred=True)
    (own, names), (centred, same) = (form_of(target, pilot, form) for form in (True, False))
    assert names == same == ("z_centred",)
    for seed in range(2):
        values = drawn(own, seed)
        z, made, theta = (values.pop(name) for name in ("z", "z_centred", "theta"))
        assert np.asarray(made) == pytest.approx(np.asarray(theta), rel=1e-4, abs=1e-5)

        def again(made: Any, values: Any = values) -> Any:
            placed = handlers.substitute(handlers.seed(centred, 0), {**values, "z_centred": made})
            return handlers.trace(placed).get_trace(Y)["z"]["value"]

        assert np.asarray(again(made)) == pytest.approx(np.asarray(z), rel=1e-3, abs=1e-4)
        slopes = jax.jacobian(again)(made).reshape(made.size, made.size)
        before = log_density(model, (Y,), {}, {**values, "z": z})[0]
        after = log_density(centred, (Y,), {}, {**values, "z_centred": made})[0]
        expected = float(before + jnp.linalg.slogdet(slopes)[1])
        assert float(after) == pytest.approx(expected, rel=1e-4, abs=1e-3)


def sum_to_nought(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    z = numpyro.sample("z", dist.ZeroSumNormal(1.0, event_shape=(len(y),)))
    numpyro.sample("y", dist.Normal(tau * z, 0.5).to_event(1), obs=y)


def rows_sum_to_nought(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    with numpyro.plate("row", 2):
        z = numpyro.sample("z", dist.ZeroSumNormal(0.8, event_shape=(3,)))
    numpyro.sample("y", dist.Normal(tau * z.ravel(), 0.5).to_event(1), obs=y)


@pytest.mark.parametrize(("model", "free"), [(sum_to_nought, 5), (rows_sum_to_nought, 4)])
def test_what_sums_to_nought_is_centred_by_hand(model: Model, free: int) -> None:
    (site,) = standard(model, "ZeroSumNormal")
    assert (site.scales, site.locs) == (("tau",), ())
    pilot = Pilot((site,), decentred=True)
    centred, names = form_of(Target(model, (Y,), {}), pilot, False)
    assert names == ("z_centred",)
    for seed in range(2):
        values = drawn(centred, seed)
        made = values.pop("z_centred")
        assert np.asarray(made.sum(-1)) == pytest.approx(0.0, abs=1e-5)
        before = log_density(model, (Y,), {}, {**values, "z": made / values["tau"]})[0]
        after = log_density(centred, (Y,), {}, {**values, "z_centred": made})[0]
        expected = float(before - free * jnp.log(values["tau"]))
        assert float(after) == pytest.approx(expected, rel=1e-4)


def centred_in_a_scan(y):
    phi, tau, start = scales()

    def step(previous, y):
        theta = numpyro.sample("theta", dist.Normal(phi * previous, tau))
        numpyro.sample("y", dist.Normal(theta, 0.5), obs=y)
        return theta, None

    scan(step, start, y)


def centred_sum_to_nought(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    theta = numpyro.sample("theta", dist.ZeroSumNormal(tau, event_shape=(len(y),)))
    numpyro.sample("y", dist.Normal(theta, 0.5).to_event(1), obs=y)


def centred_rows_sum_to_nought(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    with numpyro.plate("row", 2):
        theta = numpyro.sample("theta", dist.ZeroSumNormal(tau, event_shape=(3,)))
    numpyro.sample("y", dist.Normal(theta.ravel(), 0.5).to_event(1), obs=y)


@pytest.mark.parametrize(
    ("model", "family", "free"),
    [
        (centred_in_a_scan, "Normal", 6),
        (centred_sum_to_nought, "ZeroSumNormal", 5),
        (centred_rows_sum_to_nought, "ZeroSumNormal", 4),
    ],
)
def test_decentred_has_the_density_with_the_jacobian(model: Model, family: str, free: int) -> None:
    site = Hierarchy("theta", family, ("tau",), scanned=model is centred_in_a_scan)
    decentred, names = form_of(Target(model, (Y,), {}), Pilot((site,)), True)
    assert names == ("theta",)
    for seed in range(2):
        values = drawn(decentred, seed)
        z, theta = values.pop("theta_decentered"), values.pop("theta")
        before = log_density(model, (Y,), {}, {**values, "theta": theta})[0]
        after = log_density(decentred, (Y,), {}, {**values, "theta_decentered": z})[0]
        expected = float(before + free * jnp.log(values["tau"]))
        assert float(after) == pytest.approx(expected, rel=1e-4)


def curved_in_a_scan(y):
    phi, tau, start = scales()

    def step(previous, y):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        level = phi * previous + jnp.tanh(tau * z)
        numpyro.sample("y", dist.Normal(level, 0.5), obs=y)
        return level, None

    scan(step, start, y)


def curved_before_it_is_carried_on(y):
    phi, tau, start = scales()
    z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([len(y)]).to_event(1))

    def step(previous, z):
        level = phi * jnp.tanh(previous) + tau * z
        return level * level, level

    _, level = jax.lax.scan(step, start, z)
    numpyro.sample("y", dist.Normal(level, 0.5).to_event(1), obs=y)


def used_twice(y):
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(jnp.sqrt(tau + tau**2) * z + z, 0.5), obs=y)


@pytest.mark.parametrize(
    ("model", "site"),
    [
        (curved_in_a_scan, Hierarchy("z", "Normal", ("tau",), standard=True, scanned=True)),
        (
            curved_before_it_is_carried_on,
            Hierarchy("z", "Normal", ("tau",), standard=True, locs=(), summed=True, staged=True),
        ),
        (used_twice, Hierarchy("z", "Normal", ("tau",), standard=True, staged=True)),
    ],
)
def test_what_is_made_otherwise_has_no_twin(model: Model, site: Hierarchy) -> None:
    pilot = Pilot((site,), decentred=True)
    with pytest.raises(NoTwin, match="centred form would have to be written"):
        drawn(form_of(Target(model, (Y,), {}), pilot, False)[0], 0)


def in_a_branch(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))

    def branch(tau):
        return numpyro.sample("theta", dist.Normal(0.0, tau).expand([len(y)]).to_event(1))

    theta = cond(jnp.asarray(True), branch, branch, tau)
    numpyro.sample("y", dist.Normal(theta, 0.5).to_event(1), obs=y)


def test_no_reparam_reaches_into_a_branch() -> None:
    site = Hierarchy("theta", "Normal", ("tau",), scanned=True)
    with pytest.raises(NoTwin, match="where no reparam reaches it"):
        form_of(Target(in_a_branch, (Y,), {}), Pilot((site,)), True)


def of_either_sign(y):
    """A factor and its loading, which is no scale."""
    loading = numpyro.sample("loading", dist.Normal(0.0, 1.0))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(loading * z, 0.5), obs=y)


def of_each_alone(y):
    with numpyro.plate("group", len(y)):
        local = numpyro.sample("local", dist.HalfNormal(1.0))
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(local * z, 0.5), obs=y)


@pytest.mark.parametrize("model", [of_either_sign, of_each_alone, used_twice])
def test_what_is_no_shared_scale_is_none(model: Model) -> None:
    assert standard(model) == []


def test_two_sites_of_a_scan_are_centred_together() -> None:
    (site,) = standard(of_two_in_a_scan)
    target = Target(of_two_in_a_scan, (Y,), {})
    other = replace(site, name="u")
    both, names = form_of(target, Pilot((site, other), decentred=True), False)
    assert names == ("z_centred", "u_centred")
    found = drawn(both, 0)
    assert found["u_centred"].shape == found["z_centred"].shape == (6,)
