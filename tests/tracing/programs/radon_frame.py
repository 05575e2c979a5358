"""A varying intercepts model of a data frame that lies beside the script."""

import argparse

import arviz as az
import jax
import jax.numpy as jnp
import pandas as pd

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam


def load(path):
    radon = pd.read_csv(path)
    radon["county_code"] = radon["county"].astype("category").cat.codes
    radon = radon.dropna(subset=["log_radon"])
    return radon


def varying_intercepts(county, floor, n_counties, log_radon=None):
    mu_a = numpyro.sample("mu_a", dist.Normal(0.0, 1.0))
    sigma_a = numpyro.sample("sigma_a", dist.HalfNormal(1.0))
    b = numpyro.sample("b", dist.Normal(0.0, 1.0))
    with numpyro.plate("counties", n_counties):
        a = numpyro.sample("a", dist.Normal(mu_a, sigma_a))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    with numpyro.plate("houses", county.shape[0]):
        numpyro.sample("log_radon", dist.Normal(a[county] + b * floor, sigma), obs=log_radon)


def main(args):
    radon = load(args.data)
    print(radon.describe())
    county = jnp.asarray(radon["county_code"].values.astype(int))
    floor = jnp.asarray(radon["floor"].values, dtype=float)
    kernel = NUTS(numpyro.handlers.reparam(varying_intercepts, {"a": LocScaleReparam(0)}))
    mcmc = MCMC(kernel, num_warmup=args.warmup, num_samples=args.samples)
    mcmc.run(
        jax.random.PRNGKey(args.seed),
        county,
        floor,
        int(county.max()) + 1,
        log_radon=radon["log_radon"].to_numpy(),
    )
    idata = az.from_numpyro(mcmc)
    az.plot_trace(idata)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data/radon.csv")
    parser.add_argument("--warmup", type=int, default=500)
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    main(parser.parse_args())
