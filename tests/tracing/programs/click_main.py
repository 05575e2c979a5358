"""A command of click."""

import click
import jax
import jax.numpy as jnp

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def change_point(counts, n_days):
    early = numpyro.sample("early", dist.Exponential(1 / 5.0))
    late = numpyro.sample("late", dist.Exponential(1 / 5.0))
    when = numpyro.sample("when", dist.Uniform(0.0, n_days))
    days = jnp.arange(n_days)
    rate = jnp.where(days < when, early, late)
    with numpyro.plate("days", n_days):
        numpyro.sample("counts", dist.Poisson(rate), obs=counts)


@click.command()
@click.option("--days", "-d", default=40, show_default=True, help="length of the series")
@click.option("--seed", default=0)
@click.option("--save/--no-save", default=False)
@click.option("--name", type=str)
def main(days, seed, save, name):
    """Fit a change point."""
    key, key_data = jax.random.split(jax.random.key(seed))
    counts = jax.random.poisson(key_data, 4.0, (days,))
    sampler = MCMC(NUTS(change_point), num_warmup=500, num_samples=500)
    sampler.run(key, counts, days)
    if save:
        jnp.savez(name, **sampler.get_samples())


if __name__ == "__main__":
    main()
