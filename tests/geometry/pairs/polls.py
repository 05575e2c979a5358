"""A poll of eight hundred voters in each of fifty states, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(11)
voters = np.full(50, 800)
votes = rng.binomial(voters, 1 / (1 + np.exp(-0.5 * rng.normal(size=50))))


def model(voters, votes=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("states", len(voters)):
        z = numpyro.sample("z", dist.Normal(0, 1))
        leaning = numpyro.deterministic("leaning", mu + tau * z)
        numpyro.sample("votes", dist.Binomial(voters, logits=leaning), obs=votes)


def centred(voters, votes=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("states", len(voters)):
        leaning = numpyro.sample("leaning", dist.Normal(mu, tau))
        numpyro.sample("votes", dist.Binomial(voters, logits=leaning), obs=votes)


arguments = (voters,)
keywords = {"votes": votes}
SITE = "leaning"
COMPARED = ("mu", "tau", "leaning")
decentred = model


def kappa(at):
    p = 1 / (1 + np.exp(-at["leaning"]))
    information = voters * p * (1 - p)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), voters, votes=votes)
    mcmc.print_summary()
