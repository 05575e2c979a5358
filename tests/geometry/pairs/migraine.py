"""Days of migraine of 48 patients, two months before a drug and four with it."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(310)
patient = np.repeat(np.arange(48), 6)
treated = np.tile([0.0, 0.0, 1.0, 1.0, 1.0, 1.0], 48)
covariance = np.outer([0.45, 0.35], [0.45, 0.35]) * [[1, -0.2], [-0.2, 1]]
truth = rng.multivariate_normal([1.9, -0.4], covariance, size=48)
days = rng.poisson(np.exp(truth[patient, 0] + truth[patient, 1] * treated))


def model(patient, treated, days=None):
    loc = numpyro.sample("loc", dist.Normal(0, 2).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(1).expand([2]).to_event(1))
    chol = numpyro.sample("chol", dist.LKJCholesky(2, 2.0))
    scale_tril = tau[:, None] * chol
    with numpyro.plate("patients", 48):
        person = numpyro.sample("person", dist.MultivariateNormal(loc, scale_tril=scale_tril))
    with numpyro.plate("months", len(patient)):
        log_rate = person[patient, 0] + person[patient, 1] * treated
        numpyro.sample("days", dist.Poisson(jnp.exp(log_rate)), obs=days)


def decentred(patient, treated, days=None):
    loc = numpyro.sample("loc", dist.Normal(0, 2).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(1).expand([2]).to_event(1))
    chol = numpyro.sample("chol", dist.LKJCholesky(2, 2.0))
    scale_tril = tau[:, None] * chol
    with numpyro.plate("patients", 48):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
        person = numpyro.deterministic("person", loc + z @ scale_tril.T)
    with numpyro.plate("months", len(patient)):
        log_rate = person[patient, 0] + person[patient, 1] * treated
        numpyro.sample("days", dist.Poisson(jnp.exp(log_rate)), obs=days)


arguments = (patient, treated)
keywords = {"days": days}
SITE = "person"
COMPARED = ("loc", "tau", "chol", "person")
centred = model


def kappa(at):
    # Of each direction alone: the correlation is left out.
    rate = np.exp(at["person"][patient, 0] + at["person"][patient, 1] * treated)
    told = [np.bincount(patient, rate), np.bincount(patient, rate * treated)]
    information = np.stack(told, axis=1)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), patient, treated, days=days)
    mcmc.print_summary()
