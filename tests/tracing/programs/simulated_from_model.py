"""Parameter recovery: the data come from the model itself."""

import jax
import jax.numpy as jnp
from jax import random

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, Predictive

N_SUBJECTS, N_ITEMS = 12, 9


def rasch(n_subjects, n_items, correct=None):
    with numpyro.plate("subjects", n_subjects, dim=-2):
        ability = numpyro.sample("ability", dist.Normal(0.0, 1.0))
    with numpyro.plate("items", n_items, dim=-1):
        difficulty = numpyro.sample("difficulty", dist.Normal(0.0, 1.0))
    with numpyro.plate("subjects_", n_subjects, dim=-2), numpyro.plate("items_", n_items, dim=-1):
        return numpyro.sample(
            "correct", dist.Bernoulli(logits=ability - difficulty), obs=correct
        )


def with_discrimination(n_subjects, n_items, correct):
    with numpyro.plate("subjects", n_subjects, dim=-2):
        ability = numpyro.sample("ability", dist.Normal(0.0, 1.0))
    with numpyro.plate("items", n_items, dim=-1):
        difficulty = numpyro.sample("difficulty", dist.Normal(0.0, 1.0))
        slope = numpyro.sample("slope", dist.LogNormal(0.0, 0.5))
        with numpyro.plate("pairs", n_subjects, dim=-2):
            logits = slope * (ability - difficulty)
            numpyro.sample("correct", dist.Bernoulli(logits=logits), obs=correct)


prior = Predictive(rasch, num_samples=1)(random.PRNGKey(0), N_SUBJECTS, N_ITEMS)
truth = {name: prior[name][0] for name in ("ability", "difficulty")}
correct = prior["correct"][0]

mcmc = MCMC(NUTS(rasch), num_warmup=500, num_samples=1000)
mcmc.run(random.PRNGKey(1), N_SUBJECTS, N_ITEMS, correct)
recovered = jax.tree.map(lambda x: x.mean(0), mcmc.get_samples())
print(jnp.abs(recovered["difficulty"] - truth["difficulty"]).mean())

mcmc_2pl = MCMC(NUTS(with_discrimination), num_warmup=500, num_samples=1000)
mcmc_2pl.run(random.PRNGKey(2), N_SUBJECTS, N_ITEMS, correct=correct)
