"""Two clusters of waiting times: a mixture whose assignments are enumerated."""

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.contrib.funsor import config_enumerate
from numpyro.infer import MCMC, NUTS

WAITING = jnp.array([1.8, 4.1, 3.9, 2.1, 4.4, 2.0, 1.7, 4.3, 4.6, 1.9, 4.0, 2.2])


@config_enumerate
def mixture(data, K):
    weights = numpyro.sample("weights", dist.Dirichlet(jnp.ones(K)))
    with numpyro.plate("components", K):
        locs = numpyro.sample("locs", dist.Normal(3.0, 2.0))
        scales = numpyro.sample("scales", dist.LogNormal(-1.0, 0.5))
    with numpyro.plate("data", len(data)):
        z = numpyro.sample("z", dist.Categorical(weights))
        numpyro.sample("obs", dist.Normal(locs[z], scales[z]), obs=data)


kernel = NUTS(mixture)
mcmc = MCMC(kernel, num_warmup=150, num_samples=150, progress_bar=False)
mcmc.run(random.PRNGKey(1), WAITING, 2)
posterior = mcmc.get_samples()
print(posterior["locs"].mean(0), posterior["scales"].mean(0))
