"""A Gaussian process over a yearly series, with predictions at new times."""

import argparse

import jax
import jax.numpy as jnp
import numpyro as npr
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, init_to_value


def rbf(a, b, variance, length, noise=0.0, jitter=1e-5):
    gap = (a[:, None] - b) / length
    kernel = variance * jnp.exp(-0.5 * gap**2)
    if a.shape == b.shape:
        kernel = kernel + (noise + jitter) * jnp.eye(a.shape[0])
    return kernel


def gp(times, values=None):
    variance = npr.sample("variance", dist.LogNormal(0.0, 1.0))
    length = npr.sample("length", dist.InverseGamma(5.0, 5.0))
    noise = npr.sample("noise", dist.HalfNormal(0.5))
    mean = npr.sample("mean", dist.Normal(0.0, 1.0))
    covariance = rbf(times, times, variance, length, noise)
    npr.sample(
        "values",
        dist.MultivariateNormal(mean * jnp.ones(times.shape[0]), covariance_matrix=covariance),
        obs=values,
    )


def predict(times, values, new, variance, length, noise, mean):
    within = rbf(times, times, variance, length, noise)
    across = rbf(new, times, variance, length)
    return mean + across @ jnp.linalg.solve(within, values - mean)


def fit(args, times, values):
    start = init_to_value(values={"variance": 1.0, "length": 1.0, "noise": 0.1})
    mcmc = MCMC(
        NUTS(gp, init_strategy=start),
        num_warmup=args.warmup,
        num_samples=args.samples,
        progress_bar=False,
    )
    mcmc.run(jax.random.PRNGKey(args.seed), times, values)
    return mcmc.get_samples()


def main(args):
    times = jnp.linspace(0.0, 5.0, 20)
    values = jnp.sin(times) + 0.1 * jnp.cos(17.0 * times)
    draws = fit(args, times, values)
    new = jnp.linspace(5.1, 6.0, 4)
    means = jax.vmap(lambda *kernel: predict(times, values, new, *kernel))(
        draws["variance"], draws["length"], draws["noise"], draws["mean"]
    )
    print(means.mean(0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=150)
    parser.add_argument("--warmup", type=int, default=150)
    parser.add_argument("--seed", type=int, default=0)
    main(parser.parse_args())
