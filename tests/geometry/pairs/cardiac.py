"""Deaths after heart surgery of infants in twelve hospitals (Spiegelhalter et al., 1996)."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

died = np.array([0, 18, 8, 46, 8, 13, 9, 31, 14, 8, 29, 24])
operated = np.array([47, 148, 119, 810, 211, 196, 148, 215, 207, 97, 256, 360])


def model(operated, died=None):
    mu = numpyro.sample("mu", dist.Normal(-2, 2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    with numpyro.plate("hospitals", len(operated)):
        logit = numpyro.sample("logit", dist.Normal(mu, sigma))
        numpyro.sample("died", dist.Binomial(operated, logits=logit), obs=died)


arguments = (operated,)
keywords = {"died": died}
SITE = "logit"
COMPARED = ("mu", "sigma", "logit")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    share = 1 / (1 + np.exp(-at["logit"]))
    information = operated * share * (1 - share)
    return information / (information + 1 / at["sigma"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), operated, died=died)
    mcmc.print_summary()
