"""Survival times of two groups of patients, some of them censored: a Weibull regression."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import HMC, MCMC

TIMES = jnp.array([2.3, 5.1, 0.7, 8.0, 3.3, 1.2, 8.0, 4.5, 6.6, 8.0])
DIED = jnp.array([True, True, True, False, True, True, False, True, True, False])
TREATED = jnp.array([0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0])


def weibull_regression(treated, times, died):
    intercept = numpyro.sample("intercept", dist.Normal(1.0, 1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, 1.0))
    shape = numpyro.sample("shape", dist.Gamma(3.0, 2.0))
    scale = jnp.exp(intercept + effect * treated)
    lifetime = dist.Weibull(scale, shape)
    # Of the censored it is only known that they lived on.
    survived = jnp.log1p(-lifetime.cdf(times))
    with numpyro.plate("patients", times.shape[0]):
        with numpyro.handlers.mask(mask=died):
            numpyro.sample("times", lifetime, obs=times)
        with numpyro.handlers.mask(mask=~died):
            numpyro.factor("censored", survived)
    numpyro.deterministic("ratio", jnp.exp(effect))


def run(seed: int = 3) -> dict:
    sampler = MCMC(
        HMC(weibull_regression, step_size=0.1, trajectory_length=1.0),
        num_warmup=200,
        num_samples=200,
        progress_bar=False,
    )
    sampler.run(jax.random.PRNGKey(seed), TREATED, TIMES, DIED)
    sampler.print_summary(exclude_deterministic=False)
    return sampler.get_samples()


if __name__ == "__main__":
    draws = run()
    print("probability that treatment helps:", (draws["effect"] > 0).mean())
