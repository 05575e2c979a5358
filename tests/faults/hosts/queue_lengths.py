"""People in a queue, counted once an hour: one rate for all hours."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def queue(people=None):
    rate = numpyro.sample("rate", dist.Gamma(2.0, 0.5))
    with numpyro.plate("hours", 9):
        numpyro.sample("people", dist.Poisson(rate), obs=people)


def desks(people=None):
    level = numpyro.sample("level", dist.Normal(1.0, 1.0))
    with numpyro.plate("desks", 6):
        busy = numpyro.sample("busy", dist.Gamma(3.0, 3.0))
        numpyro.sample("served", dist.Poisson(jnp.exp(level) * busy), obs=people)


mcmc = MCMC(NUTS(queue), num_warmup=100, num_samples=100, progress_bar=False)
mcmc.run(jax.random.PRNGKey(0), people=jnp.array([3, 5, 2, 7, 4, 4, 6, 1, 3]))
mcmc.print_summary()

second = MCMC(NUTS(desks), num_warmup=100, num_samples=100, progress_bar=False)
second.run(jax.random.PRNGKey(1), people=jnp.array([3, 0, 2, 4, 1, 2]))
second.print_summary()
