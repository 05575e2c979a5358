"""Hours that batteries of nine makers last, seven of each: Weibull, with LogNormal makers."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(519)
maker = np.repeat(np.arange(9), 7)
hours = np.exp(3.0 + 0.15 * rng.normal(size=9))[maker] * rng.weibull(2.2, size=63)


def model(maker, hours=None):
    mu = numpyro.sample("mu", dist.Normal(3, 1))
    tau = numpyro.sample("tau", dist.Exponential(3))
    wear = numpyro.sample("wear", dist.Gamma(4, 2))
    with numpyro.plate("makers", 9):
        z = numpyro.sample("z", dist.Normal(0, 1))
        life = numpyro.deterministic("life", jnp.exp(mu + tau * z))
    with numpyro.plate("batteries", len(maker)):
        numpyro.sample("hours", dist.Weibull(life[maker], wear), obs=hours)


def centred(maker, hours=None):
    mu = numpyro.sample("mu", dist.Normal(3, 1))
    tau = numpyro.sample("tau", dist.Exponential(3))
    wear = numpyro.sample("wear", dist.Gamma(4, 2))
    with numpyro.plate("makers", 9):
        life = numpyro.sample("life", dist.LogNormal(mu, tau))
    with numpyro.plate("batteries", len(maker)):
        numpyro.sample("hours", dist.Weibull(life[maker], wear), obs=hours)


arguments = (maker,)
keywords = {"hours": hours}
SITE = "life"
COMPARED = ("mu", "tau", "wear", "life")
decentred = model


def kappa(at):
    # Of the log of a life, of which each battery tells the square of the wear.
    information = np.full(9, 7 * at["wear"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), maker, hours=hours)
    mcmc.print_summary()
