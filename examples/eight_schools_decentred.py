"""The eight schools again, decentred: the same model, a better shape for the sampler.

The model is written as one thinks of it, `theta ~ Normal(mu, tau)`. The handler `reparam` makes
NUTS sample `theta_decentered ~ Normal(0, 1)` and computes `theta = mu + tau * theta_decentered`,
so that the funnel is gone while the posterior of `theta` is the same. `theta` itself becomes a
deterministic site: it is still found in the samples under its own name.

Decentre where the data say little about each group, as here. Where each group has plenty of data
the centred form is the better one.
"""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

EFFECT = jnp.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
STANDARD_ERROR = jnp.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def eight_schools(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


decentred = handlers.reparam(eight_schools, config={"theta": LocScaleReparam(0)})


def main():
    mcmc = MCMC(NUTS(decentred), num_warmup=500, num_samples=500, progress_bar=False)
    mcmc.run(
        jax.random.key(3),
        EFFECT.size,
        STANDARD_ERROR,
        y=EFFECT,
        extra_fields=("diverging",),
    )
    effects = mcmc.get_samples()["theta"].mean(axis=0)
    print("mean effect of each school:", " ".join(f"{effect:.1f}" for effect in effects))
    print("divergent transitions:", int(mcmc.get_extra_fields()["diverging"].sum()))


if __name__ == "__main__":
    main()
