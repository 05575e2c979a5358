"""How fast the life of ball bearings falls with their load, by eight makers: Gamma lives."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import nn, random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(814)
maker = np.repeat(np.arange(8), [24, 18, 15, 12, 9, 6, 6, 4])
log_load = np.log(rng.choice([0.7, 1.0, 1.4, 2.0], size=len(maker)))
level, power = rng.normal(1.5, 0.3, size=8), rng.normal(-3.0, 0.4, size=8)
life = rng.gamma(2.5, np.exp(level[maker] + power[maker] * log_load) / 2.5)


@handlers.reparam(config={"power": LocScaleReparam(0)})
def model(maker, log_load, life=None):
    mu = numpyro.sample("mu", dist.Normal(1, 1))
    spread = numpyro.sample("spread", dist.HalfNormal(0.5))
    law = numpyro.sample("law", dist.Normal(-3, 1))
    raw_tau = numpyro.sample("raw_tau", dist.Normal(-1, 1))
    tau = numpyro.deterministic("tau", nn.softplus(raw_tau))
    shape = numpyro.sample("shape", dist.Gamma(2, 0.5))
    with numpyro.plate("makers", 8):
        level = numpyro.sample("level", dist.Normal(mu, spread))
        power = numpyro.sample("power", dist.Normal(law, tau))
    with numpyro.plate("bearings", len(maker)):
        mean = jnp.exp(level[maker] + power[maker] * log_load)
        numpyro.sample("life", dist.Gamma(shape, shape / mean), obs=life)


arguments = (maker, log_load)
keywords = {"life": life}
SITE = "power"
COMPARED = ("mu", "spread", "law", "raw_tau", "shape", "level", "power")
centred = model.fn
decentred = model


def kappa(at):
    # Of a slope, the level being known.
    information = at["shape"] * np.bincount(maker, log_load**2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), maker, log_load, life=life)
    mcmc.print_summary()
