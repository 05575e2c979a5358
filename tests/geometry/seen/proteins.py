"""Which of 150 patients relapse, by sixteen proteins of which two tell: a horseshoe."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(408)
proteins = rng.normal(size=(150, 16))
logits = -0.5 + 1.4 * proteins[:, 2] - 1.0 * proteins[:, 9]
relapsed = rng.binomial(1, 1 / (1 + np.exp(-logits)))


@handlers.reparam(config={"beta": LocScaleReparam(0)})
def horseshoe_logit(X, y=None):
    n, p = X.shape
    intercept = numpyro.sample("intercept", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.2))
    lam = numpyro.sample("lam", dist.HalfCauchy(1).expand([p]).to_event(1))
    beta = numpyro.sample("beta", dist.Normal(0, tau * lam).to_event(1))
    with numpyro.plate("patients", n):
        numpyro.sample("y", dist.Bernoulli(logits=intercept + X @ beta), obs=y)


arguments = (proteins, relapsed)
keywords = {}
SITE = "beta"
COMPARED = ("intercept", "tau", "lam", "beta")
model = decentred = horseshoe_logit
centred = horseshoe_logit.fn


def kappa(at):
    logits = at["intercept"] + proteins @ at["beta"]
    information = (1 / (2 + np.exp(logits) + np.exp(-logits))) @ proteins**2
    return information / (information + 1 / (at["tau"] * at["lam"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), proteins, relapsed)
    mcmc.print_summary()
