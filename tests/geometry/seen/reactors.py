"""Conversion in five reactors, six runs each at other temperatures, in per cent."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(710)
temperature = np.linspace(-1.0, 1.0, 6)
conversion = rng.normal(71 + 2.0 * rng.normal(size=(5, 1)) + 3.0 * temperature, 1.8, size=(5, 6))


def priors():
    mu = numpyro.sample("mu", dist.Normal(70, 10))
    slope = numpyro.sample("slope", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(3))
    sigma = numpyro.sample("sigma", dist.HalfCauchy(3))
    return mu, slope, tau, sigma


def runs(reactor, slope, temperature, sigma, conversion):
    mean = reactor[:, None] + slope * temperature
    numpyro.sample("conversion", dist.Normal(mean, sigma).to_event(2), obs=conversion)


def model(temperature, conversion=None):
    mu, slope, tau, sigma = priors()
    reactor = numpyro.sample("reactor", dist.Normal(mu, tau).expand([5]).to_event(1))
    runs(reactor, slope, temperature, sigma, conversion)


def decentred(temperature, conversion=None):
    mu, slope, tau, sigma = priors()
    z = numpyro.sample("z", dist.Normal(0, 1).expand([5]).to_event(1))
    reactor = numpyro.deterministic("reactor", mu + tau * z)
    runs(reactor, slope, temperature, sigma, conversion)


arguments = (temperature,)
keywords = {"conversion": conversion}
SITE = "reactor"
COMPARED = ("mu", "slope", "tau", "sigma", "reactor")
centred = model


def kappa(at):
    information = np.full(5, 6 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), temperature, conversion=conversion)
    mcmc.print_summary()
