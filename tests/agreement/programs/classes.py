"""Classes: methods as models, inheritance, attributes, random-variable objects."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.handlers import seed, trace
from numpyro.infer import MCMC, NUTS


class Regression:
    family = "gaussian"

    def __init__(self, prefix, n=4):
        self.prefix = prefix
        self.n = n
        self.plate_name = f"{prefix}_data"

    def prior(self):
        return numpyro.sample(f"{self.prefix}_beta", dist.Normal(0.0, 1.0))

    def model(self, x, y=None):
        beta = self.prior()
        sigma = numpyro.sample(self.prefix + "_sigma", dist.HalfNormal(1.0))
        with numpyro.plate(self.plate_name, self.n):
            numpyro.sample(f"{self.family}_y", dist.Normal(beta * x, sigma), obs=y)

    def other(self):
        return numpyro.sample("other", dist.Normal(0.0, 1.0))


regression = Regression("reg")
trace(seed(regression.model, 0)).get_trace(jnp.zeros(4))
trace(seed(regression.other, 0)).get_trace()


class Robust(Regression):
    def __init__(self, prefix):
        super().__init__(prefix, n=4)
        self.df_name = "df"

    def model(self, x, y=None):
        df = numpyro.sample(self.df_name, dist.Gamma(2.0, 0.1))
        beta = self.prior()
        numpyro.sample("robust_y", dist.StudentT(df, beta * x, 1.0), obs=y)


robust = Robust("rob")
trace(seed(robust.model, 0)).get_trace(jnp.zeros(4), jnp.zeros(4))


class Component(ABC):
    def __init__(self, name):
        self.name = name

    @abstractmethod
    def prior(self): ...

    def __call__(self, x):
        return x * numpyro.sample(self.name, self.prior())


class Trend(Component):
    def prior(self):
        return dist.Normal(0.0, 1.0)


class Season(Component):
    def prior(self):
        return dist.HalfNormal(1.0)


class Sum:
    def __init__(self, *parts):
        self.parts = parts

    def __call__(self, x, y=None):
        total = sum(part(x) for part in self.parts)
        numpyro.sample("y", dist.Normal(total, 1.0), obs=y)


structural = Sum(Trend("trend"), Season("season"))
MCMC(NUTS(structural), num_warmup=1, num_samples=1).run(random.PRNGKey(0), jnp.zeros(3))


@dataclass
class RandomVariable:
    name: str
    distribution: dist.Distribution = field(default_factory=lambda: dist.Normal(0.0, 1.0))

    def sample(self, **kwargs):
        return numpyro.sample(self.name, self.distribution, **kwargs)


def random_variables():
    a = RandomVariable("a")
    b = RandomVariable(name="b", distribution=dist.HalfNormal(1.0))
    a.sample()
    b.sample(obs=jnp.ones(()))
    RandomVariable("c").sample()


trace(seed(random_variables, 0)).get_trace()


class Container:
    def __init__(self):
        self.variables = [RandomVariable("x"), RandomVariable("y")]
        self.by_name = {"u": RandomVariable("u"), "v": RandomVariable("v")}
        self.single = RandomVariable("single")

    def model(self):
        for variable in self.variables:
            variable.sample()
        for variable in self.by_name.values():
            variable.sample()
        self.single.sample()


container = Container()
trace(seed(container.model, 0)).get_trace()


class Plated:
    def __init__(self, groups):
        self.plate = numpyro.plate("groups", groups)

    def __call__(self):
        with self.plate:
            return numpyro.sample("theta", dist.Normal(0.0, 1.0))


def uses_plated():
    return Plated(3)()


trace(seed(uses_plated, 0)).get_trace()


class Static:
    suffix = "static"

    @staticmethod
    def model():
        return numpyro.sample("in_static", dist.Normal(0.0, 1.0))

    @classmethod
    def by_class(cls):
        return numpyro.sample(f"in_{cls.suffix}_class", dist.Normal(0.0, 1.0))

    @property
    def effect(self):
        return numpyro.sample("in_property", dist.Normal(0.0, 1.0))


def class_methods():
    Static.model()
    Static.by_class()
    return Static().effect


trace(seed(class_methods, 0)).get_trace()


class Scoped:
    def __init__(self, name):
        self.name = name

    def model(self):
        with numpyro.handlers.scope(prefix=self.name):
            return numpyro.sample("x", dist.Normal(0.0, 1.0))


def two_scoped():
    return Scoped("left").model() + Scoped("right").model()


trace(seed(two_scoped, 0)).get_trace()


class Base:
    prefix = "base"

    def site_name(self, leaf):
        return f"{self.prefix}_{leaf}"

    def __call__(self):
        return numpyro.sample(self.site_name("x"), dist.Normal(0.0, 1.0))


class Derived(Base):
    prefix = "derived"

    def __call__(self):
        extra = numpyro.sample(self.site_name("extra"), dist.Normal(0.0, 1.0))
        return extra + super().__call__()


def inherited():
    Base()()
    Derived()()


trace(seed(inherited, 0)).get_trace()


class Config:
    def __init__(self, priors):
        self.priors = priors

    def draw(self, name):
        return numpyro.sample(name, self.priors[name])

    def model(self):
        return self.draw("alpha") + self.draw("beta")


config = Config({"alpha": dist.Normal(0.0, 1.0), "beta": dist.HalfNormal(1.0)})
trace(seed(config.model, 0)).get_trace()
