"""Assays on 24 plates, six wells each, with outliers among the wells."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import nn, random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(16)
plate = np.repeat(np.arange(24), 6)
signal = 2 + 0.6 * rng.normal(size=24)[plate] + 0.8 * rng.standard_t(4, size=144)


def model(plate, signal=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    raw = numpyro.sample("raw", dist.Normal(0, 1.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("plates", 24):
        level = numpyro.sample("level", dist.Normal(mu, nn.softplus(raw)))
    with numpyro.plate("wells", len(plate)):
        numpyro.sample("signal", dist.StudentT(4, level[plate], sigma), obs=signal)


arguments = (plate,)
keywords = {"signal": signal}
SITE = "level"
COMPARED = ("mu", "raw", "sigma", "level")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # An observation of a Student's t with df tells (df + 1) / (df + 3) / sigma^2.
    information = 6 * 5 / 7 / at["sigma"] ** 2 * np.ones(24)
    return information / (information + 1 / np.log1p(np.exp(at["raw"])) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), plate, signal=signal)
    mcmc.print_summary()
