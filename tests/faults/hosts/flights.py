"""Delays of flights: variational fits of a trend with groups, their guides in a class."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, SVI, Trace_ELBO


class Delays:
    def __init__(self, n_airlines):
        self.n_airlines = n_airlines

    def model(self, airline, hour, delay=None):
        base = numpyro.sample("base", dist.Normal(10.0, 5.0))
        evening = numpyro.sample("evening", dist.Normal(0.0, 2.0))
        noise = numpyro.sample("noise", dist.HalfNormal(5.0))
        with numpyro.plate("airlines", self.n_airlines):
            habit = numpyro.sample("habit", dist.Normal(0.0, 3.0))
        mean = base + habit[airline] + evening * hour
        with numpyro.plate("flights", airline.shape[0]):
            numpyro.sample("delay", dist.Normal(mean, noise), obs=delay)

    def sample(self, key, airline, hour, delay):
        mcmc = MCMC(NUTS(self.model), num_warmup=100, num_samples=100, progress_bar=False)
        mcmc.run(key, airline, hour, delay=delay)
        return mcmc.get_samples()


def waiting(minutes=None):
    mu = numpyro.sample("mu", dist.Normal(2.0, 1.0))
    sd = numpyro.sample("sd", dist.Gamma(2.0, 2.0))
    with numpyro.plate("passengers", 5):
        numpyro.sample("minutes", dist.LogNormal(mu, sd), obs=minutes)


def waiting_guide(minutes=None):
    mu_loc = numpyro.param("mu_loc", 2.0)
    mu_scale = numpyro.param("mu_scale", 0.2, constraint=dist.constraints.positive)
    numpyro.sample("mu", dist.Normal(mu_loc, mu_scale))
    sd_shape = numpyro.param("sd_shape", 2.0, constraint=dist.constraints.positive)
    sd_rate = numpyro.param("sd_rate", 2.0, constraint=dist.constraints.positive)
    numpyro.sample("sd", dist.Gamma(sd_shape, sd_rate))


def main():
    keys = jax.random.split(jax.random.PRNGKey(41), 3)
    airline = jnp.array([0, 1, 2, 0, 1, 2, 0, 1])
    hour = jnp.array([6.0, 9.0, 12.0, 14.0, 17.0, 18.0, 20.0, 22.0])
    delay = 5.0 + 0.5 * hour + jax.random.normal(keys[0], (8,))
    print(Delays(3).sample(keys[1], airline, hour, delay)["evening"].mean())

    svi = SVI(waiting, waiting_guide, numpyro.optim.Adam(0.02), Trace_ELBO())
    minutes = jnp.array([5.0, 9.0, 14.0, 6.5, 8.0])
    result = svi.run(keys[2], 300, minutes, progress_bar=False)
    print(result.params["mu_loc"], result.losses[-1])


if __name__ == "__main__":
    main()
