"""Radon in houses, by county: varying intercepts and slopes, decentred by a reparameterisation."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS, Predictive
from numpyro.infer.reparam import LocScaleReparam


def model(county, floor, n_counties, log_radon=None):
    mu_alpha = numpyro.sample("mu_alpha", dist.Normal(0.0, 5.0))
    sigma_alpha = numpyro.sample("sigma_alpha", dist.HalfCauchy(2.0))
    mu_beta = numpyro.sample("mu_beta", dist.Normal(0.0, 5.0))
    sigma_beta = numpyro.sample("sigma_beta", dist.HalfCauchy(2.0))
    with numpyro.plate("counties", n_counties):
        alpha = numpyro.sample("alpha", dist.Normal(mu_alpha, sigma_alpha))
        beta = numpyro.sample("beta", dist.Normal(mu_beta, sigma_beta))
    sigma = numpyro.sample("sigma", dist.Exponential(1.0))
    expected = numpyro.deterministic("expected", alpha[county] + beta[county] * floor)
    with numpyro.plate("houses", len(floor)):
        numpyro.sample("log_radon", dist.Normal(expected, sigma), obs=log_radon)


def simulate(n_counties, n_houses, seed=7):
    rng = np.random.default_rng(seed)
    county = rng.integers(0, n_counties, n_houses)
    floor = rng.integers(0, 2, n_houses)
    level = rng.normal(1.3, 0.3, n_counties)
    radon = level[county] - 0.7 * floor + rng.normal(0.0, 0.7, n_houses)
    return jnp.asarray(county), jnp.asarray(floor, float), jnp.asarray(radon)


def main():
    n_counties = 12
    county, floor, log_radon = simulate(n_counties, 150)
    decentred = handlers.reparam(
        model, config={"alpha": LocScaleReparam(0.0), "beta": LocScaleReparam(0.0)}
    )
    key_fit, key_predict = jax.random.split(jax.random.PRNGKey(0))
    mcmc = MCMC(NUTS(decentred), num_warmup=200, num_samples=200, progress_bar=False)
    mcmc.run(key_fit, county, floor, n_counties, log_radon=log_radon)
    mcmc.print_summary()
    samples = mcmc.get_samples()
    print("average slope:", samples["mu_beta"].mean())

    predictive = Predictive(model, posterior_samples=samples, return_sites=["log_radon"])
    drawn = predictive(key_predict, county, floor, n_counties)
    print("predicted:", drawn["log_radon"].mean(axis=0)[:5])


if __name__ == "__main__":
    main()
