"""The share of fat in three cheeses of each of thirty dairies: Beta, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import nn, random
from numpyro.infer import MCMC, NUTS
from scipy.special import polygamma

rng = np.random.default_rng(215)
dairy = np.repeat(np.arange(30), 3)
usual = 1 / (1 + np.exp(0.6 - 0.3 * rng.normal(size=30)))[dairy]
fat = rng.beta(usual * 15, (1 - usual) * 15)


def model(dairy, fat=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    precision = numpyro.sample("precision", dist.Gamma(2, 0.1))
    with numpyro.plate("dairies", 30):
        z = numpyro.sample("z", dist.Normal(0, 1))
        style = numpyro.deterministic("style", mu + tau * z)
    with numpyro.plate("cheeses", len(dairy)):
        mean = nn.sigmoid(style[dairy])
        numpyro.sample("fat", dist.BetaProportion(mean, precision), obs=fat)


def centred(dairy, fat=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    precision = numpyro.sample("precision", dist.Gamma(2, 0.1))
    with numpyro.plate("dairies", 30):
        style = numpyro.sample("style", dist.Normal(mu, tau))
    with numpyro.plate("cheeses", len(dairy)):
        mean = nn.sigmoid(style[dairy])
        numpyro.sample("fat", dist.BetaProportion(mean, precision), obs=fat)


arguments = (dairy,)
keywords = {"fat": fat}
SITE = "style"
COMPARED = ("mu", "tau", "precision", "style")
decentred = model


def kappa(at):
    mean = 1 / (1 + np.exp(-at["style"]))
    curving = polygamma(1, mean * at["precision"]) + polygamma(1, (1 - mean) * at["precision"])
    information = 3 * (at["precision"] * mean * (1 - mean)) ** 2 * curving
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), dairy, fat=fat)
    mcmc.print_summary()
