"""The share of lessons that pupils attend, in five terms of each of sixty schools."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import nn, random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam
from scipy.special import expit, polygamma

rng = np.random.default_rng(618)
poverty = rng.normal(size=60)
true_share = expit(2.2 - 0.25 * poverty + 0.4 * rng.normal(size=60))
attended = rng.beta(30 * true_share, 30 * (1 - true_share), size=(5, 60))


def model(poverty, attended=None):
    alpha = numpyro.sample("alpha", dist.Normal(2, 1))
    by_poverty = numpyro.sample("by_poverty", dist.Normal(0, 0.5))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    precision = numpyro.sample("precision", dist.Gamma(2, 0.05))
    with numpyro.plate("schools", 60, dim=-1):
        logit = numpyro.sample("logit", dist.Normal(alpha + by_poverty * poverty, tau))
        with numpyro.plate("terms", 5, dim=-2):
            share = nn.sigmoid(logit)
            numpyro.sample("attended", dist.BetaProportion(share, precision), obs=attended)


arguments = (poverty,)
keywords = {"attended": attended}
SITE = "logit"
COMPARED = ("alpha", "by_poverty", "tau", "precision", "logit")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    share, precision = expit(at["logit"]), at["precision"]
    trigammas = polygamma(1, precision * share) + polygamma(1, precision * (1 - share))
    information = 5 * trigammas * (precision * share * (1 - share)) ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), poverty, attended=attended)
    mcmc.print_summary()
