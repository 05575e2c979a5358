"""Yellow cards in a season of eighteen clubs: how strict 22 referees are, and how rough clubs."""

import itertools

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(713)
home, away = np.array(list(itertools.permutations(range(18), 2))).T
referee = rng.integers(0, 22, size=len(home))
true_strict, true_rough = 0.18 * rng.normal(size=22), 0.12 * rng.normal(size=18)
cards = rng.poisson(np.exp(1.35 + true_strict[referee] + true_rough[home] + true_rough[away]))


@handlers.reparam(config={"strict": LocScaleReparam(0), "rough": LocScaleReparam(0)})
def model(referee, home, away, cards=None):
    level = numpyro.sample("level", dist.Normal(1, 1))
    sd_referee = numpyro.sample("sd_referee", dist.HalfNormal(0.5))
    sd_club = numpyro.sample("sd_club", dist.HalfNormal(0.5))
    with numpyro.plate("referees", 22):
        strict = numpyro.sample("strict", dist.Normal(0, sd_referee))
    with numpyro.plate("clubs", 18):
        rough = numpyro.sample("rough", dist.Normal(0, sd_club))
    with numpyro.plate("matches", len(referee)):
        rate = jnp.exp(level + strict[referee] + rough[home] + rough[away])
        numpyro.sample("cards", dist.Poisson(rate), obs=cards)


arguments = (referee, home, away)
keywords = {"cards": cards}
SITE = "strict"
COMPARED = ("level", "sd_referee", "sd_club", "strict", "rough")
centred = handlers.reparam(model.fn, config={"rough": LocScaleReparam(0)})
decentred = model


def kappa(at):
    # Of a referee, the clubs being known.
    rate = np.exp(at["level"] + at["strict"][referee] + at["rough"][home] + at["rough"][away])
    information = np.bincount(referee, rate, minlength=22)
    return information / (information + 1 / at["sd_referee"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), referee, home, away, cards=cards)
    mcmc.print_summary()
