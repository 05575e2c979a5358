"""How long 120 lamps burn, of twenty makers in fifteen rooms that are crossed with them."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(217)
place = rng.choice(300, size=120, replace=False)
maker, room = place // 15, place % 15
log_life = 2 + 0.3 * rng.normal(size=20)[maker] + 0.3 * rng.normal(size=15)[room]
months = np.exp(log_life) * rng.weibull(1.5, size=120)


def model(maker, room, months=None):
    mu = numpyro.sample("mu", dist.Normal(2, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    spread = numpyro.sample("spread", dist.HalfNormal(0.5))
    shape = numpyro.sample("shape", dist.LogNormal(0, 0.5))
    with numpyro.plate("makers", 20):
        craft = numpyro.sample("craft", dist.Normal(0, tau))
    with numpyro.plate("rooms", 15):
        use = numpyro.sample("use", dist.Normal(0, spread))
    with numpyro.plate("lamps", len(maker)):
        life = jnp.exp(mu + craft[maker] + use[room])
        numpyro.sample("months", dist.Weibull(life, shape), obs=months)


arguments = (maker, room)
keywords = {"months": months}
SITE = "craft"
COMPARED = ("mu", "tau", "spread", "shape", "craft")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # Of the log of a Weibull's scale an observation tells the square of its shape.
    information = np.bincount(maker, minlength=20) * at["shape"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), maker, room, months=months)
    mcmc.print_summary()
