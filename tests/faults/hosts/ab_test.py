"""Two versions of a page: which sells better, and by how much."""

import numpyro
from jax import numpy as jnp
from jax import random
from numpyro import plate, sample
from numpyro.distributions import Beta, Binomial, Normal
from numpyro.infer import MCMC, NUTS, Predictive


def conversions(visits, sales=None):
    with plate("version", 2):
        rate = sample("rate", Beta(1.5, 20.0))
        sample("sales", Binomial(total_count=visits, probs=rate), obs=sales)
    numpyro.deterministic("uplift", rate[1] - rate[0])


def revenue(spend, revenues=None):
    base = sample("base", Normal(10.0, 5.0))
    per_unit = sample("per_unit", Normal(0.0, 2.0))
    spread = sample("spread", numpyro.distributions.HalfNormal(3.0))
    with plate("days", spend.shape[0]):
        sample("revenues", Normal(base + per_unit * spend, spread), obs=revenues)


visits = jnp.array([1200, 1180])
sales = jnp.array([58, 81])

prior_key, fit_key, check_key, second_key = random.split(random.PRNGKey(11), 4)
prior = Predictive(conversions, num_samples=100)(prior_key, visits)
print("sales expected beforehand:", prior["sales"].mean(0))

mcmc = MCMC(NUTS(conversions), num_warmup=200, num_samples=300, progress_bar=False)
mcmc.run(fit_key, visits, sales=sales)
posterior = mcmc.get_samples()
print("uplift:", posterior["uplift"].mean(), "sure:", (posterior["uplift"] > 0).mean())

replicated = Predictive(conversions, posterior)(check_key, visits)
print("replicated sales:", replicated["sales"].mean(0))

spend = jnp.linspace(0.0, 4.0, 14)
revenues = 9.0 + 1.5 * spend
second = MCMC(NUTS(revenue), num_warmup=200, num_samples=300, progress_bar=False)
second.run(second_key, spend, revenues=revenues)
print(second.get_samples()["per_unit"].mean())
