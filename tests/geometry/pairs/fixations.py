"""How long 24 readers look at words: three correlated effects each, decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(114)
reader = np.repeat(np.arange(24), 30)
design = np.column_stack([np.ones(720), rng.normal(size=(720, 2))])
spread = np.array([0.5, 0.3, 0.2])
correlation = np.array([[1, 0.5, 0.2], [0.5, 1, 0.3], [0.2, 0.3, 1]])
truth = rng.multivariate_normal([2.5, 0.3, -0.2], np.outer(spread, spread) * correlation, size=24)
duration = rng.normal(np.sum(truth[reader] * design, axis=1), 1.0)


def model(reader, design, duration=None):
    loc = numpyro.sample("loc", dist.Normal(0, 2).expand([3]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(1).expand([3]).to_event(1))
    chol = numpyro.sample("chol", dist.LKJCholesky(3, 2.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    scale_tril = tau[:, None] * chol
    with numpyro.plate("readers", 24):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([3]).to_event(1))
        effect = numpyro.deterministic("effect", loc + z @ scale_tril.T)
    with numpyro.plate("fixations", len(reader)):
        mean = jnp.sum(effect[reader] * design, axis=-1)
        numpyro.sample("duration", dist.Normal(mean, sigma), obs=duration)


def centred(reader, design, duration=None):
    loc = numpyro.sample("loc", dist.Normal(0, 2).expand([3]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(1).expand([3]).to_event(1))
    chol = numpyro.sample("chol", dist.LKJCholesky(3, 2.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    scale_tril = tau[:, None] * chol
    with numpyro.plate("readers", 24):
        effect = numpyro.sample("effect", dist.MultivariateNormal(loc, scale_tril=scale_tril))
    with numpyro.plate("fixations", len(reader)):
        mean = jnp.sum(effect[reader] * design, axis=-1)
        numpyro.sample("duration", dist.Normal(mean, sigma), obs=duration)


arguments = (reader, design)
keywords = {"duration": duration}
SITE = "effect"
COMPARED = ("loc", "tau", "chol", "sigma", "effect")
decentred = model


def kappa(at):
    # Of each direction alone: the correlation is left out.
    squares = [np.bincount(reader, design[:, each] ** 2) for each in range(3)]
    information = np.stack(squares, axis=1) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), reader, design, duration=duration)
    mcmc.print_summary()
