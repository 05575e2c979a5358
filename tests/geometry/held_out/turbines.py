"""Monthly output, as a share of the most, of six wind turbines on each of four farms."""

import jax
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4118)
farm = np.repeat(np.arange(4), 6)
turbine = np.repeat(np.arange(24), 12)
logit = rng.normal(rng.normal(-0.8, 0.3, size=4)[farm], 0.12)
share = 1 / (1 + np.exp(-logit))
output = rng.beta(25 * share[turbine], 25 * (1 - share[turbine]))


def model(farm, turbine, output=None):
    overall = numpyro.sample("overall", dist.Normal(-1, 1))
    sd_farm = numpyro.sample("sd_farm", dist.HalfNormal(0.5))
    sd_turbine = numpyro.sample("sd_turbine", dist.HalfNormal(0.5))
    precision = numpyro.sample("precision", dist.Gamma(2, 0.1))
    with numpyro.plate("farms", 4):
        z_farm = numpyro.sample("z_farm", dist.Normal(0, 1))
    wind = overall + sd_farm * z_farm
    with numpyro.plate("turbines", 24):
        z_turbine = numpyro.sample("z_turbine", dist.Normal(0, 1))
    yields = numpyro.deterministic("yields", wind[farm] + sd_turbine * z_turbine)
    share = jax.nn.sigmoid(yields)[turbine]
    with numpyro.plate("months", len(turbine)):
        shares = dist.Beta(precision * share, precision * (1 - share))
        numpyro.sample("output", shares, obs=output)


def centred(farm, turbine, output=None):
    overall = numpyro.sample("overall", dist.Normal(-1, 1))
    sd_farm = numpyro.sample("sd_farm", dist.HalfNormal(0.5))
    sd_turbine = numpyro.sample("sd_turbine", dist.HalfNormal(0.5))
    precision = numpyro.sample("precision", dist.Gamma(2, 0.1))
    with numpyro.plate("farms", 4):
        z_farm = numpyro.sample("z_farm", dist.Normal(0, 1))
    wind = overall + sd_farm * z_farm
    with numpyro.plate("turbines", 24):
        yields = numpyro.sample("yields", dist.Normal(wind[farm], sd_turbine))
    share = jax.nn.sigmoid(yields)[turbine]
    with numpyro.plate("months", len(turbine)):
        shares = dist.Beta(precision * share, precision * (1 - share))
        numpyro.sample("output", shares, obs=output)


arguments = (farm, turbine)
keywords = {"output": output}
SITE = "yields"
COMPARED = ("overall", "sd_farm", "sd_turbine", "precision", "yields")
decentred = model


def kappa(at):
    share = 1 / (1 + np.exp(-at["yields"]))
    information = 12 * share * (1 - share) * (1 + at["precision"])
    return information / (information + 1 / at["sd_turbine"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), farm, turbine, output=output)
    mcmc.print_summary()
