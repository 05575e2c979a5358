"""The same model with some of its arguments fixed."""

from functools import partial

import jax.numpy as jnp
from jax import random

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, Predictive


def dose_response(dose, n, deaths=None, *, link="logit", hierarchical=False):
    alpha = numpyro.sample("alpha", dist.Normal(0.0, 2.0))
    scale = numpyro.sample("scale", dist.HalfNormal(1.0)) if hierarchical else 2.0
    beta = numpyro.sample("beta", dist.Normal(0.0, scale))
    eta = alpha + beta * dose
    if link == "logit":
        likelihood = dist.BinomialLogits(logits=eta, total_count=n)
    else:
        likelihood = dist.BinomialProbs(probs=1 - jnp.exp(-jnp.exp(eta)), total_count=n)
    with numpyro.plate("groups", dose.shape[0]):
        numpyro.sample("deaths", likelihood, obs=deaths)


dose = jnp.array([-0.86, -0.3, -0.05, 0.73])
n = jnp.array([5, 5, 5, 5])
deaths = jnp.array([0, 1, 3, 5])

cloglog = partial(dose_response, link="cloglog", hierarchical=True)
sampler = MCMC(NUTS(cloglog), num_warmup=1000, num_samples=1000, num_chains=2)
sampler.run(random.key(0), dose, n, deaths)
sampler.print_summary()
ld50 = Predictive(cloglog, sampler.get_samples())(random.key(1), jnp.linspace(-1, 1, 50), 5)
