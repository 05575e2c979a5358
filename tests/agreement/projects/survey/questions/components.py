"""Parts of a model, as classes."""

import numpyro
import numpyro.distributions as dist

from .naming import site_name


class Component:
    def __init__(self, name):
        self.name = name

    def draw(self, leaf, distribution):
        return numpyro.sample(site_name(self.name, leaf), distribution)


class Intercept(Component):
    def __call__(self, x):
        return self.draw("level", dist.Normal(0.0, 1.0))


class Trend(Component):
    def __call__(self, x):
        return self.draw("slope", dist.Normal(0.0, 1.0)) * x
