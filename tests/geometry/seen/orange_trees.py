"""The girth of five orange trees at seven ages (Draper and Smith, 1998): logistic growth."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import nn, random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

age = np.array([118.0, 484, 664, 1004, 1231, 1372, 1582])  # days
girth = np.array(  # millimetres
    [
        [30.0, 58, 87, 115, 120, 142, 145],
        [33, 69, 111, 156, 172, 203, 203],
        [30, 51, 75, 108, 115, 139, 140],
        [32, 62, 112, 167, 179, 209, 214],
        [30, 49, 81, 125, 142, 174, 177],
    ]
)


def model(age, girth=None):
    mean_full = numpyro.sample("mean_full", dist.Normal(200.0, 50.0))
    sd_full = numpyro.sample("sd_full", dist.HalfNormal(50.0))
    # When half is reached, and how slowly, in hundreds of days.
    half = numpyro.sample("half", dist.Normal(7.0, 2.0))
    pace = numpyro.sample("pace", dist.LogNormal(jnp.log(3.5), 0.3))
    sigma = numpyro.sample("sigma", dist.HalfNormal(20.0))
    with numpyro.plate("trees", 5, dim=-2):
        full = numpyro.sample("full", dist.Normal(mean_full, sd_full))
    expected = full * nn.sigmoid((age / 100 - half) / pace)
    with numpyro.plate("tree", 5, dim=-2), numpyro.plate("age", age.size, dim=-1):
        numpyro.sample("girth", dist.Normal(expected, sigma), obs=girth)


arguments = (age, girth)
keywords = {}
SITE = "full"
COMPARED = ("mean_full", "sd_full", "half", "pace", "sigma", "full")
centred = model
decentred = handlers.reparam(model, config={"full": LocScaleReparam(0)})


def kappa(at):
    # Of a full girth, the curve being known.
    curve = 1 / (1 + np.exp(-(age / 100 - at["half"]) / at["pace"]))
    information = np.full(5, np.sum(curve**2)) / at["sigma"] ** 2
    return information / (information + 1 / at["sd_full"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), age, girth)
    mcmc.print_summary()
