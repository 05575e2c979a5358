"""A line through fifty quasars, of which both luminosities are measured with errors."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(510)
optical_error, x_ray_error = rng.uniform(0.1, 0.6, size=50), rng.uniform(0.1, 0.4, size=50)
truth = rng.normal(0, 0.7, size=50)
optical = rng.normal(truth, optical_error)
x_ray = rng.normal(-0.1 + 0.6 * truth, np.hypot(0.25, x_ray_error))


@handlers.reparam(config={"xi": LocScaleReparam(centered=0.0)})
def model(optical, optical_error, x_ray, x_ray_error):
    alpha = numpyro.sample("alpha", dist.Normal(0, 2))
    beta = numpyro.sample("beta", dist.Normal(0, 2))
    scatter = numpyro.sample("scatter", dist.HalfNormal(1))
    mean = numpyro.sample("mean", dist.Normal(0, 2))
    width = numpyro.sample("width", dist.HalfNormal(2))
    with numpyro.plate("quasars", len(optical)):
        xi = numpyro.sample("xi", dist.Normal(mean, width))
        numpyro.sample("optical", dist.Normal(xi, optical_error), obs=optical)
        error = jnp.sqrt(scatter**2 + x_ray_error**2)
        numpyro.sample("x_ray", dist.Normal(alpha + beta * xi, error), obs=x_ray)


arguments = (optical, optical_error, x_ray, x_ray_error)
keywords = {}
SITE = "xi"
COMPARED = ("alpha", "beta", "scatter", "mean", "width", "xi")
centred = model.fn
decentred = model


def kappa(at):
    by_line = at["beta"] ** 2 / (at["scatter"] ** 2 + x_ray_error**2)
    information = 1 / optical_error**2 + by_line
    return information / (information + 1 / at["width"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), *arguments)
    mcmc.print_summary()
