"""Who falls in thirty wards, eight patients each: yes or no, and wards hardly differ."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(207)
ward = np.repeat(np.arange(30), 8)
frail = rng.normal(size=240)
logit = -0.8 + 0.6 * frail + 0.3 * rng.normal(size=30)[ward]
fell = rng.binomial(1, 1 / (1 + np.exp(-logit)))


def model(ward, frail, fell=None):
    mean = numpyro.sample("mean", dist.Normal(0, 1.5))
    frailty = numpyro.sample("frailty", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfCauchy(1))
    with numpyro.plate("wards", 30):
        risk = numpyro.sample("risk", dist.Normal(mean, tau))
    with numpyro.plate("patients", len(ward)):
        logits = risk[ward] + frailty * frail
        numpyro.sample("fell", dist.Bernoulli(logits=logits), obs=fell)


arguments = (ward, frail)
keywords = {"fell": fell}
SITE = "risk"
COMPARED = ("mean", "frailty", "tau", "risk")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    share = 1 / (1 + np.exp(-(at["risk"][ward] + at["frailty"] * frail)))
    information = np.bincount(ward, share * (1 - share))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), ward, frail, fell=fell)
    mcmc.print_summary()
