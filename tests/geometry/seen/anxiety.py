"""Seven questions on anxiety, each answered from nought to three by sixty people, half treated."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(803)
person, item = (each.ravel() for each in np.indices((60, 7)))
treated = rng.permutation(np.repeat([0.0, 1.0], 30))
truth = -0.8 * treated + 1.3 * rng.normal(size=60)
burden = truth[person] + rng.normal(0, 0.6, size=7)[item]
answer = np.digitize(burden + rng.logistic(size=len(person)), [-0.6, 1.0, 2.3])


def model(person, item, treated, answer=None):
    cutpoints = numpyro.sample(
        "cutpoints",
        dist.TransformedDistribution(
            dist.Normal(0, 2).expand([3]), dist.transforms.OrderedTransform()
        ),
    )
    effect = numpyro.sample("effect", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.Gamma(2, 2))
    with numpyro.plate("items", 7):
        ease = numpyro.sample("ease", dist.Normal(0, 1))
    with numpyro.plate("people", len(treated)):
        severity = numpyro.sample("severity", dist.Normal(effect * treated, tau))
    with numpyro.plate("answers", len(person)):
        predictor = severity[person] + ease[item]
        numpyro.sample("answer", dist.OrderedLogistic(predictor, cutpoints), obs=answer)


arguments = (person, item, treated)
keywords = {"answer": answer}
SITE = "severity"
COMPARED = ("cutpoints", "effect", "tau", "ease", "severity")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # Of the answers that are possible: sum of (dp/dseverity)^2 / p.
    below = at["cutpoints"] - (at["severity"][person] + at["ease"][item])[:, None]
    below = np.pad(1 / (1 + np.exp(-below)), ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1)))
    slope = np.diff(below * (1 - below))
    information = np.bincount(person, np.sum(slope**2 / np.diff(below), axis=1))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), person, item, treated, answer=answer)
    mcmc.print_summary()
