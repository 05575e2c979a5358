"""The speed of an enzyme at eight concentrations, in ten preparations: Michaelis and Menten."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(411)
substrate = np.array([0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2])
true_vmax = np.exp(rng.normal(5.2, 0.3, size=10))
saturation = substrate / (0.15 + substrate)
speed = rng.gamma(60.0, true_vmax[:, None] * saturation / 60.0)


def model(substrate, speed=None):
    log_vmax = numpyro.sample("log_vmax", dist.Normal(5.0, 1.0))
    omega = numpyro.sample("omega", dist.HalfNormal(0.5))
    km = numpyro.sample("km", dist.LogNormal(-2.0, 1.0))
    shape = numpyro.sample("shape", dist.Gamma(2.0, 0.05))
    with numpyro.plate("preparations", 10):
        vmax = numpyro.sample("vmax", dist.LogNormal(log_vmax, omega))
    mean = jnp.outer(vmax, substrate / (km + substrate))
    numpyro.sample("speed", dist.Gamma(shape, shape / mean).to_event(2), obs=speed)


def decentred(substrate, speed=None):
    log_vmax = numpyro.sample("log_vmax", dist.Normal(5.0, 1.0))
    omega = numpyro.sample("omega", dist.HalfNormal(0.5))
    km = numpyro.sample("km", dist.LogNormal(-2.0, 1.0))
    shape = numpyro.sample("shape", dist.Gamma(2.0, 0.05))
    with numpyro.plate("preparations", 10):
        eta = numpyro.sample("eta", dist.Normal())
        vmax = numpyro.deterministic("vmax", jnp.exp(log_vmax + omega * eta))
    mean = jnp.outer(vmax, substrate / (km + substrate))
    numpyro.sample("speed", dist.Gamma(shape, shape / mean).to_event(2), obs=speed)


arguments = (substrate,)
keywords = {"speed": speed}
SITE = "vmax"
COMPARED = ("log_vmax", "omega", "km", "shape", "vmax")
centred = model


def kappa(at):
    # Of a log of the greatest speed.
    information = np.full(10, len(substrate) * at["shape"])
    return information / (information + 1 / at["omega"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), substrate, speed=speed)
    mcmc.print_summary()
