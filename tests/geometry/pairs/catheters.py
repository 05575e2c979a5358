"""Infections at catheters: two times of each of 38 patients, a third of them censored."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(110)
patient = np.repeat(np.arange(38), 2)
age = rng.normal(size=38)[patient]
frailty = 0.8 * rng.normal(size=38)[patient]
time = (rng.exponential(size=76) / np.exp(0.3 * age + frailty)) ** (1 / 1.2)
end = rng.uniform(0.3, 3.0, size=76)
event = time <= end
time = np.minimum(time, end)


def model(patient, age, time, event):
    intercept = numpyro.sample("intercept", dist.Normal(0, 2))
    beta = numpyro.sample("beta", dist.Normal(0, 1))
    shape = numpyro.sample("shape", dist.Gamma(4, 4))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("patients", 38):
        frailty = numpyro.sample("frailty", dist.Normal(0, tau))
    with numpyro.plate("catheters", len(patient)):
        log_rate = intercept + beta * age + frailty[patient]
        log_hazard = jnp.log(shape) + (shape - 1) * jnp.log(time) + log_rate
        numpyro.factor("survival", event * log_hazard - jnp.exp(log_rate) * time**shape)


arguments = (patient, age, time, event)
keywords = {}
SITE = "frailty"
COMPARED = ("intercept", "beta", "shape", "tau", "frailty")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    log_rate = at["intercept"] + at["beta"] * age + at["frailty"][patient]
    information = np.bincount(patient, np.exp(log_rate) * time ** at["shape"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), *arguments)
    mcmc.print_summary()
