"""Folds in a loop."""

import jax
import jax.numpy as jnp
import numpy as np
from tqdm import tqdm

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, log_likelihood


def ordered(x, n_levels, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    cutpoints = numpyro.sample(
        "cutpoints",
        dist.TransformedDistribution(
            dist.Normal(0.0, 1.0).expand([n_levels - 1]).to_event(1),
            dist.transforms.OrderedTransform(),
        ),
    )
    with numpyro.plate("data", x.shape[0]):
        numpyro.sample("y", dist.OrderedLogistic(slope * x, cutpoints), obs=y)


def folds(n, k, rng):
    order = rng.permutation(n)
    for held_out in np.array_split(order, k):
        yield np.setdiff1d(order, held_out), held_out


rng = np.random.default_rng(0)
x = rng.normal(size=40)
y = np.digitize(x + 0.5 * rng.normal(size=40), [-1.0, 0.0, 1.0])
key = jax.random.PRNGKey(0)

elpd = []
for i, (train, test) in enumerate(tqdm(list(folds(len(x), 5, rng)))):
    key, subkey = jax.random.split(key)
    mcmc = MCMC(NUTS(ordered), num_warmup=200, num_samples=200, progress_bar=False)
    mcmc.run(subkey, x[train], 4, y=y[train])
    held = log_likelihood(ordered, mcmc.get_samples(), x[test], 4, y=y[test])["y"]
    elpd.append(jax.scipy.special.logsumexp(held, axis=0).sum())
print(jnp.asarray(elpd).sum())
