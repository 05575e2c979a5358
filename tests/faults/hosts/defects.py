"""Defective parts by batch: one share for all batches, and the load under which they broke."""

import numpyro as npr
from jax import numpy as jnp
from jax import random
from numpyro import distributions as dists
from numpyro.infer import HMC, MCMC


def shares(defects=None):
    share = npr.sample("share", dists.Beta(1.0, 9.0))
    with npr.plate("batches", 5):
        npr.sample("defects", dists.Binomial(20, share), obs=defects)


def loads(load=None):
    centre = npr.sample("centre", dists.Normal(2.0, 1.0))
    width = npr.sample("width", dists.HalfNormal(1.0))
    with npr.plate("parts", 7):
        npr.sample("load", dists.LogNormal(centre, width), obs=load)


def main():
    first = MCMC(HMC(shares), num_warmup=50, num_samples=50, progress_bar=False)
    first.run(random.PRNGKey(0), jnp.array([2, 1, 4, 0, 3]))
    print(first.get_samples()["share"].mean())

    second = MCMC(HMC(loads), num_warmup=50, num_samples=50, progress_bar=False)
    second.run(random.PRNGKey(1), load=jnp.array([5.1, 8.0, 6.6, 9.3, 7.2, 4.8, 6.0]))
    print(second.get_samples()["centre"].mean())


if __name__ == "__main__":
    main()
