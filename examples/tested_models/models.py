"""Models that have tests of their own: see tests/ beside this file."""

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist


# numpyro-lint: trace(days=jnp.arange(7.0), height=jnp.ones((3, 7)))
def growth(days, height=None):
    """Heights over time for several plants. `days`: (T,); `height`: (plants, T) or None."""
    plants = 5 if height is None else height.shape[0]
    rate = numpyro.sample("rate", dist.HalfNormal(1.0))
    spread = numpyro.sample("spread", dist.HalfNormal(0.5))
    noise = numpyro.sample("noise", dist.HalfNormal(0.2))
    with numpyro.plate("plants", plants, dim=-2):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        slope = numpyro.deterministic("slope", rate + spread * z)
        with numpyro.plate("days", days.shape[0], dim=-1):
            numpyro.sample("height", dist.Normal(slope * days, noise), obs=height)


# numpyro-lint: trace(age=jnp.arange(40.0), alive=jnp.ones(40))
def survival(age, alive=None):
    """Who is alive by age. `age`: (n,) in years; `alive`: (n,) of 0 and 1, or None."""
    intercept = numpyro.sample("intercept", dist.Normal(0.0, 2.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 0.1))
    with numpyro.plate("people", age.shape[0]):
        numpyro.sample("alive", dist.Bernoulli(logits=intercept + slope * age), obs=alive)


DAYS = jnp.arange(7.0)
