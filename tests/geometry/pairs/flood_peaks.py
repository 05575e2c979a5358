"""The highest of many years' floods at forty gauges: Gumbel, and measured well."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(27)
gauge = np.repeat(np.arange(40), 8)
peak = rng.normal(rng.gumbel(5, 1.0, size=40)[gauge], 0.3)


def model(gauge, peak=None):
    mu = numpyro.sample("mu", dist.Normal(0, 10))
    tau = numpyro.sample("tau", dist.HalfNormal(3))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    with numpyro.plate("gauges", 40):
        height = numpyro.sample("height", dist.Gumbel(mu, tau))
    with numpyro.plate("surveys", len(gauge)):
        numpyro.sample("peak", dist.Normal(height[gauge], sigma), obs=peak)


arguments = (gauge,)
keywords = {"peak": peak}
SITE = "height"
COMPARED = ("mu", "tau", "sigma", "height")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(gauge) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), gauge, peak=peak)
    mcmc.print_summary()
