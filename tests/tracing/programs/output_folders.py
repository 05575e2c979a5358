"""A project script that sets its folders up and saves all it makes."""

import json
import os
import pickle
from datetime import datetime
from pathlib import Path

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

HERE = Path(__file__).parent
OUTPUT = HERE / "output" / datetime.now().strftime("%Y-%m-%d")
OUTPUT.mkdir(parents=True, exist_ok=True)
plt.rcParams["figure.dpi"] = 200

with open(HERE / "survey.json") as file:
    survey = json.load(file)

answers = np.array(survey["answers"])
questions = survey["questions"]
log = open(OUTPUT / "log.txt", "w")


def two_parameter(answers, prior_scale):
    people, items = answers.shape
    with numpyro.plate("items", items):
        difficulty = numpyro.sample("difficulty", dist.Normal(0.0, prior_scale))
        slope = numpyro.sample("slope", dist.LogNormal(0.0, 0.5))
    with numpyro.plate("people", people):
        ability = numpyro.sample("ability", dist.Normal(0.0, 1.0))
    logits = slope * (ability[:, None] - difficulty)
    numpyro.sample("answers", dist.Bernoulli(logits=logits).to_event(2), obs=answers)


print(f"{len(questions)} questions", file=log)
mcmc = MCMC(NUTS(two_parameter), num_warmup=500, num_samples=500)
mcmc.run(jax.random.PRNGKey(survey["seed"]), answers, survey["prior"]["scale"])
with open(OUTPUT / "samples.pickle", "wb") as file:
    pickle.dump(mcmc.get_samples(), file)
log.close()
