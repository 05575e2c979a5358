"""A mixture, with its number of components at the top of the file."""

import jax
import jax.numpy as jnp
import numpy as np
from sklearn.datasets import make_blobs

import numpyro
import numpyro.distributions as dist
from numpyro.contrib.funsor import config_enumerate
from numpyro.infer import MCMC, NUTS, Predictive

K = 3
SEED = 11
rng = np.random.default_rng(SEED)
data = np.concatenate([rng.normal(m, 0.4, size=(15, 2)) for m in (-2.0, 0.0, 2.0)])


@config_enumerate
def mixture(data):
    weights = numpyro.sample("weights", dist.Dirichlet(jnp.ones(K)))
    with numpyro.plate("components", K):
        locs = numpyro.sample("locs", dist.Normal(0.0, 3.0).expand([2]).to_event(1))
        scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    with numpyro.plate("data", len(data)):
        z = numpyro.sample("z", dist.Categorical(weights))
        numpyro.sample("x", dist.Normal(locs[z], scale[z][..., None]).to_event(1), obs=data)


def marginal(data):
    weights = numpyro.sample("weights", dist.Dirichlet(jnp.ones(K)))
    with numpyro.plate("components", K):
        locs = numpyro.sample("locs", dist.MultivariateNormal(jnp.zeros(2), 3.0 * jnp.eye(2)))
    components = dist.MultivariateNormal(locs, 0.2 * jnp.eye(2))
    with numpyro.plate("data", len(data)):
        numpyro.sample("x", dist.MixtureSameFamily(dist.Categorical(weights), components), obs=data)


def show(samples):
    demo, _ = make_blobs(centers=K, random_state=SEED)
    print(demo.shape, {k: v.shape for k, v in samples.items()})


if __name__ == "__main__":
    mcmc = MCMC(NUTS(mixture), num_warmup=200, num_samples=200)
    mcmc.run(jax.random.PRNGKey(SEED), data)
    show(mcmc.get_samples())
    collapsed = MCMC(NUTS(marginal), num_warmup=200, num_samples=200)
    collapsed.run(jax.random.PRNGKey(SEED + 1), data[::2])
