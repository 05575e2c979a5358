"""Three regressions that one function runs, called from main."""

import argparse
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax import random, vmap

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, Predictive


def linear(X, Y=None):
    w = numpyro.sample("w", dist.Normal(jnp.zeros(X.shape[1]), 1.0).to_event(1))
    s = numpyro.sample("s", dist.HalfNormal(1.0))
    with numpyro.plate("data", X.shape[0]):
        numpyro.sample("Y", dist.Normal(X @ w, s), obs=Y)


def robust(X, Y=None):
    w = numpyro.sample("w", dist.Normal(jnp.zeros(X.shape[1]), 1.0).to_event(1))
    nu = numpyro.sample("nu", dist.Gamma(2.0, 0.1))
    s = numpyro.sample("s", dist.HalfNormal(1.0))
    with numpyro.plate("data", X.shape[0]):
        numpyro.sample("Y", dist.StudentT(nu, X @ w, s), obs=Y)


def horseshoe(X, Y=None):
    p = X.shape[1]
    lambdas = numpyro.sample("lambdas", dist.HalfCauchy(jnp.ones(p)).to_event(1))
    tau = numpyro.sample("tau", dist.HalfCauchy(1.0))
    raw = numpyro.sample("raw", dist.Normal(jnp.zeros(p), 1.0).to_event(1))
    w = numpyro.deterministic("w", tau * lambdas * raw)
    s = numpyro.sample("s", dist.HalfNormal(1.0))
    with numpyro.plate("data", X.shape[0]):
        numpyro.sample("Y", dist.Normal(X @ w, s), obs=Y)


def run_inference(model, args, rng_key, X, Y):
    start = time.time()
    kernel = NUTS(model)
    mcmc = MCMC(
        kernel,
        num_warmup=args.num_warmup,
        num_samples=args.num_samples,
        num_chains=args.num_chains,
        progress_bar=False,
    )
    mcmc.run(rng_key, X, Y)
    mcmc.print_summary(exclude_deterministic=False)
    print("\nMCMC elapsed time:", time.time() - start)
    return mcmc.get_samples()


def predict(model, rng_key, samples, *args, **kwargs):
    model = numpyro.handlers.substitute(numpyro.handlers.seed(model, rng_key), samples)
    return numpyro.handlers.trace(model).get_trace(*args, **kwargs)["Y"]["value"]


def get_data(N=50, P=8, S=3, sigma_obs=0.1):
    np.random.seed(0)
    X = np.random.randn(N, P)
    W = 0.5 * (np.arange(P) + 1)
    W[S:] = 0.0
    Y = X @ W + sigma_obs * np.random.randn(N)
    Y -= jnp.mean(Y)
    return X, Y


def main(args):
    X, Y = get_data(N=args.num_data)
    key, key_predict = random.split(random.key(0))
    for model in (linear, robust):
        samples = run_inference(model, args, key, X, Y)
        keys = random.split(key_predict, args.num_samples)
        predictions = vmap(lambda s, k: predict(linear, k, s, X))(samples, keys)
        print(predictions.mean(0))
    samples = run_inference(horseshoe, args, key, X, Y)
    print(jax.tree.map(jnp.shape, samples))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Regressions")
    parser.add_argument("-n", "--num-samples", nargs="?", default=2000, type=int)
    parser.add_argument("--num-warmup", nargs="?", default=1000, type=int)
    parser.add_argument("--num-chains", nargs="?", default=1, type=int)
    parser.add_argument("--num-data", nargs="?", default=50, type=int)
    args = parser.parse_args()
    main(args)
