"""Three hundred games of chess among 24 members of a club: how strong each is."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(404)
keen = rng.dirichlet(np.full(24, 2.0))  # some play far more than others
pairings = np.array([rng.choice(24, size=2, replace=False, p=keen) for _ in range(300)])
strength = rng.normal(size=24)
logits = 0.2 + strength[pairings[:, 0]] - strength[pairings[:, 1]]
white_wins = rng.binomial(1, 1 / (1 + np.exp(-logits)))


def bradley_terry(white, black, n_players, wins=None):
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    first_move = numpyro.sample("first_move", dist.Normal(0.0, 0.5))
    with numpyro.plate("players", n_players):
        strength = numpyro.sample("strength", dist.Normal(0.0, tau))
    logits = first_move + strength[white] - strength[black]
    with numpyro.plate("games", white.shape[0]):
        numpyro.sample("wins", dist.Bernoulli(logits=logits), obs=wins)


arguments = (pairings[:, 0], pairings[:, 1])
keywords = {"n_players": 24, "wins": white_wins}
SITE = "strength"
COMPARED = ("tau", "first_move", "strength")
model = centred = bradley_terry
decentred = handlers.reparam(bradley_terry, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # Of a strength, the others being known.
    white, black = arguments
    logits = at["first_move"] + at["strength"][white] - at["strength"][black]
    told = 1 / (2 + np.exp(logits) + np.exp(-logits))
    information = sum(np.bincount(side, told, minlength=24) for side in arguments)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), *arguments, **keywords)
    mcmc.print_summary()
