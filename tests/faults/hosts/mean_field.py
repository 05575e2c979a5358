"""A hierarchical regression under SVI, with a guide of one's own."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.distributions import constraints
from numpyro.infer import SVI, Predictive, Trace_ELBO
from numpyro.optim import Adam


def model(x, group, n_groups, y=None):
    level = numpyro.sample("level", dist.Normal(0.0, 2.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    spread = numpyro.sample("spread", dist.LogNormal(0.0, 1.0))
    with numpyro.plate("groups", n_groups):
        offset = numpyro.sample("offset", dist.Normal(0.0, 1.0))
    mean = level + offset[group] + slope * x
    with numpyro.plate("rows", x.shape[0]):
        numpyro.sample("y", dist.Normal(mean, spread), obs=y)


def guide(x, group, n_groups, y=None):
    level_loc = numpyro.param("level_loc", 0.0)
    level_scale = numpyro.param("level_scale", 0.1, constraint=constraints.positive)
    numpyro.sample("level", dist.Normal(level_loc, level_scale))
    slope_loc = numpyro.param("slope_loc", 0.0)
    slope_scale = numpyro.param("slope_scale", 0.1, constraint=constraints.positive)
    numpyro.sample("slope", dist.Normal(slope_loc, slope_scale))
    spread_loc = numpyro.param("spread_loc", 0.0)
    numpyro.sample("spread", dist.LogNormal(spread_loc, 0.1))
    offset_loc = numpyro.param("offset_loc", jnp.zeros(n_groups))
    offset_scale = numpyro.param(
        "offset_scale", 0.2 * jnp.ones(n_groups), constraint=constraints.positive
    )
    with numpyro.plate("groups", n_groups):
        numpyro.sample("offset", dist.Normal(offset_loc, offset_scale))


def main():
    n_groups = 4
    key = jax.random.PRNGKey(5)
    key_x, key_noise, key_fit, key_predict = jax.random.split(key, 4)
    x = jax.random.normal(key_x, (40,))
    group = jnp.arange(40) % n_groups
    y = 1.0 + 0.5 * x + 0.2 * group + 0.3 * jax.random.normal(key_noise, (40,))

    svi = SVI(model, guide, Adam(0.02), loss=Trace_ELBO())
    result = svi.run(key_fit, 500, x, group, n_groups, y=y, progress_bar=False)
    print("loss", result.losses[-1], "slope", result.params["slope_loc"])

    predictive = Predictive(model, guide=guide, params=result.params, num_samples=100)
    draws = predictive(key_predict, x, group, n_groups)
    print(draws["y"].mean(0)[:4])


if __name__ == "__main__":
    main()
