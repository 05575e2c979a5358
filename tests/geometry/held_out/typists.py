"""Characters a minute of twenty typists, each of whom took thirty tests."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4102)
typist = np.repeat(np.arange(20), 30)
speed = rng.normal(rng.normal(265, 55, size=20)[typist], 22)


def model(typist, speed=None):
    mean = numpyro.sample("mean", dist.Normal(250, 100))
    spread = numpyro.sample("spread", dist.Exponential(0.02))
    noise = numpyro.sample("noise", dist.Exponential(0.05))
    with numpyro.plate("typists", 20):
        z = numpyro.sample("z", dist.Normal(0, 1))
    ability = numpyro.deterministic("ability", mean + spread * z)
    with numpyro.plate("tests", len(typist)):
        numpyro.sample("speed", dist.Normal(ability[typist], noise), obs=speed)


def centred(typist, speed=None):
    mean = numpyro.sample("mean", dist.Normal(250, 100))
    spread = numpyro.sample("spread", dist.Exponential(0.02))
    noise = numpyro.sample("noise", dist.Exponential(0.05))
    with numpyro.plate("typists", 20):
        ability = numpyro.sample("ability", dist.Normal(mean, spread))
    with numpyro.plate("tests", len(typist)):
        numpyro.sample("speed", dist.Normal(ability[typist], noise), obs=speed)


arguments = (typist,)
keywords = {"speed": speed}
SITE = "ability"
COMPARED = ("mean", "spread", "noise", "ability")
decentred = model


def kappa(at):
    information = np.full(20, 30 / at["noise"] ** 2)
    return information / (information + 1 / at["spread"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), typist, speed=speed)
    mcmc.print_summary()
