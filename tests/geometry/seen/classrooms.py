"""Marks out of a hundred of pupils in 45 classrooms of fifteen schools, both levels decentred."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(1306)
school = np.repeat(np.arange(15), 3)
pupils = rng.integers(8, 22, size=45)
classroom = np.repeat(np.arange(45), pupils)
mean = rng.normal(rng.normal(61, 5, size=15)[school], 3.5)
mark = rng.normal(mean[classroom], 12)


def nested(school, classroom, mark=None):
    mu = numpyro.sample("mu", dist.Normal(60, 15))
    between = numpyro.sample("between", dist.HalfNormal(10))
    tau = numpyro.sample("tau", dist.HalfNormal(10))
    sigma = numpyro.sample("sigma", dist.HalfNormal(20))
    with numpyro.plate("schools", 15):
        level = numpyro.sample("level", dist.Normal(mu, between))
    with numpyro.plate("classrooms", 45):
        room = numpyro.sample("room", dist.Normal(level[school], tau))
    with numpyro.plate("pupils", len(classroom)):
        numpyro.sample("mark", dist.Normal(room[classroom], sigma), obs=mark)


model = handlers.reparam(nested, config={"level": LocScaleReparam(0), "room": LocScaleReparam(0)})

arguments = (school, classroom)
keywords = {"mark": mark}
SITE = "room"
COMPARED = ("mu", "between", "tau", "sigma", "level", "room")
centred = handlers.reparam(nested, config={"level": LocScaleReparam(0)})
decentred = model


def kappa(at):
    information = pupils / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), school, classroom, mark=mark)
    mcmc.print_summary()
