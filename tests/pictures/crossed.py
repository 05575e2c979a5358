"""A model of every kind of site, with plates that cross, nest and stand alone."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def crossed(y=None):
    width = numpyro.param("width", 1.0)
    sd_row = numpyro.sample("sd_row", dist.HalfNormal(width))
    sd_col = numpyro.sample("sd_col", dist.HalfNormal(1.0))
    rows = numpyro.plate("rows_with_a_rather_long_name_of_their_own", 3, dim=-2)
    columns = numpyro.plate("columns", 5, dim=-1)
    with rows:
        row = numpyro.sample("row", dist.Normal(0.0, sd_row))
    with columns:
        column = numpyro.sample("column", dist.Normal(0.0, sd_col))
    with rows, columns:
        cell = numpyro.sample("cell", dist.Normal(0.0, 1.0))
        mean = numpyro.deterministic("mean", row + column + cell)
        numpyro.sample("y<&\"'>", dist.Normal(mean, 1.0), obs=y)
    numpyro.factor("penalty", -jnp.sum(cell**2))
    with numpyro.plate("outer", 2, dim=-3):
        u = numpyro.sample("u", dist.Normal(row.sum(), 1.0))
        with numpyro.plate("middle", 4, dim=-2):
            v = numpyro.sample("v", dist.Normal(u, 1.0))
            with numpyro.plate("inner", 6, dim=-1):
                numpyro.sample("z", dist.Normal(v, 1.0), obs=jnp.zeros((2, 4, 6)))
    numpyro.sample("alone", dist.Normal(0.0, 1.0))


MCMC(NUTS(crossed), num_warmup=1, num_samples=1).run(jax.random.key(0), y=jnp.zeros((3, 5)))
