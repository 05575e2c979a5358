"""Weekly sales of shops, put together from helpers, with a scope for each season."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.handlers import scope, seed, trace
from numpyro.infer import MCMC, NUTS


def trend(t):
    start = numpyro.sample("start", dist.Normal(3.0, 1.0))
    growth = numpyro.sample("growth", dist.Normal(0.0, 0.1))
    return start + growth * t


def season(t, period):
    amplitude = numpyro.sample("amplitude", dist.HalfNormal(1.0))
    phase = numpyro.sample("phase", dist.Normal(0.0, 1.0))
    return amplitude * jnp.sin(2 * jnp.pi * t / period + phase)


def sales_model(t, sales=None):
    log_rate = trend(t)
    with scope(prefix="month"):
        log_rate = log_rate + season(t, 4)
    with scope(prefix="year"):
        log_rate = log_rate + season(t, 52)
    concentration = numpyro.sample("concentration", dist.Gamma(2.0, 0.1))
    with numpyro.plate("weeks", t.shape[0]):
        numpyro.sample("sales", dist.NegativeBinomial2(jnp.exp(log_rate), concentration), obs=sales)


def shops(t, n_shops, sales=None):
    """Each shop has a level of its own; the site of each has its number in its name."""
    shared = trend(t)
    for shop in range(n_shops):
        level = numpyro.sample(f"level_{shop}", dist.Normal(0.0, 0.5))
        observed = None if sales is None else sales[shop]
        rate = jnp.exp(shared + level)
        numpyro.sample(f"sales_{shop}", dist.Poisson(rate).to_event(1), obs=observed)


t = jnp.arange(30.0)
drawn = trace(seed(sales_model, rng_seed=0)).get_trace(t)
sales = drawn["sales"]["value"]

mcmc = MCMC(NUTS(sales_model), num_warmup=100, num_samples=100, progress_bar=False)
mcmc.run(jax.random.PRNGKey(0), t, sales=sales)
samples = mcmc.get_samples()
print(samples["growth"].mean(), samples["year/amplitude"].mean())

several = MCMC(NUTS(shops), num_warmup=100, num_samples=100, progress_bar=False)
several.run(jax.random.PRNGKey(1), t, 2, sales=jnp.stack([sales, sales]))
print(several.get_samples()["level_0"].mean())
