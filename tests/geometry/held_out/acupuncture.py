"""Nine trials of needles against pain, on a scale of a hundred millimetres (made-up figures)."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

difference = np.array([-12.1, -4.5, -8.3, 1.7, -15.6, -6.0, -9.4, -2.2, -21.0])
error = np.array([3.1, 2.4, 5.6, 4.2, 7.0, 1.6, 3.8, 2.9, 9.5])


def centred(error, difference=None):
    mu = numpyro.sample("mu", dist.Normal(0, 20))
    tau = numpyro.sample("tau", dist.HalfNormal(10))
    with numpyro.plate("trials", len(error)):
        effect = numpyro.sample("effect", dist.Normal(mu, tau))
        numpyro.sample("difference", dist.Normal(effect, error), obs=difference)


model = handlers.reparam(centred, config={"effect": LocScaleReparam(0)})
arguments = (error,)
keywords = {"difference": difference}
SITE = "effect"
COMPARED = ("mu", "tau", "effect")
decentred = model


def kappa(at):
    information = 1 / error**2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), error, difference=difference)
    mcmc.print_summary()
