"""Runs the models of another file."""

import jax
import jax.numpy as jnp

from numpyro.infer import MCMC, NUTS

from shared_models import damped_oscillation, exponential_decay

t = jnp.linspace(0.0, 5.0, 40)
y = jnp.exp(-0.3 * t) + 0.05 * jax.random.normal(jax.random.key(0), t.shape)

for model in (exponential_decay, damped_oscillation):
    mcmc = MCMC(NUTS(model), num_warmup=500, num_samples=500)
    mcmc.run(jax.random.key(1), t, y=y)
    mcmc.print_summary()
