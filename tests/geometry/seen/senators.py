"""Forty senators and 24 roll calls, with absences: leanings and hurdles, both decentred."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(1310)
present = np.flatnonzero(rng.random(40 * 24) < 0.85)
senator, call = present // 24, present % 24
leaning = rng.choice([-1.2, 1.2], size=40) + 0.5 * rng.normal(size=40)
logit = leaning[senator] - rng.normal(-0.4, 0.9, size=24)[call]
aye = rng.binomial(1, 1 / (1 + np.exp(-logit)))


def votes(senator, call, aye=None):
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    mean_hurdle = numpyro.sample("mean_hurdle", dist.Normal(0, 1))
    spread = numpyro.sample("spread", dist.Exponential(1))
    with numpyro.plate("senators", 40):
        leaning = numpyro.sample("leaning", dist.Normal(0, tau))
    with numpyro.plate("calls", 24):
        hurdle = numpyro.sample("hurdle", dist.Normal(mean_hurdle, spread))
    with numpyro.plate("votes", len(senator)):
        logits = leaning[senator] - hurdle[call]
        numpyro.sample("aye", dist.Bernoulli(logits=logits), obs=aye)


model = handlers.reparam(
    votes, config={"leaning": LocScaleReparam(0), "hurdle": LocScaleReparam(0)}
)

arguments = (senator, call)
keywords = {"aye": aye}
SITE = "leaning"
COMPARED = ("tau", "mean_hurdle", "spread", "leaning", "hurdle")
centred = handlers.reparam(votes, config={"hurdle": LocScaleReparam(0)})
decentred = model


def kappa(at):
    p = 1 / (1 + np.exp(at["hurdle"][call] - at["leaning"][senator]))
    information = np.bincount(senator, p * (1 - p), minlength=40)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), senator, call, aye=aye)
    mcmc.print_summary()
