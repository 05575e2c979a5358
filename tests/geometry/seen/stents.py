"""When stents close up again, in 28 centres of five to fifty patients: a hazard in four steps."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(615)
patients = rng.integers(5, 51, size=28)
centre_of = np.repeat(np.arange(28), patients)
diabetic_of = rng.binomial(1, 0.3, size=len(centre_of))
starts, ends = np.array([0.0, 0.5, 1.0, 2.0]), np.array([0.5, 1.0, 2.0, 3.0])  # years
log_hazard = (0.5 * diabetic_of + 0.35 * rng.normal(size=28)[centre_of])[:, None] + np.array(
    [-1.2, -1.6, -2.2, -2.5]
)
# One row for each step that a patient enters, up to an event or the end of the study.
study_ends = rng.uniform(1, 3, size=len(centre_of))[:, None]
waits = rng.exponential(size=log_hazard.shape) / np.exp(log_hazard)
until = np.minimum(starts + waits, np.minimum(ends, study_ends))
closes = (starts + waits <= ends) & (starts + waits <= study_ends)
entered = (starts < study_ends) & (np.cumsum(closes, axis=1) - closes == 0)
row, step = np.nonzero(entered)
centre, diabetic = centre_of[row], diabetic_of[row]
exposure, closed = (until - starts)[entered], closes[entered].astype(int)


def model(centre, diabetic, step, exposure, closed=None):
    baseline = numpyro.sample("baseline", dist.Normal(-2, 1).expand([4]).to_event(1))
    by_diabetes = numpyro.sample("by_diabetes", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("centres", 28):
        frailty = numpyro.sample("frailty", dist.Normal(0, tau))
    with numpyro.plate("rows", len(centre)):
        log_hazard = baseline[step] + by_diabetes * diabetic + frailty[centre]
        numpyro.sample("closed", dist.Poisson(exposure * jnp.exp(log_hazard)), obs=closed)


arguments = (centre, diabetic, step, exposure)
keywords = {"closed": closed}
SITE = "frailty"
COMPARED = ("baseline", "by_diabetes", "tau", "frailty")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    log_hazard = at["baseline"][step] + at["by_diabetes"] * diabetic + at["frailty"][centre]
    information = np.bincount(centre, exposure * np.exp(log_hazard))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), *arguments, closed=closed)
    mcmc.print_summary()
