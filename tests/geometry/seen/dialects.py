"""A vowel that 38 speakers drop or not, by how fast they speak: correlated habits and slopes."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(709)
tokens = rng.integers(12, 46, size=38)
speaker = np.repeat(np.arange(38), tokens)
pace = rng.normal(size=len(speaker))
covariance = np.outer([0.9, 0.35], [0.9, 0.35]) * [[1, 0.3], [0.3, 1]]
truth = rng.multivariate_normal([-0.4, 0.5], covariance, size=38)
dropped = rng.binomial(1, 1 / (1 + np.exp(-truth[speaker, 0] - truth[speaker, 1] * pace)))


def priors():
    mu = numpyro.sample("mu", dist.Normal(0, 1.5).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(1).expand([2]).to_event(1))
    L_omega = numpyro.sample("L_omega", dist.LKJCholesky(2, concentration=2))
    return mu, tau[:, None] * L_omega


def drops(speaker, pace, habit, dropped):
    with numpyro.plate("tokens", len(speaker)):
        logits = habit[speaker, 0] + habit[speaker, 1] * pace
        numpyro.sample("dropped", dist.Bernoulli(logits=logits), obs=dropped)


def model(speaker, pace, dropped=None):
    mu, scale_tril = priors()
    with numpyro.plate("speakers", 38):
        habit = numpyro.sample("habit", dist.MultivariateNormal(mu, scale_tril=scale_tril))
    drops(speaker, pace, habit, dropped)


def decentred(speaker, pace, dropped=None):
    mu, scale_tril = priors()
    with numpyro.plate("speakers", 38):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
        habit = numpyro.deterministic("habit", mu + jnp.einsum("ij,nj->ni", scale_tril, z))
    drops(speaker, pace, habit, dropped)


arguments = (speaker, pace)
keywords = {"dropped": dropped}
SITE = "habit"
COMPARED = ("mu", "tau", "L_omega", "habit")
centred = model


def kappa(at):
    # Of each direction alone: the correlation is left out.
    share = 1 / (1 + np.exp(-at["habit"][speaker, 0] - at["habit"][speaker, 1] * pace))
    told = share * (1 - share)
    information = np.stack([np.bincount(speaker, told * pace**each) for each in (0, 2)], axis=1)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), speaker, pace, dropped=dropped)
    mcmc.print_summary()
