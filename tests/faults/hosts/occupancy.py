"""Which ponds have frogs: sites that are visited several times, summed over what is not seen."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
import numpyro.handlers as poutine
from numpyro.infer import MCMC, NUTS, Predictive


def occupancy(depth, visits, seen=None):
    to_occupied = numpyro.sample("to_occupied", dist.Normal(0.0, 1.5))
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    detection = numpyro.sample("detection", dist.Beta(2.0, 2.0))
    with numpyro.plate("ponds", depth.shape[0]):
        occupied = numpyro.sample(
            "occupied",
            dist.Bernoulli(logits=to_occupied + slope * depth),
            infer={"enumerate": "parallel"},
        )
        numpyro.sample("seen", dist.Binomial(visits, occupied * detection), obs=seen)


def density(depth, frogs=None):
    base = numpyro.sample("base", dist.Normal(1.0, 1.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    gate = numpyro.sample("gate", dist.Beta(1.0, 1.0))
    rate = jnp.exp(base + slope * depth)
    with numpyro.plate("ponds", depth.shape[0]):
        numpyro.sample("frogs", dist.ZeroInflatedPoisson(gate, rate), obs=frogs)


def seasons(depth, spring=None, autumn=None):
    with poutine.scope(prefix="spring"):
        density(depth, spring)
    with poutine.scope(prefix="autumn"):
        density(depth, autumn)


DEPTH = jnp.array([-1.2, -0.4, 0.0, 0.3, 0.9, 1.4])
SEEN = jnp.array([0, 1, 0, 3, 4, 2])
FROGS = jnp.array([0, 2, 0, 5, 9, 7])


def main():
    keys = iter(jax.random.split(jax.random.PRNGKey(8), 4))
    mcmc = MCMC(NUTS(occupancy), num_warmup=100, num_samples=100, progress_bar=False)
    mcmc.run(next(keys), DEPTH, 5, seen=SEEN)
    print("detection", mcmc.get_samples()["detection"].mean())

    counts = MCMC(NUTS(density), num_warmup=100, num_samples=100, progress_bar=False)
    counts.run(next(keys), DEPTH, frogs=FROGS)
    posterior = counts.get_samples()
    replicated = Predictive(density, posterior)(next(keys), DEPTH)
    print(replicated["frogs"].mean(0))

    both = MCMC(NUTS(seasons), num_warmup=100, num_samples=100, progress_bar=False)
    both.run(next(keys), DEPTH, FROGS, autumn=FROGS)
    print(both.get_samples()["autumn/slope"].mean())


if __name__ == "__main__":
    main()
