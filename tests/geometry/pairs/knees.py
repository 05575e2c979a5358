"""Pain after operations of the knee, five grades: few patients to a surgeon, decentred."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(204)
surgeon = np.repeat(np.arange(14), rng.integers(4, 10, size=14))
age = rng.normal(size=len(surgeon))
feeling = 0.3 * rng.normal(size=14)[surgeon] + 0.4 * age + rng.logistic(size=len(surgeon))
pain = np.digitize(feeling, [-1.5, -0.3, 0.8, 2.0])


@handlers.reparam(config={"skill": LocScaleReparam(0)})
def model(surgeon, age, pain=None):
    spaced = dist.TransformedDistribution(
        dist.Normal(0, 2).expand([4]), dist.transforms.OrderedTransform()
    )
    cutpoints = numpyro.sample("cutpoints", spaced)
    ageing = numpyro.sample("ageing", dist.Normal(0, 1))
    log_tau = numpyro.sample("log_tau", dist.Normal(-1, 1))
    with numpyro.plate("surgeons", 14):
        skill = numpyro.sample("skill", dist.Normal(0, jnp.exp(log_tau)))
    with numpyro.plate("patients", len(surgeon)):
        predictor = skill[surgeon] + ageing * age
        numpyro.sample("pain", dist.OrderedLogistic(predictor, cutpoints), obs=pain)


arguments = (surgeon, age)
keywords = {"pain": pain}
SITE = "skill"
COMPARED = ("cutpoints", "ageing", "log_tau", "skill")
centred = model.fn
decentred = model


def kappa(at):
    # Of the grades that are possible: sum of (dp/dskill)^2 / p.
    below = at["cutpoints"] - (at["skill"][surgeon] + at["ageing"] * age)[:, None]
    below = np.pad(1 / (1 + np.exp(-below)), ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1)))
    slope = np.diff(below * (1 - below))
    information = np.bincount(surgeon, np.sum(slope**2 / np.diff(below), axis=1))
    return information / (information + 1 / np.exp(at["log_tau"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), surgeon, age, pain=pain)
    mcmc.print_summary()
