"""A script that nobody can run without saying where the data are."""

import argparse
from pathlib import Path

import jax
import numpy as np

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def decay(t, activity=None):
    rate = numpyro.sample("rate", dist.Gamma(2.0, 2.0))
    start = numpyro.sample("start", dist.LogNormal(3.0, 1.0))
    with numpyro.plate("times", len(t)):
        numpyro.sample("activity", dist.Poisson(start * np.e ** (-rate * t)), obs=activity)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("measurements", type=Path, help="a file of two columns")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    t, activity = np.loadtxt(options.measurements, unpack=True)
    mcmc = MCMC(NUTS(decay), num_warmup=500, num_samples=500)
    mcmc.run(jax.random.key(0), t, activity.astype(int))
    np.savez(options.output, **mcmc.get_samples())


if __name__ == "__main__":
    main()
