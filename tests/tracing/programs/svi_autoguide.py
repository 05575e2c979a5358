"""Variational inference with an autoguide, subsampled."""

import argparse

import jax
import jax.numpy as jnp
from jax import random

import numpyro
import numpyro.distributions as dist
from numpyro.infer import SVI, Trace_ELBO, autoguide
from numpyro.infer.initialization import init_to_median


def simulate(key, n, d):
    k1, k2, k3 = random.split(key, 3)
    features = random.normal(k1, (n, d))
    weights = random.normal(k2, (d,))
    labels = random.bernoulli(k3, jax.nn.sigmoid(features @ weights))
    return features, labels


def logistic(features, labels=None, subsample_size=None):
    n, d = features.shape
    bias = numpyro.sample("bias", dist.Normal(0, 1))
    weights = numpyro.sample("weights", dist.Normal(jnp.zeros(d), jnp.ones(d)).to_event(1))
    with numpyro.plate("N", n, subsample_size=subsample_size) as idx:
        logits = features[idx] @ weights + bias
        batch = None if labels is None else labels[idx]
        numpyro.sample("labels", dist.Bernoulli(logits=logits), obs=batch)


def main(args):
    key_data, key_fit = random.split(random.key(args.seed))
    features, labels = simulate(key_data, args.n, args.d)
    guide = autoguide.AutoLowRankMultivariateNormal(logistic, init_loc_fn=init_to_median)
    optimiser = numpyro.optim.ClippedAdam(step_size=args.learning_rate)
    svi = SVI(logistic, guide, optimiser, loss=Trace_ELBO(num_particles=4))
    result = svi.run(key_fit, args.steps, features, labels, subsample_size=args.batch)
    posterior = guide.sample_posterior(random.key(2), result.params, sample_shape=(1000,))
    print(jax.tree.map(lambda x: x.mean(0), posterior))


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--n", type=int, default=500)
    p.add_argument("--d", type=int, default=6)
    p.add_argument("--batch", type=int, default=50)
    p.add_argument("--steps", type=int, default=5_000)
    p.add_argument("--learning-rate", type=float, default=1e-2)
    p.add_argument("--verbose", action="store_true")
    main(p.parse_args())
