"""Free throws of 120 players with 5 to 60 attempts, decentred by the handler."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(109)
attempts = rng.integers(5, 61, size=120)
logit = 1.0 + 0.35 * rng.standard_t(4, size=120)
made = rng.binomial(attempts, 1 / (1 + np.exp(-logit)))


@handlers.reparam(config={"skill": LocScaleReparam(0, shape_params=["df"])})
def model(attempts, made=None):
    league = numpyro.sample("league", dist.Normal(0, 1.5))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.5))
    with numpyro.plate("players", len(attempts)):
        skill = numpyro.sample("skill", dist.StudentT(4, league, tau))
        numpyro.sample("made", dist.Binomial(attempts, logits=skill), obs=made)


arguments = (attempts,)
keywords = {"made": made}
SITE = "skill"
COMPARED = ("league", "tau", "skill")
centred = model.fn
decentred = model


def kappa(at):
    share = 1 / (1 + np.exp(-at["skill"]))
    information = attempts * share * (1 - share)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), attempts, made=made)
    mcmc.print_summary()
