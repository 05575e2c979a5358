"""Runs inside conditions and contexts, as in larger scripts."""

import argparse
import contextlib
import logging
import time

import jax
import jax.numpy as jnp
import numpy as np

import numpyro
import numpyro.distributions as dist
from numpyro.infer import HMC, MCMC, NUTS, SVI, Trace_ELBO
from numpyro.infer.autoguide import AutoMultivariateNormal

log = logging.getLogger(__name__)


@contextlib.contextmanager
def timer(what):
    start = time.perf_counter()
    yield
    log.info("%s took %.2f s", what, time.perf_counter() - start)


def elo(winner, loser, n_players, observed=True):
    with numpyro.plate("players", n_players):
        skill = numpyro.sample("skill", dist.Normal(0.0, 1.0))
    edge = numpyro.sample("edge", dist.HalfNormal(0.5))
    with numpyro.plate("games", winner.shape[0]):
        logits = skill[winner] - skill[loser] + edge
        numpyro.sample("result", dist.Bernoulli(logits=logits), obs=jnp.ones(winner.shape[0]) if observed else None)


def main(args):
    rng = np.random.default_rng(args.seed)
    games = rng.integers(0, args.players, size=(args.games, 2))
    games = games[games[:, 0] != games[:, 1]]
    key = jax.random.key(args.seed)
    if args.algorithm == "mcmc":
        kernel = NUTS(elo) if not args.hmc else HMC(elo, num_steps=10)
        with timer("sampling"):
            mcmc = MCMC(kernel, num_warmup=args.samples, num_samples=args.samples)
            mcmc.run(key, games[:, 0], games[:, 1], args.players)
        result = mcmc.get_samples()
    else:
        svi = SVI(elo, AutoMultivariateNormal(elo), numpyro.optim.Adam(1e-2), Trace_ELBO())
        with timer("optimising"):
            result = svi.run(key, args.samples, games[:, 0], games[:, 1], args.players).params
    return result


if __name__ == "__main__":
    logging.basicConfig(filename="blocks.log", level=logging.INFO)
    parser = argparse.ArgumentParser()
    parser.add_argument("--algorithm", choices=["mcmc", "svi"], default="svi")
    parser.add_argument("--hmc", action="store_true")
    parser.add_argument("--players", type=int, default=10)
    parser.add_argument("--games", type=int, default=100)
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    try:
        main(parser.parse_args())
    except KeyboardInterrupt:
        log.warning("interrupted")
