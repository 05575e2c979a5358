"""Minutes that trains are late on 28 routes, of which eleven are planned and have no train yet."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(1309)
run = np.append(rng.integers(10, 40, size=17), np.zeros(11, int))
route = np.repeat(np.arange(28), run)
minutes = rng.normal(rng.normal(4, 2.5, size=28)[route], 6)


def model(route, minutes=None):
    mu = numpyro.sample("mu", dist.Normal(0, 10))
    tau = numpyro.sample("tau", dist.HalfNormal(5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(10))
    with numpyro.plate("routes", 28):
        late = numpyro.sample("late", dist.Normal(mu, tau))
    with numpyro.plate("trains", len(route)):
        numpyro.sample("minutes", dist.Normal(late[route], sigma), obs=minutes)


arguments = (route,)
keywords = {"minutes": minutes}
SITE = "late"
COMPARED = ("mu", "tau", "sigma", "late")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = run / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), route, minutes=minutes)
    mcmc.print_summary()
