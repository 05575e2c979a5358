"""Deaths with and without beta-blockers in 22 trials (Carlin, 1992): log odds ratios."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

# Deaths and patients of the treated, and of the controls.
trials = np.array(
    """
    3/38 3/39, 7/114 14/116, 5/69 11/93, 102/1533 127/1520, 28/355 27/365, 4/59 6/52,
    98/945 152/939, 60/632 48/471, 25/278 37/282, 138/1916 188/1921, 64/873 52/583,
    45/263 47/266, 9/291 16/293, 57/858 45/883, 25/154 31/147, 33/207 38/213, 28/251 12/122,
    8/151 6/154, 6/174 3/134, 32/209 40/218, 27/391 43/364, 22/680 39/674
    """.replace("/", " ")
    .replace(",", " ")
    .split(),
    dtype=int,
).reshape(22, 2, 2)
treated, control = trials[:, 0], trials[:, 1]


def model(treated, control):
    d = numpyro.sample("d", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("trials", len(treated)):
        mu = numpyro.sample("mu", dist.Normal(0, 5))
        delta = numpyro.sample("delta", dist.Normal(d, tau))
        numpyro.sample("dead", dist.Binomial(control[:, 1], logits=mu), obs=control[:, 0])
        numpyro.sample(
            "dead_treated", dist.Binomial(treated[:, 1], logits=mu + delta), obs=treated[:, 0]
        )


arguments = (treated, control)
keywords = {}
SITE = "delta"
COMPARED = ("d", "tau", "mu", "delta")
centred = model
decentred = handlers.reparam(model, config={"delta": LocScaleReparam(centered=0)})


def kappa(at):
    # Of a log odds ratio whose baseline is known by the controls alone.
    def binomial(total, logit):
        return total / (2 + np.exp(logit) + np.exp(-logit))

    own, others = binomial(treated[:, 1], at["mu"] + at["delta"]), binomial(control[:, 1], at["mu"])
    information = 1 / (1 / own + 1 / others)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), treated, control)
    mcmc.print_summary()
