"""Log wages in forty occupations, three to 120 workers each, and how many there have degrees."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(602)
workers = np.exp(rng.uniform(np.log(3), np.log(121), size=40)).astype(int)
occupation = np.repeat(np.arange(40), workers)
graduates = rng.beta(1.5, 2.5, size=40)
pay = 2.6 + 0.8 * (graduates - 0.4) + 0.22 * rng.normal(size=40)
experience = rng.uniform(-2, 2, size=len(occupation))  # decades about twenty years
mean = pay[occupation] + 0.08 * experience
log_wage = mean + 0.3 * rng.standard_t(5, size=len(occupation))


@handlers.reparam(config={"pay": LocScaleReparam(0)})
def model(occupation, graduates, experience, log_wage=None):
    alpha = numpyro.sample("alpha", dist.Normal(2.5, 1))
    by_graduates = numpyro.sample("by_graduates", dist.Normal(0, 1))
    by_experience = numpyro.sample("by_experience", dist.Normal(0, 0.5))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.5))
    with numpyro.plate("occupations", len(graduates)):
        expected = alpha + by_graduates * (graduates - 0.4)
        pay = numpyro.sample("pay", dist.Normal(expected, tau))
    with numpyro.plate("workers", len(occupation)):
        mean = pay[occupation] + by_experience * experience
        numpyro.sample("log_wage", dist.StudentT(5, mean, sigma), obs=log_wage)


arguments = (occupation, graduates, experience)
keywords = {"log_wage": log_wage}
SITE = "pay"
COMPARED = ("alpha", "by_graduates", "by_experience", "tau", "sigma", "pay")
centred = model.fn
decentred = model


def kappa(at):
    # An observation of a Student's t with df tells (df + 1) / (df + 3) / sigma^2.
    information = workers * 6 / 8 / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), *arguments, log_wage=log_wage)
    mcmc.print_summary()
