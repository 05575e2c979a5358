"""All settings in one dataclass."""

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


@dataclass
class Priors:
    location: float = 0.0
    scale: float = 2.5


@dataclass
class Config:
    n_groups: int = 5
    per_group: int = 12
    seed: int = 42
    num_warmup: int = 300
    num_samples: int = 300
    priors: Priors = field(default_factory=Priors)

    @property
    def total(self) -> int:
        return self.n_groups * self.per_group


@dataclass(frozen=True)
class Data:
    group: np.ndarray
    y: np.ndarray

    @classmethod
    def simulate(cls, config: Config) -> "Data":
        rng = np.random.default_rng(config.seed)
        group = np.repeat(np.arange(config.n_groups), config.per_group)
        y = rng.normal(rng.normal(size=config.n_groups)[group], 0.5)
        return cls(group, y)


def hierarchical(config: Config, data: Data, predict: bool = False):
    mu = numpyro.sample("mu", dist.Normal(config.priors.location, config.priors.scale))
    tau = numpyro.sample("tau", dist.HalfNormal(config.priors.scale))
    with numpyro.plate("groups", config.n_groups):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    with numpyro.plate("obs", config.total):
        y = None if predict else jnp.asarray(data.y)
        numpyro.sample("y", dist.Normal(theta[data.group], sigma), obs=y)


def run(config: Config) -> dict:
    data = Data.simulate(config)
    mcmc = MCMC(
        NUTS(hierarchical), num_warmup=config.num_warmup, num_samples=config.num_samples
    )
    mcmc.run(jax.random.key(config.seed), config, data)
    return mcmc.get_samples()


if __name__ == "__main__":
    samples = run(Config(n_groups=8))
