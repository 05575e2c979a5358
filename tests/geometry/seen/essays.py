"""Sixty essays, each marked by two of twelve examiners, some of whom are stricter."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(406)
N_ESSAYS, N_EXAMINERS = 60, 12
essay_idx = np.repeat(np.arange(N_ESSAYS), 2)
examiner_idx = np.concatenate(
    [rng.choice(N_EXAMINERS, size=2, replace=False) for _ in range(N_ESSAYS)]
)
true_merit = rng.normal(62, 6, size=N_ESSAYS)
true_bias = rng.normal(0, 3.5, size=N_EXAMINERS)
marks = np.round(rng.normal(true_merit[essay_idx] + true_bias[examiner_idx], 5.0))

data = {"essay_idx": essay_idx, "examiner_idx": examiner_idx, "marks": marks}


def model(essay_idx, examiner_idx, marks=None):
    mu = numpyro.sample("mu", dist.Normal(60.0, 10.0))
    sigma_essay = numpyro.sample("sigma_essay", dist.Exponential(0.2))
    sigma_examiner = numpyro.sample("sigma_examiner", dist.Exponential(0.2))
    sigma = numpyro.sample("sigma", dist.Exponential(0.2))
    merit = numpyro.sample("merit", dist.Normal(0, sigma_essay).expand([N_ESSAYS]))
    bias = numpyro.sample("bias", dist.Normal(0, sigma_examiner).expand([N_EXAMINERS]))
    numpyro.sample(
        "marks", dist.Normal(mu + merit[essay_idx] + bias[examiner_idx], sigma), obs=marks
    )


arguments = ()
keywords = data
SITE = "merit"
COMPARED = ("mu", "sigma_essay", "sigma_examiner", "sigma", "merit", "bias")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(essay_idx) / at["sigma"] ** 2
    return information / (information + 1 / at["sigma_essay"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), **data)
    mcmc.print_summary()
