"""One to five stars that guests give to twenty-four hotels, of which some are new."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.distributions.transforms import OrderedTransform
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4117)
guests = np.clip(np.exp(rng.normal(2.5, 1.0, size=24)).astype(int), 2, 80)
hotel = np.repeat(np.arange(24), guests)
liking = rng.normal(0, 0.8, size=24)[hotel] + rng.logistic(size=len(hotel))
stars = np.digitize(liking, [-2.8, -1.6, -0.3, 1.1])


def centred(hotel, stars=None):
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    ordered = dist.TransformedDistribution(
        dist.Normal(0, 1.5).expand([4]).to_event(1), OrderedTransform()
    )
    cuts = numpyro.sample("cuts", ordered)
    with numpyro.plate("hotels", 24):
        quality = numpyro.sample("quality", dist.Normal(0, tau))
    with numpyro.plate("guests", len(hotel)):
        numpyro.sample("stars", dist.OrderedLogistic(quality[hotel], cuts), obs=stars)


model = handlers.reparam(centred, config={"quality": LocScaleReparam(0)})
arguments = (hotel,)
keywords = {"stars": stars}
SITE = "quality"
COMPARED = ("tau", "cuts", "quality")
decentred = model


def kappa(at):
    # A logistic variable whose place is seen has an information of a third.
    information = guests / 3
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), hotel, stars=stars)
    mcmc.print_summary()
