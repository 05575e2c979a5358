"""Seeds that germinated on 21 plates, of two kinds on two extracts (Crowder, 1978)."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

germinated = np.array(
    [10, 23, 23, 26, 17, 5, 53, 55, 32, 46, 10, 8, 10, 8, 23, 0, 3, 22, 15, 32, 3]
)
sown = np.array([39, 62, 81, 51, 39, 6, 74, 72, 51, 79, 13, 16, 30, 28, 45, 4, 12, 41, 30, 51, 7])
kind = np.repeat([0, 1], [11, 10])
extract = np.repeat([0, 1, 0, 1], [5, 6, 5, 5])
design = np.stack([np.ones(21), kind, extract, kind * extract], axis=1)


def model(design, sown, germinated=None):
    beta = numpyro.sample("beta", dist.Normal(0, 2).expand([4]).to_event(1))
    variance = numpyro.sample("variance", dist.InverseGamma(1, 0.1))
    with numpyro.plate("plates", len(sown)):
        theta = numpyro.sample("theta", dist.Normal(design @ beta, jnp.sqrt(variance)))
        numpyro.sample("germinated", dist.Binomial(sown, logits=theta), obs=germinated)


arguments = (design, sown)
keywords = {"germinated": germinated}
SITE = "theta"
COMPARED = ("beta", "variance", "theta")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    share = 1 / (1 + np.exp(-at["theta"]))
    information = sown * share * (1 - share)
    return information / (information + 1 / at["variance"])


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), design, sown, germinated=germinated)
    mcmc.print_summary()
