"""Times chain methods; models and data come from functions."""

import argparse
from collections import namedtuple
from time import perf_counter

import jax
from jax import random
import jax.numpy as jnp
import numpy as np

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

Problem = namedtuple("Problem", ["name", "model", "data"])


def neals_funnel(dim=10):
    y = numpyro.sample("y", dist.Normal(0, 3))
    numpyro.sample("x", dist.Normal(jnp.zeros(dim - 1), jnp.exp(y / 2)).to_event(1))


def probit(x, y):
    w = numpyro.sample("w", dist.Normal(jnp.zeros(x.shape[1]), 1).to_event(1))
    numpyro.sample("y", dist.Bernoulli(probs=jax.scipy.stats.norm.cdf(x @ w)).to_event(1), obs=y)


def problems(size):
    rng = np.random.RandomState(size)
    x = rng.randn(size, 3)
    yield Problem("funnel", neals_funnel, (size,))
    yield Problem("probit", probit, (x, (x.sum(1) > 0).astype(int)))


def time_chains(problem, args):
    def once(key):
        mcmc = MCMC(
            NUTS(problem.model),
            num_warmup=args.num_warmup,
            num_samples=args.num_samples,
            chain_method=args.chain_method,
        )
        tic = perf_counter()
        mcmc.run(key, *problem.data)
        return perf_counter() - tic

    return min(once(key) for key in random.split(random.key(0), args.repeats))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--num-warmup", type=int, default=100)
    parser.add_argument("--num-samples", type=int, default=100)
    parser.add_argument("--chain-method", default="sequential")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100])
    args = parser.parse_args()
    for size in args.sizes:
        for problem in problems(size):
            print(problem.name, size, time_chains(problem, args))
