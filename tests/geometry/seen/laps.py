"""How evenly eighteen drivers drive: the log of the spread of each one's lap times, in seconds."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(1307)
driven = rng.integers(9, 31, size=18)
driver = np.repeat(np.arange(18), driven)
spread = np.exp(rng.normal(-0.7, 0.35, size=18))
seconds = rng.normal(rng.normal(92, 0.8, size=18)[driver], spread[driver])


def model(driver, seconds=None):
    mu = numpyro.sample("mu", dist.Normal(-1, 1))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.5))
    with numpyro.plate("drivers", 18):
        pace = numpyro.sample("pace", dist.Normal(90, 10))
        log_spread = numpyro.sample("log_spread", dist.Normal(mu, tau))
    with numpyro.plate("laps", len(driver)):
        scale = jnp.exp(log_spread[driver])
        numpyro.sample("seconds", dist.Normal(pace[driver], scale), obs=seconds)


arguments = (driver,)
keywords = {"seconds": seconds}
SITE = "log_spread"
COMPARED = ("mu", "tau", "pace", "log_spread")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # Of the log of a Normal's scale an observation tells two.
    information = 2 * driven
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), driver, seconds=seconds)
    mcmc.print_summary()
