"""A Gaussian process with a choice of starting points."""

import argparse
import os

import matplotlib
import matplotlib.pyplot as plt
import numpy as np

import jax
from jax import vmap
import jax.numpy as jnp
import jax.random as random

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, init_to_feasible, init_to_median, init_to_value

matplotlib.use("Agg")


def kernel(X, Z, var, length, noise, jitter=1.0e-6, include_noise=True):
    deltaXsq = jnp.power((X[:, None] - Z) / length, 2.0)
    k = var * jnp.exp(-0.5 * deltaXsq)
    if include_noise:
        k += (noise + jitter) * jnp.eye(X.shape[0])
    return k


def model(X, Y):
    var = numpyro.sample("kernel_var", dist.LogNormal(0.0, 10.0))
    noise = numpyro.sample("kernel_noise", dist.LogNormal(0.0, 10.0))
    length = numpyro.sample("kernel_length", dist.LogNormal(0.0, 10.0))
    k = kernel(X, X, var, length, noise)
    numpyro.sample(
        "Y", dist.MultivariateNormal(loc=jnp.zeros(X.shape[0]), covariance_matrix=k), obs=Y
    )


def run_inference(model, args, rng_key, X, Y):
    if args.init_strategy == "value":
        init_strategy = init_to_value(values={"kernel_var": 1.0, "kernel_noise": 0.05})
    elif args.init_strategy == "median":
        init_strategy = init_to_median(num_samples=10)
    else:
        init_strategy = init_to_feasible()
    mcmc = MCMC(
        NUTS(model, init_strategy=init_strategy),
        num_warmup=args.num_warmup,
        num_samples=args.num_samples,
        thinning=args.thinning,
    )
    mcmc.run(rng_key, X, Y)
    return mcmc.get_samples()


def get_data(N=30, sigma_obs=0.15, N_test=400):
    np.random.seed(0)
    X = jnp.linspace(-1, 1, N)
    Y = X + 0.2 * jnp.power(X, 3.0) + 0.5 * jnp.sin(4.0 * X)
    Y += sigma_obs * np.random.randn(N)
    Y -= jnp.mean(Y)
    Y /= jnp.std(Y)
    assert X.shape == (N,)
    return X, Y, jnp.linspace(-1.3, 1.3, N_test)


def main(args):
    X, Y, X_test = get_data(N=args.num_data)
    rng_key, rng_key_predict = random.split(random.key(0))
    samples = run_inference(model, args, rng_key, X, Y)
    vmap_args = (random.split(rng_key_predict, samples["kernel_var"].shape[0]), samples)
    fig, ax = plt.subplots(figsize=(8, 6), constrained_layout=True)
    ax.plot(X, Y, "kx")
    plt.savefig("gp_plot.pdf")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Gaussian Process example")
    parser.add_argument("-n", "--num-samples", nargs="?", default=1000, type=int)
    parser.add_argument("--num-warmup", nargs="?", default=1000, type=int)
    parser.add_argument("--thinning", nargs="?", default=2, type=int)
    parser.add_argument("--num-data", nargs="?", default=25, type=int)
    parser.add_argument(
        "--init-strategy", default="median", type=str, choices=["median", "feasible", "value"]
    )
    args = parser.parse_args()
    main(args)
