"""What the protocol of a trial in twelve centres supposes, before a patient is in."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

centres = np.arange(12)


def model(centres):
    usual = numpyro.sample("usual", dist.Normal(-1, 0.7))
    benefit = numpyro.sample("benefit", dist.Normal(0, 0.5))
    between = numpyro.sample("between", dist.Exponential(2))
    uneven = numpyro.sample("uneven", dist.HalfNormal(0.3))
    with numpyro.plate("centres", len(centres)):
        z = numpyro.sample("z", dist.Normal(0, 1))
        shift = numpyro.sample("shift", dist.Normal(0, 1))
        base = numpyro.deterministic("base", usual + between * z)
        numpyro.deterministic("treated", base + benefit + uneven * shift)


def centred(centres):
    usual = numpyro.sample("usual", dist.Normal(-1, 0.7))
    benefit = numpyro.sample("benefit", dist.Normal(0, 0.5))
    between = numpyro.sample("between", dist.Exponential(2))
    uneven = numpyro.sample("uneven", dist.HalfNormal(0.3))
    with numpyro.plate("centres", len(centres)):
        shift = numpyro.sample("shift", dist.Normal(0, 1))
        base = numpyro.sample("base", dist.Normal(usual, between))
        numpyro.deterministic("treated", base + benefit + uneven * shift)


arguments = (centres,)
keywords = {}
SITE = "base"
COMPARED = ("usual", "benefit", "between", "uneven", "base")
decentred = model


def kappa(at):
    return np.zeros(len(centres))


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), centres)
    mcmc.print_summary()
