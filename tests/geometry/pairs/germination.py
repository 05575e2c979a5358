"""Seeds of forty lots that germinate, ten to forty sown of each."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(52)
sown = rng.integers(10, 41, size=40)
germinated = rng.binomial(sown, 1 / (1 + np.exp(-0.4 - 0.6 * rng.normal(size=40))))


def model(sown, germinated=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1.5))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("lots", len(sown)):
        vigour = numpyro.sample("vigour", dist.Normal(mu, tau))
        numpyro.sample("germinated", dist.Binomial(sown, logits=vigour), obs=germinated)


arguments = (sown,)
keywords = {"germinated": germinated}
SITE = "vigour"
COMPARED = ("mu", "tau", "vigour")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    p = 1 / (1 + np.exp(-at["vigour"]))
    information = sown * p * (1 - p)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), sown, germinated=germinated)
    mcmc.print_summary()
