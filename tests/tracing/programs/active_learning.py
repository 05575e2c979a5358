"""Each round of inference decides what is measured next."""

import jax
import jax.numpy as jnp
import numpy as np

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def response(x, y=None):
    a = numpyro.sample("a", dist.Normal(0.0, 2.0))
    b = numpyro.sample("b", dist.Normal(0.0, 2.0))
    with numpyro.plate("measurements", x.shape[0]):
        numpyro.sample("y", dist.Normal(a + b * x, 0.1), obs=y)


def measure(x, rng):
    return 0.3 - 1.2 * x + 0.1 * rng.normal(size=np.shape(x))


def campaign(rounds=5, start=4, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, size=start)
    y = measure(x, rng)
    while rounds > 0:
        mcmc = MCMC(NUTS(response), num_warmup=100, num_samples=100, progress_bar=False)
        mcmc.run(jax.random.key(rounds), jnp.asarray(x), y=jnp.asarray(y))
        samples = mcmc.get_samples()
        grid = np.linspace(-1, 1, 50)
        spread = np.std(samples["a"][:, None] + samples["b"][:, None] * grid, axis=0)
        following = grid[np.argmax(spread)]
        x, y = np.append(x, following), np.append(y, measure(following, rng))
        rounds -= 1
    return x, y


if __name__ == "__main__":
    campaign()
