"""Twenty-five readers judge four images each: half of what differs is noise."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(41)
reader = np.repeat(np.arange(25), 4)
verdict = rng.normal(0.5 + 0.5 * rng.normal(size=25)[reader], 1.0)


def model(reader, verdict=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("readers", 25):
        leniency = numpyro.sample("leniency", dist.Normal(mu, tau))
    with numpyro.plate("images", len(reader)):
        numpyro.sample("verdict", dist.Normal(leniency[reader], sigma), obs=verdict)


arguments = (reader,)
keywords = {"verdict": verdict}
SITE = "leniency"
COMPARED = ("mu", "tau", "sigma", "leniency")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(reader) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), reader, verdict=verdict)
    mcmc.print_summary()
