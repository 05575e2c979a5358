"""A local level with drift, as a state space model: the states are drawn in a scan."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS, Predictive


def local_level(length, y=None):
    """Draws a level that drifts, and observes it with noise."""
    drift = numpyro.sample("drift", dist.Normal(0.0, 0.1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    first = numpyro.sample("first", dist.Normal(0.0, 1.0))

    def transition(level, t):
        step = numpyro.sample("step", dist.Normal(0.0, 1.0))
        level = level + drift + tau * step
        return level, level

    _, levels = scan(transition, first, jnp.arange(length))
    numpyro.deterministic("levels", levels)
    numpyro.sample("y", dist.Normal(levels, sigma).to_event(1), obs=y)


if __name__ == "__main__":
    rng_key = jax.random.PRNGKey(42)
    rng_key, data_key, run_key, predict_key = jax.random.split(rng_key, 4)
    y = jnp.cumsum(0.1 + 0.3 * jax.random.normal(data_key, (30,)))
    mcmc = MCMC(NUTS(local_level), num_warmup=150, num_samples=150, progress_bar=False)
    mcmc.run(run_key, len(y), y=y)
    samples = mcmc.get_samples()
    print("drift", float(samples["drift"].mean()))
    forecast = Predictive(local_level, samples)(predict_key, len(y))["y"]
    print(forecast.shape)
