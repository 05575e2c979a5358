"""How many of a hundred to nine hundred people asked have voted, in fifty towns of six regions."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam
from scipy.special import expit

rng = np.random.default_rng(811)
region = rng.integers(0, 6, size=50)
asked = rng.integers(100, 901, size=50)
truth = (0.5 + 0.3 * rng.normal(size=6))[region] + 0.25 * rng.normal(size=50)
voted = rng.binomial(asked, expit(truth))


def model(region, asked, voted=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    sd_region = numpyro.sample("sd_region", dist.HalfNormal(0.5))
    sd_town = numpyro.sample("sd_town", dist.HalfNormal(0.5))
    with numpyro.plate("regions", 6):
        usual = numpyro.sample("usual", dist.Normal(mu, sd_region))
    with numpyro.plate("towns", len(region)):
        logit = numpyro.sample("logit", dist.Normal(usual[region], sd_town))
        numpyro.sample("voted", dist.Binomial(asked, logits=logit), obs=voted)


arguments = (region, asked)
keywords = {"voted": voted}
SITE = "logit"
COMPARED = ("mu", "sd_region", "sd_town", "usual", "logit")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # Of a town, its region being known.
    share = expit(at["logit"])
    information = asked * share * (1 - share)
    return information / (information + 1 / at["sd_town"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), region, asked, voted=voted)
    mcmc.print_summary()
