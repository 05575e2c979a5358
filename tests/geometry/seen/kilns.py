"""How much thirty bricks from each of four kilns bear, in megapascals."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(603)
load = rng.normal(38 + 4 * rng.normal(size=(4, 1)), 3.0, size=(4, 30))


def model(load):
    n_kilns, n_bricks = load.shape
    mu = numpyro.sample("mu", dist.Normal(40, 15))
    sd_kiln = numpyro.sample("sd_kiln", dist.HalfCauchy(5))
    sd_brick = numpyro.sample("sd_brick", dist.HalfCauchy(5))
    with numpyro.plate("kilns", n_kilns, dim=-2):
        kiln = numpyro.sample("kiln", dist.Normal(mu, sd_kiln))
        with numpyro.plate("bricks", n_bricks, dim=-1):
            numpyro.sample("load", dist.Normal(kiln, sd_brick), obs=load)


arguments = (load,)
keywords = {}
SITE = "kiln"
COMPARED = ("mu", "sd_kiln", "sd_brick", "kiln")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.full(4, 30 / at["sd_brick"] ** 2)
    return information / (information + 1 / at["sd_kiln"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), load)
    mcmc.print_summary()
