"""Six trials of one drug: standardised differences and their standard errors."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

difference = np.array([-0.31, -0.12, -0.44, 0.02, -0.27, -0.18])
error = np.array([0.14, 0.11, 0.22, 0.16, 0.09, 0.19])


def model(error, difference=None):
    overall = numpyro.sample("overall", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    with numpyro.plate("trials", len(error)):
        delta = numpyro.sample("delta", dist.Normal(overall, tau))
        numpyro.sample("difference", dist.Normal(delta, error), obs=difference)


arguments = (error,)
keywords = {"difference": difference}
SITE = "delta"
COMPARED = ("overall", "tau", "delta")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = 1 / error**2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), error, difference=difference)
    mcmc.print_summary()
