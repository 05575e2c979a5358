"""Speed of homing pigeons, in metres a minute, of thirty lofts; some birds lose their way."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4115)
birds = rng.integers(3, 13, size=30)
loft = np.repeat(np.arange(30), birds)
speed = rng.normal(1150, 45, size=30)[loft] + 90 * rng.standard_t(3, size=len(loft))


def centred(loft, speed=None):
    mean = numpyro.sample("mean", dist.Normal(1000, 300))
    tau = numpyro.sample("tau", dist.HalfNormal(100))
    sigma = numpyro.sample("sigma", dist.HalfNormal(200))
    nu = numpyro.sample("nu", dist.Gamma(2, 0.1))
    with numpyro.plate("lofts", 30):
        training = numpyro.sample("training", dist.Normal(mean, tau))
    with numpyro.plate("birds", len(loft)):
        numpyro.sample("speed", dist.StudentT(nu, training[loft], sigma), obs=speed)


model = handlers.reparam(centred, config={"training": LocScaleReparam(0)})
arguments = (loft,)
keywords = {"speed": speed}
SITE = "training"
COMPARED = ("mean", "tau", "sigma", "nu", "training")
decentred = model


def kappa(at):
    information = birds * (at["nu"] + 1) / (at["nu"] + 3) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), loft, speed=speed)
    mcmc.print_summary()
