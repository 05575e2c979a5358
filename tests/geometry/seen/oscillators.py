"""How far ninety quartz oscillators are off, in millionths, each counted three times."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(1303)
oscillator = np.repeat(np.arange(90), 3)
counted = rng.normal(rng.normal(2.0, 1.4, size=90)[oscillator], 0.05)


def model(oscillator, counted=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.LogNormal(0, 1))
    sigma = numpyro.sample("sigma", dist.LogNormal(-3, 1))
    with numpyro.plate("oscillators", 90):
        offset = numpyro.sample("offset", dist.Normal(mu, tau))
    with numpyro.plate("counts", len(oscillator)):
        numpyro.sample("counted", dist.Normal(offset[oscillator], sigma), obs=counted)


arguments = (oscillator,)
keywords = {"counted": counted}
SITE = "offset"
COMPARED = ("mu", "tau", "sigma", "offset")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.full(90, 3 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), oscillator, counted=counted)
    mcmc.print_summary()
