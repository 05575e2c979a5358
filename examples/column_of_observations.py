"""A column of data against a row of means: every observation is compared with every mean.

Data read from a table often arrive as a column, (N, 1). Against N means, shape (N,), the log
density is broadcast to (N, N). `wrong` contains this mistake on purpose. Nothing is raised: the
posterior is merely that of another model, here one in which the slope goes to nothing.
"""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS

DOSE = jnp.linspace(0.0, 2.0, 12)
TABLE = jnp.column_stack([DOSE, 0.5 + 1.5 * DOSE + 0.1 * jnp.sin(17.0 * DOSE)])


def wrong(dose, response=None):
    base = numpyro.sample("base", dist.Normal(0.0, 1.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    noise = numpyro.sample("noise", dist.HalfNormal(1.0))
    # The mistake is in the call: `response` is given as a column, shape (12, 1).
    numpyro.sample("response", dist.Normal(base + slope * dose, noise), obs=response)


def right(dose, response=None):
    base = numpyro.sample("base", dist.Normal(0.0, 1.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    noise = numpyro.sample("noise", dist.HalfNormal(1.0))
    with numpyro.plate("patients", dose.shape[0]):
        numpyro.sample("response", dist.Normal(base + slope * dose, noise), obs=response)


def density_shape(model, dose, response):
    trace = handlers.trace(handlers.seed(model, jax.random.key(0))).get_trace(dose, response)
    site = trace["response"]
    return site["fn"].log_prob(site["value"]).shape


def main():
    wrong_fit = MCMC(NUTS(wrong), num_warmup=300, num_samples=300, progress_bar=False)
    wrong_fit.run(jax.random.key(1), DOSE, response=TABLE[:, 1:])
    right_fit = MCMC(NUTS(right), num_warmup=300, num_samples=300, progress_bar=False)
    right_fit.run(jax.random.key(2), DOSE, response=TABLE[:, 1])

    print("log density of a column:", density_shape(wrong, DOSE, TABLE[:, 1:]))
    print("slope, 1.5 in truth:", wrong_fit.get_samples()["slope"].mean())
    print("log density of a vector:", density_shape(right, DOSE, TABLE[:, 1]))
    print("slope, 1.5 in truth:", right_fit.get_samples()["slope"].mean())


if __name__ == "__main__":
    main()
