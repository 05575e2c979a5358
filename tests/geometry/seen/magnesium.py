"""Deaths after a heart attack with and without magnesium in eight trials (Teo et al., 1991)."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

died_with = np.array([1, 9, 2, 1, 10, 1, 1, 90])
with_magnesium = np.array([40, 135, 200, 48, 150, 59, 25, 1159])
died_without = np.array([2, 23, 7, 1, 8, 9, 3, 118])
without_magnesium = np.array([36, 135, 200, 46, 148, 56, 23, 1157])


@handlers.reparam(config={"effect": LocScaleReparam(0)})
def model(treated, control, died_with=None, died_without=None):
    overall = numpyro.sample("overall", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.5))
    with numpyro.plate("trials", len(treated)):
        baseline = numpyro.sample("baseline", dist.Normal(-2, 2))
        effect = numpyro.sample("effect", dist.Normal(overall, tau))
        numpyro.sample("without", dist.Binomial(control, logits=baseline), obs=died_without)
        numpyro.sample("with", dist.Binomial(treated, logits=baseline + effect), obs=died_with)


arguments = (with_magnesium, without_magnesium)
keywords = {"died_with": died_with, "died_without": died_without}
SITE = "effect"
COMPARED = ("overall", "tau", "baseline", "effect")
centred = model.fn
decentred = model


def kappa(at):
    # Of an effect whose baseline is known from those without, and its prior.
    def binomial(total, logit):
        return total / (2 + np.exp(logit) + np.exp(-logit))

    one = binomial(without_magnesium, at["baseline"]) + 1 / 2**2
    other = binomial(with_magnesium, at["baseline"] + at["effect"])
    information = 1 / (1 / one + 1 / other)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), *arguments, **keywords)
    mcmc.print_summary()
