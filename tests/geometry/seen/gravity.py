"""Fourteen measurements of the constant of gravitation, which disagree by more than they allow."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

# 1000 (G - 6.67), of G in 1e-11 m^3 / kg / s^2, and the standard errors: CODATA's list of 2014.
measured = np.array(
    [2.48, 2.90, 3.98, 4.255, 5.59, 4.22, 3.87, 2.22, 4.25, 3.49, 2.34, 5.54, 1.91, 4.35]
)
error = np.array(
    [0.43, 0.50, 0.70, 0.092, 0.27, 0.98, 0.27, 0.87, 0.12, 0.18, 0.14, 0.16, 0.99, 0.13]
)


@handlers.reparam(config={"theta": LocScaleReparam(0, shape_params=["df"])})
def model(error, measured=None):
    constant = numpyro.sample("constant", dist.Normal(4, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(2))
    with numpyro.plate("experiments", len(error)):
        theta = numpyro.sample("theta", dist.StudentT(4, constant, tau))
        numpyro.sample("measured", dist.Normal(theta, error), obs=measured)


arguments = (error,)
keywords = {"measured": measured}
SITE = "theta"
COMPARED = ("constant", "tau", "theta")
centred = model.fn
decentred = model


def kappa(at):
    information = 1 / error**2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), error, measured=measured)
    mcmc.print_summary()
