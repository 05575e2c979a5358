"""Well-being of 120 students by eighteen traits: a regularised horseshoe, decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4107)
traits = 0.5 * rng.normal(size=(120, 1)) + rng.normal(size=(120, 18))
traits = (traits - traits.mean(axis=0)) / traits.std(axis=0)
weights = np.array([0.6, -0.5, 0.35, 0.2] + [0.0] * 14)
score = traits @ weights + rng.normal(size=120)


def scales():
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.2))
    slab = numpyro.sample("slab", dist.InverseGamma(2, 2))
    return sigma, tau, slab


def softened(tau, local, slab):
    return tau * local * jnp.sqrt(slab / (slab + (tau * local) ** 2))


def model(traits, score=None):
    sigma, tau, slab = scales()
    with numpyro.plate("features", traits.shape[1]):
        local = numpyro.sample("local", dist.HalfCauchy(1))
        z = numpyro.sample("z", dist.Normal(0, 1))
        weight = numpyro.deterministic("weight", z * softened(tau, local, slab))
    with numpyro.plate("students", traits.shape[0]):
        numpyro.sample("score", dist.Normal(traits @ weight, sigma), obs=score)


def centred(traits, score=None):
    sigma, tau, slab = scales()
    with numpyro.plate("features", traits.shape[1]):
        local = numpyro.sample("local", dist.HalfCauchy(1))
        weight = numpyro.sample("weight", dist.Normal(0, softened(tau, local, slab)))
    with numpyro.plate("students", traits.shape[0]):
        numpyro.sample("score", dist.Normal(traits @ weight, sigma), obs=score)


arguments = (traits,)
keywords = {"score": score}
SITE = "weight"
COMPARED = ("sigma", "tau", "slab", "local", "weight")
decentred = model


def kappa(at):
    information = np.sum(traits**2, axis=0) / at["sigma"] ** 2
    return information / (information + 1 / softened(at["tau"], at["local"], at["slab"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), traits, score=score)
    mcmc.print_summary()
