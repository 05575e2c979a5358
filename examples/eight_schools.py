"""Coaching in eight schools, the usual first hierarchical model, in its centred form.

Each school reports an estimated effect of coaching and the standard error of that estimate. The
model shares strength between schools: the effects `theta` come from one Normal whose scale `tau`
is itself unknown.

This program contains a mistake on purpose. With so little data per school, `theta` and `tau` form
a funnel: where `tau` is small every `theta` is pressed against `mu`, and NUTS cannot take one step
size that suits both the neck and the mouth. It runs, and its answer is not to be trusted: look at
the divergences that it prints. `eight_schools_decentred.py` is the same model, mended.
"""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

EFFECT = jnp.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
STANDARD_ERROR = jnp.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def eight_schools(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        # The mistake: the scale of a latent Normal is itself latent, and data are few.
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


def main():
    mcmc = MCMC(NUTS(eight_schools), num_warmup=500, num_samples=500, progress_bar=False)
    mcmc.run(
        jax.random.key(3),
        EFFECT.size,
        STANDARD_ERROR,
        y=EFFECT,
        extra_fields=("diverging",),
    )
    mcmc.print_summary()
    print("divergent transitions:", int(mcmc.get_extra_fields()["diverging"].sum()))


if __name__ == "__main__":
    main()
