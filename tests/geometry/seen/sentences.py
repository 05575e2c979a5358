"""Months that 45 judges give for burglary, two to fifteen sentences each."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(609)
cases = rng.integers(2, 16, size=45)
judge = np.repeat(np.arange(45), cases)
convictions = np.minimum(rng.poisson(1.5, size=len(judge)), 6)
severity = 0.15 * rng.normal(size=45)
mean = np.exp(2.5 + severity[judge] + 0.15 * convictions)
months = rng.gamma(2.2, mean / 2.2)


@handlers.reparam(config={"severity": LocScaleReparam(0)})
def model(judge, convictions, months=None):
    alpha = numpyro.sample("alpha", dist.Normal(2, 1))
    beta = numpyro.sample("beta", dist.Normal(0, 0.5))
    tau = numpyro.sample("tau", dist.Exponential(2))
    shape = numpyro.sample("shape", dist.Gamma(2, 0.5))
    with numpyro.plate("judges", 45):
        severity = numpyro.sample("severity", dist.Normal(0, tau))
    with numpyro.plate("sentences", len(judge)):
        mean = jnp.exp(alpha + severity[judge] + beta * convictions)
        numpyro.sample("months", dist.Gamma(shape, shape / mean), obs=months)


arguments = (judge, convictions)
keywords = {"months": months}
SITE = "severity"
COMPARED = ("alpha", "beta", "tau", "shape", "severity")
centred = model.fn
decentred = model


def kappa(at):
    information = cases * at["shape"]
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), judge, convictions, months=months)
    mcmc.print_summary()
