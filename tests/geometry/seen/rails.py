"""How long a wave travels in each of six railway rails, three times each, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

# Nanoseconds above 36 100 (Devore, 2000).
travel = np.array(
    [[55, 53, 54], [26, 37, 32], [78, 91, 85], [92, 100, 96], [49, 51, 50], [80, 85, 83]],
    dtype=np.float32,
)


def model(travel):
    mu = numpyro.sample("mu", dist.Normal(60.0, 50.0))
    tau = numpyro.sample("tau", dist.HalfNormal(50.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(20.0))
    z = numpyro.sample("z", dist.Normal(0, 1).expand([6]).to_event(1))
    rail = numpyro.deterministic("rail", mu + tau * z)
    numpyro.sample("travel", dist.Normal(rail[:, None], sigma).to_event(2), obs=travel)


def centred(travel):
    mu = numpyro.sample("mu", dist.Normal(60.0, 50.0))
    tau = numpyro.sample("tau", dist.HalfNormal(50.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(20.0))
    rail = numpyro.sample("rail", dist.Normal(mu, tau).expand([6]).to_event(1))
    numpyro.sample("travel", dist.Normal(rail[:, None], sigma).to_event(2), obs=travel)


arguments = (travel,)
keywords = {}
SITE = "rail"
COMPARED = ("mu", "tau", "sigma", "rail")
decentred = model


def kappa(at):
    information = np.full(6, 3 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), travel)
    mcmc.print_summary()
