"""Models that several tests trace."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.contrib.control_flow import scan

J = 8
SIGMA = np.linspace(9.0, 18.0, J)
Y = np.linspace(-3.0, 28.0, J)


def eight_schools(J: int = J, sigma: Any = SIGMA, y: Any = None) -> None:
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


def linear(x: Any) -> None:
    intercept = numpyro.sample("intercept", dist.Normal(0.0, 10.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 5.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    mu = numpyro.deterministic("mu", intercept + slope * x)
    with numpyro.plate("data", len(x)):
        numpyro.sample("obs", dist.Normal(mu, sigma))


def with_param() -> None:
    scale = numpyro.param("scale", 1.0, constraint=dist.constraints.positive)
    numpyro.sample("x", dist.Normal(0, scale), obs=0.5)


def steps() -> None:
    phi = numpyro.sample("phi", dist.Uniform(-1, 1))

    def body(before: Any, _: Any) -> tuple[Any, Any]:
        x = numpyro.sample("x", dist.Normal(phi * before, 1.0))
        numpyro.deterministic("twice", 2 * x)
        with numpyro.plate("p", 3):
            numpyro.sample("y", dist.Normal(x, 1.0))
        return x, x

    scan(body, 0.0, None, length=5)
