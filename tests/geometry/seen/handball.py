"""Goals in a season of handball, fourteen teams at home and away: attacks and defences."""

import itertools

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(414)
TEAMS = 14
home, away = np.array(list(itertools.permutations(range(TEAMS), 2))).T
true_attack, true_defence = 0.08 * rng.normal(size=(2, TEAMS))
home_goals = rng.poisson(np.exp(3.32 + 0.05 + true_attack[home] - true_defence[away]))
away_goals = rng.poisson(np.exp(3.32 + true_attack[away] - true_defence[home]))


def model(home, away, home_goals=None, away_goals=None):
    level = numpyro.sample("level", dist.Normal(3, 0.5))
    advantage = numpyro.sample("advantage", dist.Normal(0, 0.2))
    sd_attack = numpyro.sample("sd_attack", dist.HalfNormal(0.3))
    sd_defence = numpyro.sample("sd_defence", dist.HalfNormal(0.3))
    with numpyro.plate("teams", TEAMS):
        attack = numpyro.sample("attack", dist.Normal(0, sd_attack))
        defence = numpyro.sample("defence", dist.Normal(0, sd_defence))
    with numpyro.plate("matches", len(home)):
        at_home = jnp.exp(level + advantage + attack[home] - defence[away])
        as_guests = jnp.exp(level + attack[away] - defence[home])
        numpyro.sample("home_goals", dist.Poisson(at_home), obs=home_goals)
        numpyro.sample("away_goals", dist.Poisson(as_guests), obs=away_goals)


arguments = (home, away)
keywords = {"home_goals": home_goals, "away_goals": away_goals}
SITE = "attack"
COMPARED = ("level", "advantage", "sd_attack", "sd_defence", "attack", "defence")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    at_home = np.exp(at["level"] + at["advantage"] + at["attack"][home] - at["defence"][away])
    as_guests = np.exp(at["level"] + at["attack"][away] - at["defence"][home])
    information = np.bincount(home, at_home) + np.bincount(away, as_guests)
    return information / (information + 1 / at["sd_attack"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), home, away, **keywords)
    mcmc.print_summary()
