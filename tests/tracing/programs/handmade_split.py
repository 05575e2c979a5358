"""Scores of students: missing values, a split by hand, a scaler by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, Predictive


class Scaler:
    def fit(self, values):
        self.mean, self.sd = np.nanmean(values), np.nanstd(values)
        return self

    def transform(self, values):
        return (values - self.mean) / self.sd


def split(frame, share=0.8, seed=0):
    order = np.random.default_rng(seed).permutation(len(frame))
    cut = int(share * len(frame))
    return frame.iloc[order[:cut]], frame.iloc[order[cut:]]


def imputing(school, hours, missing, score=None):
    n_schools = 4
    with numpyro.plate("schools", n_schools):
        level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    mean_hours = numpyro.sample("mean_hours", dist.Normal(0.0, 1.0))
    filled = numpyro.sample(
        "hours_missing", dist.Normal(mean_hours, 1.0).expand([len(missing)]).mask(False).to_event(1)
    )
    hours = jnp.asarray(hours).at[missing].set(filled)
    with numpyro.plate("students", len(school)):
        numpyro.sample("score", dist.Normal(level[school] + slope * hours, 1.0), obs=score)


exams = pd.read_csv("data/exams.csv")
exams = exams[exams["score"].notna()].copy()
exams["code"] = pd.Categorical(exams["school"], categories=list("ABCD")).codes
train, test = split(exams)

scaler = Scaler()
scaler.fit(train["score"].values)
hours = Scaler().fit(train["hours"].values).transform(train["hours"].values)
missing = np.flatnonzero(np.isnan(hours))

mcmc = MCMC(NUTS(imputing), num_warmup=300, num_samples=300)
mcmc.run(
    jax.random.PRNGKey(0),
    train["code"].values.astype("int32"),
    np.nan_to_num(hours),
    missing,
    score=scaler.transform(train["score"].values),
)
samples = mcmc.get_samples()
rest = Predictive(imputing, samples)(jax.random.PRNGKey(1), test["code"].values, test["hours"].values, [])
