"""Eight schools, the way every tutorial begins."""

import argparse
import os

import matplotlib.pyplot as plt
import numpy as np
from jax import random

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, Predictive

J = 8
y = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
sigma = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def eight_schools(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


def main(args):
    mcmc = MCMC(
        NUTS(eight_schools),
        num_warmup=args.num_warmup,
        num_samples=args.num_samples,
        num_chains=args.num_chains,
        progress_bar="NUMPYRO_SPHINXBUILD" not in os.environ,
    )
    mcmc.run(random.key(0), J, sigma, y=y)
    mcmc.print_summary()
    samples = mcmc.get_samples()
    replicated = Predictive(eight_schools, samples)(random.key(1), J, sigma)["obs"]
    fig, ax = plt.subplots()
    ax.hist(np.asarray(replicated).ravel())
    fig.savefig("eight_schools.png")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Eight schools")
    parser.add_argument("-n", "--num-samples", nargs="?", default=1000, type=int)
    parser.add_argument("--num-warmup", nargs="?", default=1000, type=int)
    parser.add_argument("--num-chains", nargs="?", default=1, type=int)
    parser.add_argument("--device", default="cpu", type=str)
    args = parser.parse_args()

    numpyro.set_platform(args.device)
    numpyro.set_host_device_count(args.num_chains)
    main(args)
