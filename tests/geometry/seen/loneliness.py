"""How lonely 75 students feel on four evenings, in four grades: a diary that is kept badly."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(613)
student, evening = (each.ravel() for each in np.indices((75, 4)))
kept = rng.uniform(size=300) < 0.8
student, weekend = student[kept], (evening[kept] == 3).astype(float)
leaning = 0.6 * rng.normal(size=75)[student] - 0.4 * weekend
grade = np.digitize(leaning + rng.logistic(size=len(student)), [-0.6, 0.8, 2.1])


@handlers.reparam(config={"trait": LocScaleReparam(0)})
def model(student, weekend, grade=None):
    cuts = numpyro.sample(
        "cuts",
        dist.TransformedDistribution(
            dist.Normal(0, 1.5).expand([3]), dist.transforms.OrderedTransform()
        ),
    )
    by_weekend = numpyro.sample("by_weekend", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.Exponential(1))
    with numpyro.plate("students", 75):
        trait = numpyro.sample("trait", dist.Normal(0, tau))
    with numpyro.plate("evenings", len(student)):
        predictor = trait[student] + by_weekend * weekend
        numpyro.sample("grade", dist.OrderedLogistic(predictor, cuts), obs=grade)


arguments = (student, weekend)
keywords = {"grade": grade}
SITE = "trait"
COMPARED = ("cuts", "by_weekend", "tau", "trait")
centred = model.fn
decentred = model


def kappa(at):
    # Of the grades that are possible: sum of (dp/dtrait)^2 / p.
    predictor = at["trait"][student] + at["by_weekend"] * weekend
    below = 1 / (1 + np.exp(predictor[:, None] - at["cuts"]))
    below = np.column_stack([np.zeros(len(student)), below, np.ones(len(student))])
    slope = np.diff(below * (1 - below))
    told = np.sum(slope**2 / np.diff(below), axis=1)
    information = np.bincount(student, told, minlength=75)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), student, weekend, grade=grade)
    mcmc.print_summary()
