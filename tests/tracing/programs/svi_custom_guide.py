"""A guide by hand, and a loop of updates."""

import jax
import jax.numpy as jnp
from jax import random

import numpyro
import numpyro.distributions as dist
from numpyro.distributions import constraints
from numpyro.infer import SVI, TraceMeanField_ELBO


def model(data):
    f = numpyro.sample("latent_fairness", dist.Beta(10, 10))
    with numpyro.plate("N", data.shape[0]):
        numpyro.sample("obs", dist.Bernoulli(f), obs=data)


def guide(data):
    alpha_q = numpyro.param("alpha_q", 15.0, constraint=constraints.positive)
    beta_q = numpyro.param(
        "beta_q", lambda rng_key: random.exponential(rng_key), constraint=constraints.positive
    )
    numpyro.sample("latent_fairness", dist.Beta(alpha_q, beta_q))


data = jnp.concatenate([jnp.ones(6), jnp.zeros(4)])
optimizer = numpyro.optim.Adam(step_size=0.0005)
svi = SVI(model, guide, optimizer, loss=TraceMeanField_ELBO())
svi_state = svi.init(random.key(0), data)

update = jax.jit(svi.update)
losses = []
for step in range(2000):
    svi_state, loss = update(svi_state, data)
    losses.append(loss)
    if step % 100 == 0:
        print(step, loss)

params = svi.get_params(svi_state)
inferred_mean = params["alpha_q"] / (params["alpha_q"] + params["beta_q"])
print(inferred_mean)
