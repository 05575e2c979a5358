"""Calls at a help line: rates of many days, by SVI with a guide whose rates are positive."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.distributions.constraints import positive
from numpyro.infer import SVI, Trace_ELBO, TraceMeanField_ELBO


def calls_model(calls=None):
    shape = numpyro.sample("shape", dist.Gamma(2.0, 1.0))
    mean = numpyro.sample("mean", dist.LogNormal(1.0, 1.0))
    with numpyro.plate("days", 7):
        rate = numpyro.sample("rate", dist.Gamma(shape, shape / mean))
        numpyro.sample("calls", dist.Poisson(rate), obs=calls)


def calls_guide(calls=None):
    shape_loc = numpyro.param("shape_loc", 0.0)
    shape_scale = numpyro.param("shape_scale", 0.1, constraint=positive)
    numpyro.sample("shape", dist.LogNormal(shape_loc, shape_scale))
    mean_loc = numpyro.param("mean_loc", 1.0)
    mean_scale = numpyro.param("mean_scale", 0.1, constraint=positive)
    numpyro.sample("mean", dist.LogNormal(mean_loc, mean_scale))
    rate_loc = numpyro.param("rate_loc", jnp.zeros(7))
    rate_scale = numpyro.param("rate_scale", 0.1 * jnp.ones(7), constraint=positive)
    with numpyro.plate("days", 7):
        numpyro.sample("rate", dist.LogNormal(rate_loc, rate_scale))


def growth_model(t, y=None):
    level = numpyro.sample("level", dist.Normal(0.0, 2.0))
    growth = numpyro.sample("growth", dist.Normal(0.0, 1.0))
    spread = numpyro.sample("spread", dist.Exponential(1.0))
    numpyro.sample("y", dist.Normal(level + growth * t, spread).to_event(1), obs=y)


def growth_guide(t, y=None):
    level_loc = numpyro.param("level_loc", 0.0)
    level_scale = numpyro.param("level_scale", 1.0, constraint=positive)
    numpyro.sample("level", dist.Normal(level_loc, level_scale))
    growth_loc = numpyro.param("growth_loc", 0.0)
    growth_scale = numpyro.param("growth_scale", 1.0, constraint=positive)
    numpyro.sample("growth", dist.Normal(growth_loc, growth_scale))
    spread_rate = numpyro.param("spread_rate", 1.0, constraint=positive)
    numpyro.sample("spread", dist.Exponential(spread_rate))


def main():
    key = jax.random.PRNGKey(13)
    key_calls, key_growth = jax.random.split(key)
    optimiser = numpyro.optim.Adam(0.01)
    calls = jnp.array([4, 6, 3, 9, 5, 2, 1])
    svi = SVI(calls_model, calls_guide, optimiser, Trace_ELBO(num_particles=4))
    result = svi.run(key_calls, 300, calls=calls, progress_bar=False)
    print("mean", jnp.exp(result.params["mean_loc"]))

    t = jnp.linspace(0.0, 1.0, 20)
    svi = SVI(growth_model, growth_guide, optimiser, loss=TraceMeanField_ELBO())
    result = svi.run(key_growth, 300, t, y=1.0 + 2.0 * t, progress_bar=False)
    print("growth", result.params["growth_loc"])


if __name__ == "__main__":
    main()
