"""Minutes to work from 26 boroughs, two to sixty people asked in each, some far off the rest."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(401)
asked = np.clip(np.exp(rng.normal(2.3, 0.9, size=26)).astype(int), 2, 60)
borough = np.repeat(np.arange(26), asked)
by_car = rng.binomial(1, 0.4, size=len(borough))
usual = rng.normal(34, 5, size=26)
minutes = usual[borough] - 6 * by_car + 9 * rng.standard_t(4, size=len(borough))


def model(borough, by_car, n_boroughs, minutes=None):
    mu = numpyro.sample("mu", dist.Normal(30, 20))
    beta_car = numpyro.sample("beta_car", dist.Normal(0, 10))
    tau = numpyro.sample("tau", dist.HalfNormal(10))
    sigma = numpyro.sample("sigma", dist.HalfNormal(20))
    nu = numpyro.sample("nu", dist.Gamma(2, 0.1))

    with numpyro.plate("boroughs", n_boroughs):
        usual = numpyro.sample("usual", dist.Normal(mu, tau))

    with numpyro.plate("people", borough.shape[0]):
        expected = usual[borough] + beta_car * by_car
        numpyro.sample("minutes", dist.StudentT(nu, expected, sigma), obs=minutes)


arguments = (borough, by_car, 26)
keywords = {"minutes": minutes}
SITE = "usual"
COMPARED = ("mu", "beta_car", "tau", "sigma", "nu", "usual")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # What a Student's t tells of its centre.
    information = asked * (at["nu"] + 1) / (at["nu"] + 3) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), borough, by_car, 26, minutes=minutes)
    mcmc.print_summary()
