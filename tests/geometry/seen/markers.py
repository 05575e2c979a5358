"""The yield of 110 lines of barley by forty genetic markers, each of a small effect."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(810)
dose = rng.binomial(2, rng.uniform(0.15, 0.5, size=40), size=(110, 40)).astype(float)
dose -= dose.mean(axis=0)
grain = 6.0 + dose @ (0.15 * rng.normal(size=40)) + 0.5 * rng.normal(size=110)  # t / ha


def centred(dose, grain=None):
    mean = numpyro.sample("mean", dist.Normal(6, 2))
    log_sd = numpyro.sample("log_sd", dist.Normal(-2, 1))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    effect = numpyro.sample("effect", dist.Normal(0, jnp.exp(log_sd)).expand([40]).to_event(1))
    with numpyro.plate("lines", len(dose)):
        numpyro.sample("grain", dist.Normal(mean + dose @ effect, sigma), obs=grain)


def decentred(dose, grain=None):
    mean = numpyro.sample("mean", dist.Normal(6, 2))
    log_sd = numpyro.sample("log_sd", dist.Normal(-2, 1))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    raw = numpyro.sample("raw", dist.Normal(0, 1).expand([40]).to_event(1))
    effect = numpyro.deterministic("effect", jnp.exp(log_sd) * raw)
    with numpyro.plate("lines", len(dose)):
        numpyro.sample("grain", dist.Normal(mean + dose @ effect, sigma), obs=grain)


arguments = (dose,)
keywords = {"grain": grain}
SITE = "effect"
COMPARED = ("mean", "log_sd", "sigma", "effect")
model = decentred


def kappa(at):
    information = np.sum(dose**2, axis=0) / at["sigma"] ** 2
    return information / (information + 1 / np.exp(at["log_sd"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), dose, grain=grain)
    mcmc.print_summary()
