"""Fourteen trials of exercise against depression, which lasted from four to 32 weeks."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

# Standardised differences, their standard errors, and weeks.
trials = np.array(
    [
        [-0.62, 0.31, 8],
        [-0.21, 0.18, 12],
        [-0.95, 0.40, 6],
        [-0.38, 0.22, 16],
        [0.08, 0.27, 10],
        [-0.44, 0.15, 24],
        [-1.10, 0.44, 12],
        [-0.29, 0.36, 4],
        [-0.57, 0.20, 32],
        [-0.12, 0.13, 12],
        [-0.70, 0.29, 20],
        [-0.35, 0.25, 8],
        [0.15, 0.38, 6],
        [-0.48, 0.17, 16],
    ]
)
difference, error, weeks = trials.T


def model(error, weeks, difference=None):
    overall = numpyro.sample("overall", dist.Normal(0, 1))
    per_month = numpyro.sample("per_month", dist.Normal(0, 0.3))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    with numpyro.plate("trials", len(error)):
        expected = overall + per_month * (weeks - 12) / 4
        effect = numpyro.sample("effect", dist.Normal(expected, tau))
        numpyro.sample("difference", dist.Normal(effect, error), obs=difference)


arguments = (error, weeks)
keywords = {"difference": difference}
SITE = "effect"
COMPARED = ("overall", "per_month", "tau", "effect")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = 1 / error**2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), error, weeks, difference=difference)
    mcmc.print_summary()
