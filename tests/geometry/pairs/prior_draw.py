"""What a hierarchical prior says before there are any data, drawn by NUTS."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

groups = np.arange(10)


def model(groups):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("groups", len(groups)):
        numpyro.sample("theta", dist.Normal(mu, tau))


arguments = (groups,)
keywords = {}
SITE = "theta"
COMPARED = ("mu", "tau", "theta")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    return np.zeros(len(groups))


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), groups)
    mcmc.print_summary()
