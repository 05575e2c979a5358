"""Days of diarrhoea saved by a probiotic, in seven trials with known standard errors."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4102)
error = np.array([0.21, 0.38, 0.45, 0.29, 0.62, 0.17, 0.5])
saved = rng.normal(rng.normal(0.7, 0.35, size=7), error)


def model(error, saved=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.5))
    with numpyro.plate("trials", 7):
        effect = numpyro.sample("effect", dist.Normal(mu, tau))
        numpyro.sample("saved", dist.Normal(effect, error), obs=saved)


arguments = (error,)
keywords = {"saved": saved}
SITE = "effect"
COMPARED = ("mu", "tau", "effect")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = 1 / error**2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), error, saved=saved)
    mcmc.print_summary()
