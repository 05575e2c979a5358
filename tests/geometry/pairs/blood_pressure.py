"""The blood pressure of three hundred patients, taken twice."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(118)
pressure = rng.normal(125 + 8 * rng.normal(size=300), 7.0, size=(2, 300))


def model(pressure=None):
    mu = numpyro.sample("mu", dist.Normal(120, 20))
    tau = numpyro.sample("tau", dist.HalfNormal(20))
    sigma = numpyro.sample("sigma", dist.HalfNormal(20))
    with numpyro.plate("patients", 300, dim=-1):
        usual = numpyro.sample("usual", dist.Normal(mu, tau))
        with numpyro.plate("visits", 2, dim=-2):
            numpyro.sample("pressure", dist.Normal(usual, sigma), obs=pressure)


arguments = ()
keywords = {"pressure": pressure}
SITE = "usual"
COMPARED = ("mu", "tau", "sigma", "usual")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.full(300, 2 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), pressure=pressure)
    mcmc.print_summary()
