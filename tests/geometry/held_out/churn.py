"""Subscribers who leave in a year, of six tariffs from a mass product to a niche."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

subscribers = np.array([4210, 1380, 655, 212, 64, 23])
left = np.array([631, 174, 121, 25, 14, 3])


def model(subscribers, left=None):
    mean = numpyro.sample("mean", dist.Normal(-2, 1))
    log_spread = numpyro.sample("log_spread", dist.Normal(-1, 1))
    with numpyro.plate("tariffs", 6):
        logit = numpyro.sample("logit", dist.Normal(mean, jnp.exp(log_spread)))
        numpyro.sample("left", dist.Binomial(subscribers, logits=logit), obs=left)


arguments = (subscribers,)
keywords = {"left": left}
SITE = "logit"
COMPARED = ("mean", "log_spread", "logit")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    share = 1 / (1 + np.exp(-at["logit"]))
    information = subscribers * share * (1 - share)
    return information / (information + np.exp(-2 * at["log_spread"]))


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), subscribers, left=left)
    mcmc.print_summary()
