"""What advertising does: a small causal model, with conditioning and an intervention."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS, Predictive


def market(n):
    to_ads = numpyro.sample("to_ads", dist.Normal(0.0, 1.0))
    to_sales = numpyro.sample("to_sales", dist.Normal(0.0, 1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, 1.0))
    noise = numpyro.sample("noise", dist.HalfNormal(1.0))
    with numpyro.plate("weeks", n):
        demand = numpyro.sample("demand", dist.Normal(0.0, 1.0))
        ads = numpyro.sample("ads", dist.Normal(to_ads * demand, 1.0))
        numpyro.sample("sales", dist.Normal(effect * ads + to_sales * demand, noise))


def simulate(n, effect):
    held = {"to_ads": 0.5, "to_sales": 1.0, "effect": effect, "noise": 0.3}
    world = handlers.condition(market, data=held)
    with handlers.seed(rng_seed=4):
        tr = handlers.trace(world).get_trace(n)
    return {name: tr[name]["value"] for name in ("demand", "ads", "sales")}


def main():
    n = 50
    data = simulate(n, 0.8)
    fitted = handlers.condition(market, data=data)
    mcmc = MCMC(NUTS(fitted), num_warmup=150, num_samples=150, progress_bar=False)
    mcmc.run(jax.random.PRNGKey(6), n)
    posterior = mcmc.get_samples()
    print("effect", posterior["effect"].mean())

    spend_more = handlers.do(market, data={"ads": 2.0 * jnp.ones(n)})
    more = Predictive(spend_more, posterior, return_sites=["sales"])(jax.random.PRNGKey(7), n)
    print("sales if all weeks had two units:", more["sales"].mean())

    quiet = handlers.block(market, hide=["demand"])
    print(sorted(handlers.trace(handlers.seed(quiet, 1)).get_trace(n)))


if __name__ == "__main__":
    main()
