"""A small Bayesian network of neurons, its layers by a helper that takes their names."""

from functools import partial

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, Predictive
from numpyro.infer.initialization import init_to_feasible


def layer(name, x, width):
    size = (x.shape[-1], width)
    weights = numpyro.sample(f"{name}_weights", dist.Normal(0.0, 1.0).expand(size).to_event(2))
    bias = numpyro.sample(f"{name}_bias", dist.Normal(jnp.zeros(width), 1.0).to_event(1))
    return x @ weights + bias


def network(x, y=None, width=4):
    hidden = jnp.tanh(layer("hidden", x, width))
    out = layer("out", hidden, 1)[..., 0]
    precision = numpyro.sample("precision", dist.Gamma(3.0, 1.0))
    sigma = 1.0 / jnp.sqrt(precision)
    with numpyro.plate("data", x.shape[0]):
        numpyro.sample("y", dist.Normal(out, sigma), obs=y)


def make_sampler(model, warmup, samples):
    kernel = NUTS(model, init_strategy=init_to_feasible)
    return MCMC(kernel, num_warmup=warmup, num_samples=samples, progress_bar=False)


def main():
    x = jnp.linspace(-1.0, 1.0, 25)[:, None]
    y = jnp.sin(3.0 * x[:, 0])
    key, predict_key = jax.random.split(jax.random.PRNGKey(12))
    sampler = make_sampler(partial(network, width=3), 100, 100)
    sampler.run(key, x, y)
    draws = sampler.get_samples()
    predictive = Predictive(partial(network, width=3), draws, return_sites=("y",))
    print(predictive(predict_key, x)["y"].shape)


if __name__ == "__main__":
    main()
