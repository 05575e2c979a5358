"""The command line chooses among models."""

import argparse

import jax.numpy as jnp
from jax import random

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def pooled(ratings, n_raters):
    with numpyro.plate("items", ratings.shape[0]):
        quality = numpyro.sample("quality", dist.Normal(0, 1))
    noise = numpyro.sample("noise", dist.HalfNormal(1))
    numpyro.sample("ratings", dist.Normal(quality[:, None], noise), obs=ratings)


def biased(ratings, n_raters):
    with numpyro.plate("items", ratings.shape[0]):
        quality = numpyro.sample("quality", dist.Normal(0, 1))
    with numpyro.plate("raters", n_raters):
        bias = numpyro.sample("bias", dist.Normal(0, 0.5))
    noise = numpyro.sample("noise", dist.HalfNormal(1))
    numpyro.sample("ratings", dist.Normal(quality[:, None] + bias, noise), obs=ratings)


def noisy(ratings, n_raters):
    with numpyro.plate("items", ratings.shape[0]):
        quality = numpyro.sample("quality", dist.Normal(0, 1))
    with numpyro.plate("raters", n_raters):
        noise = numpyro.sample("noise", dist.HalfNormal(1))
    numpyro.sample("ratings", dist.Normal(quality[:, None], noise), obs=ratings)


models = {name: fn for name, fn in globals().items() if name in ("pooled", "biased", "noisy")}


def main(args):
    model = models[args.model]
    ratings = random.normal(random.key(args.seed), (args.items, args.raters))
    mcmc = MCMC(NUTS(model), num_warmup=args.num_warmup, num_samples=args.num_samples)
    mcmc.run(random.key(1), ratings, ratings.shape[1])
    mcmc.print_summary()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Raters")
    parser.add_argument("--model", default="pooled", choices=["pooled", "biased", "noisy"])
    parser.add_argument("--items", type=int, default=15)
    parser.add_argument("--raters", type=int, default=4)
    parser.add_argument("--num-warmup", type=int, default=200)
    parser.add_argument("--num-samples", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    main(parser.parse_args())
