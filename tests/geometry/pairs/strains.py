"""Three traits of twenty strains of yeast, six cultures each, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(213)
strain = np.repeat(np.arange(20), 6)
correlation = np.array([[1, 0.6, -0.3], [0.6, 1, 0.1], [-0.3, 0.1, 1]])
truth = rng.multivariate_normal([2.0, 0.0, -1.0], correlation, size=20)
traits = rng.normal(truth[strain], 0.4)


def model(strain, traits=None):
    loc = numpyro.sample("loc", dist.Normal(0, 5).expand([3]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(2).expand([3]).to_event(1))
    chol = numpyro.sample("chol", dist.LKJCholesky(3, 1.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    scale_tril = tau[:, None] * chol
    with numpyro.plate("strains", 20):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([3]).to_event(1))
        mean = numpyro.deterministic("mean", loc + z @ scale_tril.T)
    with numpyro.plate("cultures", len(strain)):
        numpyro.sample("traits", dist.Normal(mean[strain], sigma).to_event(1), obs=traits)


def centred(strain, traits=None):
    loc = numpyro.sample("loc", dist.Normal(0, 5).expand([3]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(2).expand([3]).to_event(1))
    chol = numpyro.sample("chol", dist.LKJCholesky(3, 1.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    scale_tril = tau[:, None] * chol
    with numpyro.plate("strains", 20):
        mean = numpyro.sample("mean", dist.MultivariateNormal(loc, scale_tril=scale_tril))
    with numpyro.plate("cultures", len(strain)):
        numpyro.sample("traits", dist.Normal(mean[strain], sigma).to_event(1), obs=traits)


arguments = (strain,)
keywords = {"traits": traits}
SITE = "mean"
COMPARED = ("loc", "tau", "chol", "sigma", "mean")
decentred = model


def kappa(at):
    # Of each direction alone: the correlation is left out.
    information = np.full((20, 3), 6 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), strain, traits=traits)
    mcmc.print_summary()
