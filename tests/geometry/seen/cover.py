"""The share of ground that clover covers in ten squares of each of 22 meadows, half grazed."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import nn, random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam
from scipy.special import expit, polygamma

rng = np.random.default_rng(514)
meadow = np.repeat(np.arange(22), 10)
grazed = rng.permutation(np.repeat([0.0, 1.0], 11))
share = expit(-1.2 + 0.5 * grazed + 0.6 * rng.normal(size=22))[meadow]
cover = np.clip(rng.beta(14 * share, 14 * (1 - share)), 0.005, 0.995)


def model(meadow, grazed, cover=None):
    alpha = numpyro.sample("alpha", dist.Normal(-1, 1.5))
    beta = numpyro.sample("beta", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfCauchy(1))
    precision = numpyro.sample("precision", dist.Gamma(2, 0.1))
    with numpyro.plate("meadows", 22):
        logit = numpyro.sample("logit", dist.Normal(alpha + beta * grazed, tau))
    with numpyro.plate("squares", len(meadow)):
        share = nn.sigmoid(logit)[meadow]
        numpyro.sample("cover", dist.BetaProportion(share, precision), obs=cover)


arguments = (meadow, grazed)
keywords = {"cover": cover}
SITE = "logit"
COMPARED = ("alpha", "beta", "tau", "precision", "logit")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    share = expit(at["logit"])
    one, other = at["precision"] * share, at["precision"] * (1 - share)
    per_share = at["precision"] ** 2 * (polygamma(1, one) + polygamma(1, other))
    information = 10 * per_share * (share * (1 - share)) ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), meadow, grazed, cover=cover)
    mcmc.print_summary()
