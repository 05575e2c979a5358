"""Forty tasters grade eight wines each from one to five, decentred by the handler."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(107)
taster, wine = (each.ravel() for each in np.indices((40, 8)))
leaning = 0.8 * rng.normal(size=40)[taster] + np.linspace(-1, 1, 8)[wine]
grade = np.digitize(leaning + rng.logistic(size=320), [-2.0, -0.7, 0.6, 2.0])


@handlers.reparam(config={"taste": LocScaleReparam(0)})
def model(taster, wine, grade=None):
    spaced = dist.TransformedDistribution(
        dist.Normal(0, 2).expand([4]), dist.transforms.OrderedTransform()
    )
    cutpoints = numpyro.sample("cutpoints", spaced)
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("wines", 8):
        quality = numpyro.sample("quality", dist.Normal(0, 1))
    with numpyro.plate("tasters", 40):
        taste = numpyro.sample("taste", dist.Normal(0, tau))
    with numpyro.plate("tastings", len(taster)):
        predictor = taste[taster] + quality[wine]
        numpyro.sample("grade", dist.OrderedLogistic(predictor, cutpoints), obs=grade)


arguments = (taster, wine)
keywords = {"grade": grade}
SITE = "taste"
COMPARED = ("cutpoints", "tau", "quality", "taste")
centred = model.fn
decentred = model


def kappa(at):
    # Of the grades that are possible: sum of (dp/dtaste)^2 / p.
    below = at["cutpoints"] - (at["taste"][taster] + at["quality"][wine])[:, None]
    below = np.pad(1 / (1 + np.exp(-below)), ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1)))
    slope = np.diff(below * (1 - below))
    information = np.bincount(taster, np.sum(slope**2 / np.diff(below), axis=1))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), taster, wine, grade=grade)
    mcmc.print_summary()
