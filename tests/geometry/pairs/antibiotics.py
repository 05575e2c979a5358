"""Infections with and without an antibiotic in eighteen trials, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(316)
patients = np.exp(rng.uniform(np.log(20), np.log(400), size=18)).astype(int)
risk, benefit = rng.normal(-1.4, 0.7, size=18), rng.normal(-0.6, 0.3, size=18)
without = rng.binomial(patients, 1 / (1 + np.exp(-risk)))
treated = rng.binomial(patients, 1 / (1 + np.exp(-risk - benefit)))


def model(patients, without=None, treated=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    with numpyro.plate("trials", len(patients)):
        risk = numpyro.sample("risk", dist.Normal(-1, 1.5))
        raw = numpyro.sample("raw", dist.Normal(0, 1))
        benefit = numpyro.deterministic("benefit", mu + raw * tau)
        numpyro.sample("without", dist.Binomial(patients, logits=risk), obs=without)
        numpyro.sample("treated", dist.Binomial(patients, logits=risk + benefit), obs=treated)


def centred(patients, without=None, treated=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    with numpyro.plate("trials", len(patients)):
        risk = numpyro.sample("risk", dist.Normal(-1, 1.5))
        benefit = numpyro.sample("benefit", dist.Normal(mu, tau))
        numpyro.sample("without", dist.Binomial(patients, logits=risk), obs=without)
        numpyro.sample("treated", dist.Binomial(patients, logits=risk + benefit), obs=treated)


arguments = (patients,)
keywords = {"without": without, "treated": treated}
SITE = "benefit"
COMPARED = ("mu", "tau", "risk", "benefit")
decentred = model


def kappa(at):
    # Of a benefit whose trial's risk is known from those without, and its prior.
    share = 1 / (1 + np.exp(-at["risk"]))
    share_treated = 1 / (1 + np.exp(-at["risk"] - at["benefit"]))
    one = patients * share * (1 - share) + 1 / 1.5**2
    other = patients * share_treated * (1 - share_treated)
    information = 1 / (1 / one + 1 / other)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), patients, without=without, treated=treated)
    mcmc.print_summary()
