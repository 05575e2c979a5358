"""Cafes with waits in the morning and in the afternoon: correlated intercepts and slopes."""

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS


def cafes_model(cafe, afternoon, n_cafes, wait=None):
    a = numpyro.sample("a", dist.Normal(5, 2))
    b = numpyro.sample("b", dist.Normal(-1, 0.5))
    sigma_cafe = numpyro.sample("sigma_cafe", dist.Exponential(1).expand([2]).to_event(1))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    L_Rho = numpyro.sample("L_Rho", dist.LKJCholesky(2, concentration=2.0))
    with numpyro.plate("cafes", n_cafes):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
    effects = jnp.stack([a, b]) + z @ (sigma_cafe[:, None] * L_Rho).T
    mu = effects[cafe, 0] + effects[cafe, 1] * afternoon
    with numpyro.plate("visits", len(cafe)):
        numpyro.sample("wait", dist.Normal(mu, sigma), obs=wait)
    numpyro.deterministic("rho", (L_Rho @ L_Rho.T)[0, 1])


def robust_model(x, y=None):
    slope = numpyro.sample("slope", dist.Laplace(0.0, 1.0))
    df = numpyro.sample("df", dist.Uniform(2.0, 30.0))
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    numpyro.sample("y", dist.StudentT(df, slope * x, spread), obs=y)


visits = 5
n_cafes = 6
cafe = jnp.repeat(jnp.arange(n_cafes), 2 * visits)
afternoon = jnp.tile(jnp.array([0, 1]), n_cafes * visits)
rng_key = random.PRNGKey(33)
rng_key, noise_key = random.split(rng_key)
wait = 5 - afternoon + 0.5 * random.normal(noise_key, cafe.shape)

rng_key, fit_key = random.split(rng_key)
mcmc = MCMC(NUTS(cafes_model), num_warmup=150, num_samples=150, progress_bar=False)
mcmc.run(fit_key, cafe, afternoon, n_cafes, wait=wait)
posterior = mcmc.get_samples()
print("correlation", posterior["rho"].mean())

rng_key, robust_key = random.split(rng_key)
robust = MCMC(NUTS(robust_model), num_warmup=150, num_samples=150, progress_bar=False)
robust.run(robust_key, afternoon, y=wait)
robust.print_summary()
