"""Times over a hundred metres of 45 sprinters, three to twenty races each, with the wind."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(805)
sprinter = np.repeat(np.arange(45), rng.integers(3, 21, size=45))
wind = rng.normal(0.3, 1.0, size=len(sprinter))  # m / s, from behind
usual = rng.normal(10.45, 0.18, size=45)
seconds = usual[sprinter] - 0.05 * wind + 0.07 * rng.standard_t(4, size=len(sprinter))


@handlers.reparam(config={"ability": LocScaleReparam(centered=0)})
def model(sprinter, wind, seconds=None):
    mu = numpyro.sample("mu", dist.Normal(10.5, 0.5))
    by_wind = numpyro.sample("by_wind", dist.Normal(0, 0.1))
    tau = numpyro.sample("tau", dist.Exponential(5))
    sigma = numpyro.sample("sigma", dist.Exponential(5))
    with numpyro.plate("sprinters", 45):
        ability = numpyro.sample("ability", dist.Normal(mu, tau))
    with numpyro.plate("races", len(sprinter)):
        mean = ability[sprinter] + by_wind * wind
        numpyro.sample("seconds", dist.StudentT(4, mean, sigma), obs=seconds)


arguments = (sprinter, wind)
keywords = {"seconds": seconds}
SITE = "ability"
COMPARED = ("mu", "by_wind", "tau", "sigma", "ability")
centred = model.fn
decentred = model


def kappa(at):
    # An observation of a Student's t with df tells (df + 1) / (df + 3) / sigma^2.
    information = np.bincount(sprinter) * 5 / 7 / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), sprinter, wind, seconds=seconds)
    mcmc.print_summary()
