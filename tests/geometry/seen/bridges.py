"""The strength of concrete cores from eighteen bridges, three to thirty each, and their ages."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(501)
cores = rng.integers(3, 31, size=18)
bridge = np.repeat(np.arange(18), cores)
decades = rng.uniform(1, 8, size=18)
truth = rng.normal(48 - 1.5 * decades, 5.0)
strength = rng.normal(truth[bridge], 5.5)  # MPa


def model(bridge, decades, strength=None):
    new = numpyro.sample("new", dist.Normal(40, 15))
    decay = numpyro.sample("decay", dist.Normal(0, 3))
    tau = numpyro.sample("tau", dist.HalfNormal(10))
    sigma = numpyro.sample("sigma", dist.HalfNormal(10))
    with numpyro.plate("bridges", len(decades)):
        mean = numpyro.sample("mean", dist.Normal(new + decay * decades, tau))
    with numpyro.plate("cores", len(bridge)):
        numpyro.sample("strength", dist.Normal(mean[bridge], sigma), obs=strength)


arguments = (bridge, decades)
keywords = {"strength": strength}
SITE = "mean"
COMPARED = ("new", "decay", "tau", "sigma", "mean")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = cores / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), bridge, decades, strength=strength)
    mcmc.print_summary()
