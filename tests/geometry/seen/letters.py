"""Which of 240 donors answer each of four letters of a charity, decentred by the handler."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(518)
age = rng.normal(size=240)
handwritten = np.array([[0.0], [1.0], [0.0], [1.0]])
logit = -1.1 + 0.3 * age + 0.4 * handwritten + 0.8 * rng.normal(size=240)
answered = rng.binomial(1, 1 / (1 + np.exp(-logit)))


@handlers.reparam(config={"giving": LocScaleReparam(0)})
def model(age, handwritten, answered=None):
    alpha = numpyro.sample("alpha", dist.Normal(0, 1.5))
    by_age = numpyro.sample("by_age", dist.Normal(0, 1))
    by_hand = numpyro.sample("by_hand", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("donors", 240, dim=-1):
        giving = numpyro.sample("giving", dist.Normal(alpha + by_age * age, tau))
        with numpyro.plate("letters", 4, dim=-2):
            logits = giving + by_hand * handwritten
            numpyro.sample("answered", dist.Bernoulli(logits=logits), obs=answered)


arguments = (age, handwritten)
keywords = {"answered": answered}
SITE = "giving"
COMPARED = ("alpha", "by_age", "by_hand", "tau", "giving")
centred = model.fn
decentred = model


def kappa(at):
    share = 1 / (1 + np.exp(-at["giving"] - at["by_hand"] * handwritten))
    information = np.sum(share * (1 - share), axis=0)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), age, handwritten, answered=answered)
    mcmc.print_summary()
