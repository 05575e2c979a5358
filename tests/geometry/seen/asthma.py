"""Attacks of asthma in four quarters of a year of ninety children on two inhalers."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(403)
N, T = 90, 4
new_inhaler = rng.permutation(np.repeat([0.0, 1.0], N // 2))
winter = np.array([1.0, 0.0, 0.0, 1.0])
frailty = 0.6 * rng.normal(size=N)
rate = np.exp(-0.4 - 0.4 * new_inhaler[:, None] + 0.5 * winter + frailty[:, None])
attacks = rng.poisson(rate * rng.gamma(2.0, 0.5, size=(N, T)))


def model(new_inhaler, winter, attacks=None):
    a = numpyro.sample("a", dist.Normal(0, 1.5))
    b_inhaler = numpyro.sample("b_inhaler", dist.Normal(0, 1))
    b_winter = numpyro.sample("b_winter", dist.Normal(0, 1))
    sd = numpyro.sample("sd", dist.Exponential(1))
    concentration = numpyro.sample("concentration", dist.Gamma(2, 0.5))
    children = numpyro.plate("children", new_inhaler.size, dim=-2)
    quarters = numpyro.plate("quarters", winter.size, dim=-1)
    with children:
        frailty = numpyro.sample("frailty", dist.Normal(0, sd))
    with children, quarters:
        eta = a + b_inhaler * new_inhaler[:, None] + b_winter * winter + frailty
        numpyro.sample("attacks", dist.NegativeBinomial2(jnp.exp(eta), concentration), obs=attacks)


arguments = (new_inhaler, winter, attacks)
keywords = {}
SITE = "frailty"
COMPARED = ("a", "b_inhaler", "b_winter", "sd", "concentration", "frailty")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    eta = at["a"] + at["b_inhaler"] * new_inhaler[:, None] + at["b_winter"] * winter
    mean = np.exp(eta + at["frailty"])
    information = np.sum(mean / (1 + mean / at["concentration"]), axis=1)
    return information / (information + 1 / at["sd"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), new_inhaler, winter, attacks)
    mcmc.print_summary()
