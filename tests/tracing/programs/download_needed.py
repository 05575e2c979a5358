"""The data are on the web, and nowhere else."""

import jax.numpy as jnp
import pandas as pd
from jax import random

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

URL = "https://example.org/data/penguins.csv"
penguins = pd.read_csv(URL).dropna()
species = jnp.asarray(penguins["species"].astype("category").cat.codes.values)
mass = jnp.asarray(penguins["body_mass_g"].values / 1000)


def masses(species, n_species, mass=None):
    with numpyro.plate("species", n_species):
        mean = numpyro.sample("mean", dist.Normal(4.0, 2.0))
        sd = numpyro.sample("sd", dist.HalfNormal(1.0))
    with numpyro.plate("penguins", species.shape[0]):
        numpyro.sample("mass", dist.Normal(mean[species], sd[species]), obs=mass)


mcmc = MCMC(NUTS(masses), num_warmup=500, num_samples=500)
mcmc.run(random.PRNGKey(0), species, 3, mass=mass)
