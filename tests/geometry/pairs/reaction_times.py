"""Log reaction times of thirty subjects to twenty items: the subjects differ clearly."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(15)
subject, item = (each.ravel() for each in np.indices((30, 20)))
mean = 6 + 0.3 * rng.normal(size=30)[subject] + 0.1 * rng.normal(size=20)[item]
log_time = rng.normal(mean, 0.2)


def model(subject, item, log_time=None):
    mu = numpyro.sample("mu", dist.Normal(6, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    spread = numpyro.sample("spread", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    with numpyro.plate("subjects", 30):
        speed = numpyro.sample("speed", dist.Normal(mu, tau))
    with numpyro.plate("items", 20):
        effect = numpyro.sample("effect", dist.Normal(0, spread))
    with numpyro.plate("trials", len(subject)):
        mean = speed[subject] + effect[item]
        numpyro.sample("log_time", dist.Normal(mean, sigma), obs=log_time)


arguments = (subject, item)
keywords = {"log_time": log_time}
SITE = "speed"
COMPARED = ("mu", "tau", "spread", "sigma", "speed")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(subject) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), subject, item, log_time=log_time)
    mcmc.print_summary()
