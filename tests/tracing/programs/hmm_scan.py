"""A hidden Markov model of simulated words."""

import argparse

import jax.numpy as jnp
import numpy as np
from jax import random

import numpyro
import numpyro.distributions as dist
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS
from numpyro.ops.indexing import Vindex


def simulate(n_states, n_words, length, seed=0):
    rng = np.random.RandomState(seed)
    transition = rng.dirichlet(np.ones(n_states), n_states)
    emission = rng.dirichlet(np.ones(n_words) * 0.1, n_states)
    words, state = [], 0
    for _ in range(length):
        state = rng.choice(n_states, p=transition[state])
        words.append(rng.choice(n_words, p=emission[state]))
    return np.array(words)


def hmm(words, n_states, n_words):
    with numpyro.plate("states", n_states):
        transition = numpyro.sample("transition", dist.Dirichlet(jnp.ones(n_states)))
        emission = numpyro.sample("emission", dist.Dirichlet(jnp.ones(n_words)))

    def step(state, word):
        state = numpyro.sample(
            "state",
            dist.Categorical(Vindex(transition)[state]),
            infer={"enumerate": "parallel"},
        )
        numpyro.sample("word", dist.Categorical(Vindex(emission)[state]), obs=word)
        return state, None

    scan(step, 0, words)


def main(args):
    words = simulate(args.states, args.words, args.length)
    kernel = NUTS(hmm)
    mcmc = MCMC(kernel, num_warmup=args.samples, num_samples=args.samples)
    mcmc.run(random.PRNGKey(2), words, args.states, args.words)
    if args.plot:
        import matplotlib.pyplot as plt

        plt.imshow(mcmc.get_samples()["transition"].mean(0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="HMM")
    parser.add_argument("--states", default=3, type=int)
    parser.add_argument("--words", default=8, type=int)
    parser.add_argument("--length", default=60, type=int)
    parser.add_argument("--samples", default=200, type=int)
    parser.add_argument("--plot", default=False, action="store_true")
    main(parser.parse_args())
