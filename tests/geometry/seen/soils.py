"""The carbon of seventy soils from eighteen bands of their spectra: a regularised horseshoe."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(809)
bands = np.sqrt(0.7) * rng.normal(size=(70, 18)) + np.sqrt(0.3) * rng.normal(size=(70, 1))
carbon = 2.5 + 0.9 * bands[:, 3] - 0.7 * bands[:, 11] + rng.normal(0, 0.6, size=70)


def model(bands, carbon=None):
    n, p = bands.shape
    alpha = numpyro.sample("alpha", dist.Normal(2, 2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.05))
    c2 = numpyro.sample("c2", dist.InverseGamma(2, 4))
    with numpyro.plate("bands", p):
        lam = numpyro.sample("lam", dist.HalfCauchy(1))
        # The slab: no coefficient is let go much further than c.
        kept = jnp.sqrt(c2 / (c2 + (tau * lam) ** 2))
        beta = numpyro.sample("beta", dist.Normal(0, tau * lam * kept))
    with numpyro.plate("soils", n):
        numpyro.sample("carbon", dist.Normal(alpha + bands @ beta, sigma), obs=carbon)


arguments = (bands,)
keywords = {"carbon": carbon}
SITE = "beta"
COMPARED = ("alpha", "sigma", "tau", "c2", "lam", "beta")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.sum(bands**2, axis=0) / at["sigma"] ** 2
    variance = at["c2"] * (at["tau"] * at["lam"]) ** 2 / (at["c2"] + (at["tau"] * at["lam"]) ** 2)
    return information / (information + 1 / variance)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), bands, carbon=carbon)
    mcmc.print_summary()
