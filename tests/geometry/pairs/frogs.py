"""Frogs heard at forty ponds on five nights: Student's t effects, decentred by the handler."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(214)
pond = np.repeat(np.arange(40), 5)
usual = np.exp(0.7 + 0.4 * rng.standard_t(4, size=40))[pond]
frogs = rng.poisson(rng.gamma(2, usual / 2))


@handlers.reparam(config={"chorus": LocScaleReparam(0, shape_params=["df"])})
def model(pond, frogs=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    concentration = numpyro.sample("concentration", dist.Exponential(0.3))
    with numpyro.plate("ponds", 40):
        chorus = numpyro.sample("chorus", dist.StudentT(4, mu, tau))
    with numpyro.plate("nights", len(pond)):
        counts = dist.NegativeBinomial2(jnp.exp(chorus[pond]), concentration)
        numpyro.sample("frogs", counts, obs=frogs)


arguments = (pond,)
keywords = {"frogs": frogs}
SITE = "chorus"
COMPARED = ("mu", "tau", "concentration", "chorus")
centred = model.fn
decentred = model


def kappa(at):
    mean = np.exp(at["chorus"])
    information = np.bincount(pond) * mean / (1 + mean / at["concentration"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), pond, frogs=frogs)
    mcmc.print_summary()
