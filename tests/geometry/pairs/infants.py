"""How long 26 infants look at a picture that is shown again, in four to twelve trials each."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(307)
shown = rng.integers(4, 13, size=26)
infant = np.repeat(np.arange(26), shown)
trial = np.concatenate([np.arange(each) for each in shown])
interest = rng.normal(2.2, 0.35, size=26)
looked = np.exp(rng.normal(interest[infant] - 0.1 * trial, 0.7))


def model(infant, trial, looked=None):
    mu = numpyro.sample("mu", dist.Normal(2, 1))
    decline = numpyro.sample("decline", dist.Normal(0, 0.5))
    tau = numpyro.sample("tau", dist.Exponential(1))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    with numpyro.plate("infants", 26):
        interest = numpyro.sample("interest", dist.Normal(mu, tau))
    with numpyro.plate("trials", len(infant)):
        log_median = interest[infant] + decline * trial
        numpyro.sample("looked", dist.LogNormal(log_median, sigma), obs=looked)


arguments = (infant, trial)
keywords = {"looked": looked}
SITE = "interest"
COMPARED = ("mu", "decline", "tau", "sigma", "interest")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = shown / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), infant, trial, looked=looked)
    mcmc.print_summary()
