"""A model without findings: how often bicycles are counted at several crossings.

A Poisson regression with two plates: a level for each crossing around a city-wide mean, and one
effect of rain. It shows habits that keep a model out of trouble:

- the data have a default of None, so that the same function fits and predicts;
- sizes come from arguments that are always given, never from data that may be None;
- every axis of the data is declared by a plate;
- what must be positive is made so (`exp`), whatever the latent values are.
"""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, Predictive

CROSSINGS = 5
HOURS = 40


def bicycles(crossing, rain, n_crossings, count=None):
    city = numpyro.sample("city", dist.Normal(3.0, 1.0))
    rain_effect = numpyro.sample("rain_effect", dist.Normal(0.0, 0.5))
    with numpyro.plate("crossings", n_crossings):
        level = numpyro.sample("level", dist.Normal(city, 0.5))
    log_rate = level[crossing] + rain_effect * rain
    with numpyro.plate("hours", crossing.shape[0]):
        numpyro.sample("count", dist.Poisson(jnp.exp(log_rate)), obs=count)


def make_data(key):
    """Hours of counting: which crossing, how much rain (mm), how many bicycles."""
    key_crossing, key_rain, key_count = jax.random.split(key, 3)
    crossing = jax.random.randint(key_crossing, (HOURS,), 0, CROSSINGS)
    rain = jax.random.exponential(key_rain, (HOURS,))
    level = jnp.array([2.6, 3.0, 3.2, 3.5, 3.7])
    rate = jnp.exp(level[crossing] - 0.4 * rain)
    return crossing, rain, jax.random.poisson(key_count, rate)


def main():
    key_data, key_fit, key_predict = jax.random.split(jax.random.key(1), 3)
    crossing, rain, count = make_data(key_data)

    mcmc = MCMC(NUTS(bicycles), num_warmup=300, num_samples=300, progress_bar=False)
    mcmc.run(key_fit, crossing, rain, CROSSINGS, count=count)
    mcmc.print_summary()

    dry = jnp.zeros(CROSSINGS)
    predictive = Predictive(bicycles, posterior_samples=mcmc.get_samples())
    predicted = predictive(key_predict, jnp.arange(CROSSINGS), dry, CROSSINGS)
    for index, mean in enumerate(predicted["count"].mean(axis=0)):
        print(f"crossing {index}: {mean:.0f} bicycles in a dry hour")


if __name__ == "__main__":
    main()
