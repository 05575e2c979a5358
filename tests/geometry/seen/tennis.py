"""Who wins 220 matches among 32 players of tennis: Bradley and Terry's model, decentred."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam
from scipy.special import expit

rng = np.random.default_rng(819)
N_PLAYERS = 32
true_skill = 0.9 * rng.normal(size=N_PLAYERS)
# The better ones go on to the next round, and play more.
draw = expit(true_skill) / expit(true_skill).sum()
first, second = np.array(
    [rng.choice(N_PLAYERS, size=2, replace=False, p=draw) for _ in range(220)]
).T
first_wins = rng.binomial(1, expit(true_skill[first] - true_skill[second]))


@handlers.reparam(config={"skill": LocScaleReparam(0)})
def bradley_terry(first, second, first_wins=None):
    sigma_skill = numpyro.sample("sigma_skill", dist.LogNormal(0, 0.5))
    with numpyro.plate("players", N_PLAYERS):
        skill = numpyro.sample("skill", dist.Normal(0, sigma_skill))
    with numpyro.plate("matches", len(first)):
        logits = skill[first] - skill[second]
        numpyro.sample("first_wins", dist.Bernoulli(logits=logits), obs=first_wins)


arguments = (first, second)
keywords = {"first_wins": first_wins}
SITE = "skill"
COMPARED = ("sigma_skill", "skill")
model = decentred = bradley_terry
centred = bradley_terry.fn


def kappa(at):
    # Of a player, the others being known.
    share = expit(at["skill"][first] - at["skill"][second])
    told = share * (1 - share)
    information = sum(np.bincount(each, told, N_PLAYERS) for each in (first, second))
    return information / (information + 1 / at["sigma_skill"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), first, second, first_wins=first_wins)
    mcmc.print_summary()
