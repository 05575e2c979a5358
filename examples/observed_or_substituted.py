"""`condition` and `substitute` both set a site's value; only one of them observes it.

`condition` says: this was seen. The site is marked as observed, and its log density counts as
evidence. `substitute` says: use this number here. The site stays latent, which is right for
plugging in posterior draws and wrong for inference.

`fit_wrongly` contains a mistake on purpose: it gives a substituted model to MCMC in the belief that
the noise is then known. NUTS samples it all the same.
"""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS

READINGS = jnp.array([20.3, 19.8, 20.9, 20.1, 20.6, 19.9])


def thermometer(n, y=None):
    temperature = numpyro.sample("temperature", dist.Normal(20.0, 5.0))
    noise = numpyro.sample("noise", dist.HalfNormal(2.0))
    with numpyro.plate("readings", n):
        numpyro.sample("reading", dist.Normal(temperature, noise), obs=y)


def show_the_difference():
    noise = {"noise": 0.25}
    n = READINGS.shape[0]
    seeded = handlers.seed(thermometer, jax.random.key(0))
    observed = handlers.trace(handlers.condition(seeded, data=noise)).get_trace(n)
    plugged_in = handlers.trace(handlers.substitute(seeded, data=noise)).get_trace(n)
    for name, trace in (("condition", observed), ("substitute", plugged_in)):
        site = trace["noise"]
        print(f"{name}: value {site['value']}, observed: {site['is_observed']}")


def fit_wrongly():
    # The mistake: `noise` is still sampled, 0.25 is at best where the chain begins.
    known_noise = handlers.substitute(thermometer, data={"noise": 0.25})
    mcmc = MCMC(NUTS(known_noise), num_warmup=200, num_samples=200, progress_bar=False)
    mcmc.run(jax.random.key(1), READINGS.shape[0], y=READINGS)
    return sorted(mcmc.get_samples())


def fit_rightly():
    known_noise = handlers.condition(thermometer, data={"noise": 0.25})
    mcmc = MCMC(NUTS(known_noise), num_warmup=200, num_samples=200, progress_bar=False)
    mcmc.run(jax.random.key(2), READINGS.shape[0], y=READINGS)
    return sorted(mcmc.get_samples())


def main():
    show_the_difference()
    print("sampled with substitute:", fit_wrongly())
    print("sampled with condition:", fit_rightly())


if __name__ == "__main__":
    main()
