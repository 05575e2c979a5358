"""How sixty lecturers are rated by three to twelve students each, some of whom are cross."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(502)
students = rng.integers(3, 13, size=60)
lecturer = np.repeat(np.arange(60), students)
rating = 3.8 + 0.25 * rng.normal(size=60)[lecturer] + 0.7 * rng.standard_t(4, size=len(lecturer))


def model(lecturer, rating=None):
    mu = numpyro.sample("mu", dist.Normal(3, 1))
    tau = numpyro.sample("tau", dist.Exponential(2))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    df = numpyro.sample("df", dist.Gamma(2, 0.1))
    with numpyro.plate("lecturers", 60):
        z = numpyro.sample("z", dist.Normal(0, 1))
    quality = numpyro.deterministic("quality", mu + tau * z)
    with numpyro.plate("ratings", len(lecturer)):
        numpyro.sample("rating", dist.StudentT(df, quality[lecturer], sigma), obs=rating)


def centred(lecturer, rating=None):
    mu = numpyro.sample("mu", dist.Normal(3, 1))
    tau = numpyro.sample("tau", dist.Exponential(2))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    df = numpyro.sample("df", dist.Gamma(2, 0.1))
    with numpyro.plate("lecturers", 60):
        quality = numpyro.sample("quality", dist.Normal(mu, tau))
    with numpyro.plate("ratings", len(lecturer)):
        numpyro.sample("rating", dist.StudentT(df, quality[lecturer], sigma), obs=rating)


arguments = (lecturer,)
keywords = {"rating": rating}
SITE = "quality"
COMPARED = ("mu", "tau", "sigma", "df", "quality")
decentred = model


def kappa(at):
    # An observation of a Student's t with df tells (df + 1) / (df + 3) / sigma^2.
    information = students * (at["df"] + 1) / (at["df"] + 3) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), lecturer, rating=rating)
    mcmc.print_summary()
