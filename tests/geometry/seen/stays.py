"""The nights that patients with pneumonia stay in five hospitals, by their age."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(817)
hospital = np.repeat(np.arange(5), [58, 47, 33, 26, 19])
age = rng.uniform(-2.5, 2.5, size=len(hospital))  # decades about 65 years
expected = np.exp(1.9 + 0.2 * rng.normal(size=5)[hospital] + 0.12 * age)
nights = rng.negative_binomial(3.0, 3.0 / (3.0 + expected))


@handlers.reparam(config={"usual": LocScaleReparam(centered=0.0)})
def model(hospital, age, nights=None):
    mu = numpyro.sample("mu", dist.Normal(2, 1))
    by_age = numpyro.sample("by_age", dist.Normal(0, 0.5))
    tau = numpyro.sample("tau", dist.HalfCauchy(1))
    concentration = numpyro.sample("concentration", dist.Gamma(2, 0.5))
    with numpyro.plate("hospitals", 5):
        usual = numpyro.sample("usual", dist.Normal(mu, tau))
    with numpyro.plate("patients", len(hospital)):
        mean = jnp.exp(usual[hospital] + by_age * age)
        numpyro.sample("nights", dist.NegativeBinomial2(mean, concentration), obs=nights)


arguments = (hospital, age)
keywords = {"nights": nights}
SITE = "usual"
COMPARED = ("mu", "by_age", "tau", "concentration", "usual")
centred = model.fn
decentred = model


def kappa(at):
    mean = np.exp(at["usual"][hospital] + at["by_age"] * age)
    information = np.bincount(hospital, mean / (1 + mean / at["concentration"]))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), hospital, age, nights=nights)
    mcmc.print_summary()
