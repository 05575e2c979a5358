"""A dynamical system that JAX solves inside the model."""

import jax
import jax.numpy as jnp
from jax.experimental.ode import odeint
from jax.random import PRNGKey

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, Predictive

numpyro.enable_x64()


def sir(state, t, beta, gamma):
    s, i, r = state
    return jnp.stack([-beta * s * i, beta * s * i - gamma * i, gamma * i])


def solve(beta, gamma, days):
    start = jnp.array([0.99, 0.01, 0.0])
    return odeint(sir, start, days, beta, gamma, rtol=1e-6, atol=1e-5)


def epidemic(days, population, cases=None):
    beta = numpyro.sample("beta", dist.LogNormal(-1.0, 0.5))
    gamma = numpyro.sample("gamma", dist.LogNormal(-2.0, 0.5))
    numpyro.deterministic("r0", beta / gamma)
    infected = solve(beta, gamma, days)[:, 1] * population
    phi = numpyro.sample("phi", dist.Exponential(0.2))
    with numpyro.plate("days", days.shape[0]):
        numpyro.sample("cases", dist.NegativeBinomial2(infected, phi), obs=cases)


days = jnp.arange(0.0, 30.0)
truth = solve(0.6, 0.2, days)
cases = jax.random.poisson(PRNGKey(1), 1000 * truth[:, 1])
nuts = NUTS(epidemic, dense_mass=True, target_accept_prob=0.9)
mcmc = MCMC(nuts, num_warmup=500, num_samples=500)
mcmc.run(PRNGKey(2), days=days, population=1000, cases=cases)
forecast = Predictive(epidemic, mcmc.get_samples())(PRNGKey(3), jnp.arange(0.0, 60.0), 1000)
