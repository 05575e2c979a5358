"""Masses of 26 neutron stars in double systems, most known less well than they differ."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(1302)
error = rng.uniform(0.1, 0.45, size=26)
measured = rng.normal(rng.normal(1.35, 0.1, size=26), error)


@handlers.reparam(config={"mass": LocScaleReparam(0)})
def model(error, measured=None):
    mu = numpyro.sample("mu", dist.Normal(1.4, 0.5))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.2))
    with numpyro.plate("pulsars", len(error)):
        mass = numpyro.sample("mass", dist.Normal(mu, tau))
        numpyro.sample("measured", dist.Normal(mass, error), obs=measured)


arguments = (error,)
keywords = {"measured": measured}
SITE = "mass"
COMPARED = ("mu", "tau", "mass")
centred = model.fn
decentred = model


def kappa(at):
    information = 1 / error**2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), error, measured=measured)
    mcmc.print_summary()
