"""A robust meta-analysis of twenty trials: their effects are Student's t about a mean."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(28)
error = rng.uniform(0.1, 0.5, size=20)
effect = rng.normal(0.3 + 0.3 * rng.standard_t(5, size=20), error)


def model(error, effect=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("trials", len(error)):
        theta = numpyro.sample("theta", dist.StudentT(5, mu, tau))
        numpyro.sample("effect", dist.Normal(theta, error), obs=effect)


arguments = (error,)
keywords = {"effect": effect}
SITE = "theta"
COMPARED = ("mu", "tau", "theta")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0, shape_params=["df"])})


def kappa(at):
    information = 1 / error**2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), error, effect=effect)
    mcmc.print_summary()
