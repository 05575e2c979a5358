"""Turnout in thirty precincts, in some of which two voters were asked and in others 500."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(13)
asked = np.tile([2, 20, 500], 10)
turned_out = rng.binomial(asked, 1 / (1 + np.exp(-0.3 - 0.6 * rng.normal(size=30))))


def model(asked, turned_out=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1.5))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("precincts", len(asked)):
        logit = numpyro.sample("logit", dist.Normal(mu, tau))
        numpyro.sample("turned_out", dist.Binomial(asked, logits=logit), obs=turned_out)


arguments = (asked,)
keywords = {"turned_out": turned_out}
SITE = "logit"
COMPARED = ("mu", "tau", "logit")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    p = 1 / (1 + np.exp(-at["logit"]))
    information = asked * p * (1 - p)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), asked, turned_out=turned_out)
    mcmc.print_summary()
