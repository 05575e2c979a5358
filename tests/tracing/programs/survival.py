"""A clinical trial: a table with semicolons, and censored times."""

import jax
import jax.numpy as jnp
import pandas as pd
from lifelines import KaplanMeierFitter

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def read_trial(path="data/trial.csv"):
    trial = pd.read_csv(path, sep=";", index_col="id")
    return dict(
        drug=jnp.asarray((trial.treatment == "drug").values, dtype=int),
        age=jnp.asarray(((trial.age - trial.age.mean()) / trial.age.std()).values),
        months=jnp.asarray(trial.months.clip(lower=0.1).values),
        event=jnp.asarray(trial.event.values.astype(bool)),
    )


def weibull(drug, age, months=None, event=None):
    shape = numpyro.sample("shape", dist.Gamma(2.0, 1.0))
    intercept = numpyro.sample("intercept", dist.Normal(2.0, 1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
    scale = jnp.exp(intercept + effect[0] * drug + effect[1] * age)
    lifetimes = dist.Weibull(scale, shape)
    with numpyro.plate("patients", drug.shape[0]):
        with numpyro.handlers.mask(mask=event):
            numpyro.sample("months", lifetimes, obs=months)
        with numpyro.handlers.mask(mask=~event):
            survival = 1.0 - lifetimes.cdf(months)
            numpyro.sample("censored", dist.Bernoulli(survival), obs=jnp.ones_like(months))


def plot(trial):
    curve = KaplanMeierFitter().fit(trial["months"], trial["event"])
    curve.plot_survival_function()


if __name__ == "__main__":
    trial = read_trial()
    mcmc = MCMC(NUTS(weibull), num_warmup=1000, num_samples=1000, num_chains=4)
    mcmc.run(jax.random.PRNGKey(0), **trial)
    plot(trial)
