"""Wild bees counted on 64 farms and eighteen traits of the land about them: a horseshoe."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(509)
traits = rng.normal(size=(64, 18))
effect = np.zeros(18)
effect[[2, 7, 11]] = 0.5, -0.35, 0.25
bees = rng.poisson(np.exp(1.8 + traits @ effect))


def model(traits, bees=None):
    farms, features = traits.shape
    intercept = numpyro.sample("intercept", dist.Normal(1, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.2))
    with numpyro.plate("traits", features):
        local = numpyro.sample("local", dist.HalfCauchy(1))
        beta = numpyro.sample("beta", dist.Normal(0, tau * local))
    with numpyro.plate("farms", farms):
        log_rate = intercept + jnp.dot(traits, beta)
        numpyro.sample("bees", dist.Poisson(jnp.exp(log_rate)), obs=bees)


def decentred(traits, bees=None):
    farms, features = traits.shape
    intercept = numpyro.sample("intercept", dist.Normal(1, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.2))
    with numpyro.plate("traits", features):
        local = numpyro.sample("local", dist.HalfCauchy(1))
        z = numpyro.sample("z", dist.Normal(0, 1))
        beta = numpyro.deterministic("beta", tau * local * z)
    with numpyro.plate("farms", farms):
        log_rate = intercept + jnp.dot(traits, beta)
        numpyro.sample("bees", dist.Poisson(jnp.exp(log_rate)), obs=bees)


arguments = (traits,)
keywords = {"bees": bees}
SITE = "beta"
COMPARED = ("intercept", "tau", "local", "beta")
centred = model


def kappa(at):
    information = np.exp(at["intercept"] + traits @ at["beta"]) @ traits**2
    return information / (information + 1 / (at["tau"] * at["local"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), traits, bees=bees)
    mcmc.print_summary()
