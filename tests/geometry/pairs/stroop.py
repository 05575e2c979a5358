"""Colours named by thirty people, 48 times each: pace and cost of conflict, decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(318)
person = np.repeat(np.arange(30), 48)
conflict = np.tile([-0.5, 0.5], 30 * 24)
covariance = np.outer([0.15, 0.04], [0.15, 0.04]) * [[1, 0.3], [0.3, 1]]
truth = rng.multivariate_normal([6.6, 0.1], covariance, size=30)
log_time = rng.normal(truth[person, 0] + truth[person, 1] * conflict, 0.22)


def model(person, conflict, log_time=None):
    pace = numpyro.sample("pace", dist.Normal(6.5, 0.5))
    cost = numpyro.sample("cost", dist.Normal(0, 0.2))
    tau = numpyro.sample("tau", dist.HalfNormal(jnp.array([0.5, 0.2])).to_event(1))
    chol = numpyro.sample("chol", dist.LKJCholesky(2, concentration=2.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.5))
    z = numpyro.sample("z", dist.Normal(0, 1).expand([2, 30]).to_event(2))
    own = jnp.stack([pace, cost])[:, None] + jnp.diag(tau) @ chol @ z
    own = numpyro.deterministic("own", own.T)
    with numpyro.plate("answers", len(person)):
        mean = own[person, 0] + own[person, 1] * conflict
        numpyro.sample("log_time", dist.Normal(mean, sigma), obs=log_time)


def centred(person, conflict, log_time=None):
    pace = numpyro.sample("pace", dist.Normal(6.5, 0.5))
    cost = numpyro.sample("cost", dist.Normal(0, 0.2))
    tau = numpyro.sample("tau", dist.HalfNormal(jnp.array([0.5, 0.2])).to_event(1))
    chol = numpyro.sample("chol", dist.LKJCholesky(2, concentration=2.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.5))
    loc, scale_tril = jnp.stack([pace, cost]), jnp.diag(tau) @ chol
    with numpyro.plate("people", 30):
        own = numpyro.sample("own", dist.MultivariateNormal(loc, scale_tril=scale_tril))
    with numpyro.plate("answers", len(person)):
        mean = own[person, 0] + own[person, 1] * conflict
        numpyro.sample("log_time", dist.Normal(mean, sigma), obs=log_time)


arguments = (person, conflict)
keywords = {"log_time": log_time}
SITE = "own"
COMPARED = ("pace", "cost", "tau", "chol", "sigma", "own")
decentred = model


def kappa(at):
    # Of each direction alone: the correlation is left out.
    information = np.tile(np.array([48, 12]) / at["sigma"] ** 2, (30, 1))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), person, conflict, log_time=log_time)
    mcmc.print_summary()
