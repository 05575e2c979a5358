"""Thickness of an oxide at five places of each of four wafers of each of fifteen lots."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(405)
lots, wafers, places = 15, 4, 5
true_lot = 2000 + 11 * rng.normal(size=(lots, 1, 1))
true_wafer = true_lot + 6 * rng.normal(size=(lots, wafers, 1))
thickness = true_wafer + 3.5 * rng.normal(size=(lots, wafers, places))


def model(thickness):
    mu = numpyro.sample("mu", dist.Normal(2000, 50))
    sd_lot = numpyro.sample("sd_lot", dist.HalfCauchy(10))
    sd_wafer = numpyro.sample("sd_wafer", dist.HalfCauchy(10))
    sd_place = numpyro.sample("sd_place", dist.HalfCauchy(10))
    n_lots, n_wafers, n_places = thickness.shape
    with numpyro.plate("lots", n_lots, dim=-3):
        lot = numpyro.sample("lot", dist.Normal(mu, sd_lot))
        with numpyro.plate("wafers", n_wafers, dim=-2):
            wafer = numpyro.sample("wafer", dist.Normal(lot, sd_wafer))
            with numpyro.plate("places", n_places, dim=-1):
                numpyro.sample("thickness", dist.Normal(wafer, sd_place), obs=thickness)


arguments = (thickness,)
keywords = {}
SITE = "wafer"
COMPARED = ("mu", "sd_lot", "sd_wafer", "sd_place", "lot", "wafer")
centred = model
decentred = handlers.reparam(model, config={"wafer": LocScaleReparam(0)})


def kappa(at):
    information = np.full((lots, wafers), places / at["sd_place"] ** 2)
    return information / (information + 1 / at["sd_wafer"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), thickness)
    mcmc.print_summary()
