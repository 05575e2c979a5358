"""Cases of dengue in a town in eighty weeks: an AR(1) about a season, decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import lax, random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(407)
weeks = np.arange(80)
season = np.stack([np.cos(2 * np.pi * weeks / 52), np.sin(2 * np.pi * weeks / 52)], axis=1)
excess = np.zeros(80)
for week in weeks[1:]:
    excess[week] = 0.75 * excess[week - 1] + 0.3 * rng.normal()
expected = np.exp(2.3 + season @ [0.6, -0.4] + excess)
cases = rng.poisson(expected * rng.gamma(12.0, 1 / 12.0, size=80))


def common(season):
    base = numpyro.sample("base", dist.Normal(2.0, 1.0))
    beta = numpyro.sample("beta", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
    phi = numpyro.sample("phi", dist.Beta(4, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    concentration = numpyro.sample("concentration", dist.Gamma(2.0, 0.1))
    return base + season @ beta, phi, tau, concentration


def model(season, cases=None):
    mean, phi, tau, concentration = common(season)
    with numpyro.plate("weeks", len(season)):
        shock = numpyro.sample("shock", dist.Normal(0, 1))
    _, excess = lax.scan(lambda last, z: (phi * last + tau * z,) * 2, 0.0, shock)
    excess = numpyro.deterministic("excess", excess)
    with numpyro.plate("counts", len(season)):
        rate = jnp.exp(mean + excess)
        numpyro.sample("cases", dist.NegativeBinomial2(rate, concentration), obs=cases)


def centred(season, cases=None):
    mean, phi, tau, concentration = common(season)

    def week(last, _):
        excess = numpyro.sample("excess", dist.Normal(phi * last, tau))
        return excess, excess

    _, excess = scan(week, 0.0, None, length=len(season))
    with numpyro.plate("counts", len(season)):
        rate = jnp.exp(mean + excess)
        numpyro.sample("cases", dist.NegativeBinomial2(rate, concentration), obs=cases)


arguments = (season,)
keywords = {"cases": cases}
SITE = "excess"
COMPARED = ("base", "beta", "phi", "tau", "concentration", "excess")
decentred = model


def kappa(at):
    # Of an excess, given the one before.
    rate = np.exp(at["base"] + season @ at["beta"] + at["excess"])
    information = rate / (1 + rate / at["concentration"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), season, cases=cases)
    mcmc.print_summary()
