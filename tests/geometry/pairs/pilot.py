"""Classes in schools as the prior of a planned study has them, before anyone is tested."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

school = np.repeat(np.arange(4), 5)


@handlers.reparam(config={"class_mean": LocScaleReparam(0)})
def model(school):
    mean = numpyro.sample("mean", dist.Normal(500, 50))
    spread = numpyro.sample("spread", dist.LogNormal(3, 0.3))
    tau = numpyro.sample("tau", dist.LogNormal(2.5, 0.7))
    with numpyro.plate("schools", 4):
        school_mean = numpyro.sample("school_mean", dist.Normal(mean, spread))
    with numpyro.plate("classes", len(school)):
        numpyro.sample("class_mean", dist.Normal(school_mean[school], tau))


arguments = (school,)
keywords = {}
SITE = "class_mean"
COMPARED = ("mean", "spread", "tau", "school_mean", "class_mean")
centred = model.fn
decentred = model


def kappa(at):
    return np.zeros(len(school))


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), school)
    mcmc.print_summary()
