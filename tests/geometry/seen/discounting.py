"""Less money now or more later: 27 choices of each of 36 people, who discount as they do."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(605)
delay = rng.integers(7, 187, size=27)  # days
later = rng.integers(25, 86, size=27).astype(float)
now = np.round(later / (1 + np.exp(rng.uniform(-8, -1, size=27)) * delay))
true_log_k = rng.normal(-4.2, 1.4, size=(36, 1))
advantage = later / (1 + np.exp(true_log_k) * delay) - now
waits = rng.binomial(1, 1 / (1 + np.exp(-0.25 * advantage)))


def model(delay, later, now, waits=None):
    mu = numpyro.sample("mu", dist.Normal(-4, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    consistency = numpyro.sample("consistency", dist.LogNormal(-1, 1))
    with numpyro.plate("people", 36, dim=-2):
        log_k = numpyro.sample("log_k", dist.Normal(mu, tau))
        with numpyro.plate("choices", len(delay), dim=-1):
            worth = later / (1 + jnp.exp(log_k) * delay)
            logits = consistency * (worth - now)
            numpyro.sample("waits", dist.Bernoulli(logits=logits), obs=waits)


arguments = (delay, later, now)
keywords = {"waits": waits}
SITE = "log_k"
COMPARED = ("mu", "tau", "consistency", "log_k")
centred = model
decentred = handlers.reparam(model, config={"log_k": LocScaleReparam(0)})


def kappa(at):
    discount = np.exp(at["log_k"]) * delay
    logits = at["consistency"] * (later / (1 + discount) - now)
    slope = at["consistency"] * later * discount / (1 + discount) ** 2
    share = 1 / (1 + np.exp(-logits))
    information = np.sum(share * (1 - share) * slope**2, axis=1)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), *arguments, waits=waits)
    mcmc.print_summary()
