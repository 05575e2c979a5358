"""Rings of spruces: four trees a plot, two to five plots a stand, 24 stands in four valleys."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(701)
valley_of = np.repeat(np.arange(4), 6)  # of a stand
plots = rng.integers(2, 6, size=24)
stand_of = np.repeat(np.arange(24), plots)  # of a plot
n_plots = len(stand_of)
plot_of = np.repeat(np.arange(n_plots), 4)  # of a tree
true_stand = np.array([2.1, 2.6, 1.8, 2.3])[valley_of] + 0.35 * rng.normal(size=24)
true_plot = true_stand[stand_of] + 0.25 * rng.normal(size=n_plots)
ring = rng.normal(true_plot[plot_of], 0.4)  # millimetres a year


def model(valley_of, stand_of, plot_of, ring=None):
    valley = numpyro.sample("valley", dist.Normal(2, 1).expand([4]).to_event(1))
    sd_stand = numpyro.sample("sd_stand", dist.HalfNormal(1))
    sd_plot = numpyro.sample("sd_plot", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    with numpyro.plate("stands", len(valley_of)):
        stand = numpyro.sample("stand", dist.Normal(valley[valley_of], sd_stand))
    with numpyro.plate("plots", len(stand_of)):
        plot_z = numpyro.sample("plot_z", dist.Normal(0, 1))
        plot = stand[stand_of] + sd_plot * plot_z
    with numpyro.plate("trees", len(plot_of)):
        numpyro.sample("ring", dist.Normal(plot[plot_of], sigma), obs=ring)


arguments = (valley_of, stand_of, plot_of)
keywords = {"ring": ring}
SITE = "stand"
COMPARED = ("valley", "sd_stand", "sd_plot", "sigma", "stand", "plot_z")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # A plot tells of its stand with the variance of its own mean.
    information = plots / (at["sd_plot"] ** 2 + at["sigma"] ** 2 / 4)
    return information / (information + 1 / at["sd_stand"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), *arguments, ring=ring)
    mcmc.print_summary()
