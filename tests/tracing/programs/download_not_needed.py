"""What may be downloaded is only asked for on demand."""

import argparse
import os
import urllib.request

import jax
import jax.numpy as jnp
import numpy as np

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

CACHE = os.path.expanduser("~/.cache/tides")
ADDRESS = "https://example.org/tides.npz"


def fetch():
    os.makedirs(CACHE, exist_ok=True)
    path = os.path.join(CACHE, "tides.npz")
    if not os.path.exists(path):
        urllib.request.urlretrieve(ADDRESS, path)
    with np.load(path) as data:
        return data["hours"], data["level"]


def simulate(n=72):
    hours = np.arange(n, dtype="float32")
    level = np.sin(2 * np.pi * hours / 12.4) + np.random.default_rng(0).normal(0, 0.1, n)
    return hours, level


def tide(hours, level=None):
    amplitude = numpyro.sample("amplitude", dist.LogNormal(0.0, 0.5))
    phase = numpyro.sample("phase", dist.VonMises(0.0, 0.1))
    period = numpyro.sample("period", dist.Normal(12.4, 0.1))
    noise = numpyro.sample("noise", dist.HalfNormal(0.5))
    mean = amplitude * jnp.sin(2 * jnp.pi * hours / period + phase)
    with numpyro.plate("hours", hours.shape[0]):
        numpyro.sample("level", dist.Normal(mean, noise), obs=level)


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--samples", type=int, default=500)
    args = parser.parse_args(argv)
    if args.real:
        hours, level = fetch()
    else:
        hours, level = simulate()
    mcmc = MCMC(NUTS(tide), num_warmup=args.samples, num_samples=args.samples)
    mcmc.run(jax.random.key(0), hours, level)
    mcmc.print_summary()


if __name__ == "__main__":
    main()
