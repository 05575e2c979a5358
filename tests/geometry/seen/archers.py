"""How far arrows of thirty archers miss, nine to 36 arrows each: the log of what each scatters."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(720)
arrows = 3 * rng.integers(3, 13, size=30)
archer = np.repeat(np.arange(30), arrows)
trained = rng.uniform(-1, 1, size=30)  # decades, less one
true_scatter = np.exp(1.8 - 0.3 * trained + 0.25 * rng.normal(size=30))
wind = rng.normal(size=len(archer))
across = rng.normal(0.8 * wind, true_scatter[archer])  # centimetres to the right


def model(archer, trained, wind, across=None):
    alpha = numpyro.sample("alpha", dist.Normal(2, 1))
    by_training = numpyro.sample("by_training", dist.Normal(0, 0.5))
    by_wind = numpyro.sample("by_wind", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    with numpyro.plate("archers", len(trained)):
        expected = alpha + by_training * trained
        log_scatter = numpyro.sample("log_scatter", dist.Normal(expected, tau))
    with numpyro.plate("arrows", len(archer)):
        scatter = jnp.exp(log_scatter)[archer]
        numpyro.sample("across", dist.Normal(by_wind * wind, scatter), obs=across)


arguments = (archer, trained, wind)
keywords = {"across": across}
SITE = "log_scatter"
COMPARED = ("alpha", "by_training", "by_wind", "tau", "log_scatter")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # An arrow tells 2 of the log of a standard deviation.
    information = 2 * arrows
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), archer, trained, wind, across=across)
    mcmc.print_summary()
