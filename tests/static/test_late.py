"""What only a caller tells: names through closures, attributes of objects, methods, functions."""

from __future__ import annotations

import pytest
from static.support import read

CLASSES = """
    class Base:
        width = 2.0

        def __init__(self, prefix, size=3):
            self.prefix = prefix
            self.size = size

        def prior(self):
            raise NotImplementedError

        def name(self, end):
            return f"{self.prefix}_{end}"

        def model(self, y=None):
            level = self.prior()
            with numpyro.plate(self.name("plate"), self.size):
                numpyro.sample(self.name("y"), dist.Normal(level, 1.0), obs=y)

    class Derived(Base):
        def __init__(self, key):
            super().__init__("a" + key)
            self.key = key

        def prior(self):
            return numpyro.sample(f"{self.prefix}.{self.key}", dist.Normal(0.0, self.width))
"""
FACTORY = """
    def helper(prefix):
        numpyro.sample(prefix + "_in", dist.Normal(0.0, 1.0))

    def make(prefix, inner=None):
        def model(x, y=None):
            slope = numpyro.sample(f"{prefix}_slope", dist.Normal(0.0, 1.0))
            if inner is not None:
                inner(prefix)
            numpyro.sample(prefix + "_y", dist.Normal(slope * x, 1.0), obs=y)
        return model
"""
RUNS = {
    "a method of a derived class": (CLASSES, 'Derived("z").model', ["az.z", "az_plate", "az_y"]),
    "an object in a variable": (
        CLASSES + '\n    thing = Derived("k")\n',
        "thing.model",
        ["ak.k", "ak_plate", "ak_y"],
    ),
    "a factory": (FACTORY, 'make("first")', ["first_slope", "first_y"]),
    "a factory with a function": (
        FACTORY,
        'make("b", inner=helper)',
        ["b_slope", "b_in", "b_y"],
    ),
    "a partial factory": (FACTORY, 'functools.partial(make, "c")()', ["c_slope", "c_y"]),
}


@pytest.mark.parametrize("case", RUNS.values(), ids=RUNS)
def test_names_of_a_run(case: tuple[str, str, list[str]]) -> None:
    text, model, expected = case
    report = read(f"{text}\n    MCMC(NUTS({model})).run(jax.random.key(0), jnp.ones(3))\n")
    stack = report.module.runs[-1].stack
    assert stack is not None
    prediction = report.context.prediction(stack)
    assert prediction.complete
    assert [effect.name.glob for effect in prediction.effects] == expected


def test_a_parameter_of_one_function_is_not_that_of_another() -> None:
    report = read("""
        def outer(x):
            name = x

            def model(x):
                numpyro.sample(name, dist.Normal(x, 1.0))

            return model

        MCMC(NUTS(outer("a"))).run(jax.random.key(0), "b")
    """)
    stack = report.module.runs[-1].stack
    assert stack is not None
    assert [e.name.glob for e in report.context.prediction(stack).effects] == ["a"]


def test_an_attribute_that_changes_is_not_known() -> None:
    report = read("""
        class Model:
            def __init__(self):
                self.names = {"a": 1}

            def grow(self):
                self.names["b"] = 2

            def model(self):
                for name in self.names:
                    numpyro.sample(name, dist.Normal(0.0, 1.0))
    """)
    assert report.diagnostics == ()


CONSTRUCTED = """
    class Base:
        def __init__(self, prefix):
            self.prefix = prefix

        @classmethod
        def make(cls, tag):
            return cls(f"{tag}_made")

        def draw(self):
            numpyro.sample(f"{self.prefix}_a", dist.Normal(0.0, 1.0))

    class Derived(Base):
        def draw(self):
            numpyro.sample(f"{self.prefix}_b", dist.Normal(0.0, 1.0))
            super().draw()

    def model():
        Base.make("x").draw()
        Derived.make("y").draw()
"""


def test_objects_through_cls_and_super() -> None:
    report = read(f"{CONSTRUCTED}\n    MCMC(NUTS(model)).run(jax.random.key(0))\n")
    stack = report.module.runs[-1].stack
    assert stack is not None
    prediction = report.context.prediction(stack)
    assert prediction.complete
    names = [effect.name.glob for effect in prediction.effects]
    assert names == ["x_made_a", "y_made_b", "y_made_a"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", "one"), ('"two"', "two"), ('kind="three"', "three"), ("flag=False", "off")],
)
def test_words_and_flags_that_choose(given: str, expected: str) -> None:
    report = read(f"""
        def draw(kind="one", flag=True):
            end = kind if flag else "off"
            if kind == "two":
                numpyro.sample("two", dist.Normal(0.0, 1.0))
            else:
                numpyro.sample(end, dist.Normal(0.0, 1.0))

        def model():
            draw({given})

        MCMC(NUTS(model)).run(jax.random.key(0))
    """)
    stack = report.module.runs[-1].stack
    assert stack is not None
    effects = report.context.prediction(stack).effects
    assert [(effect.name.glob, effect.certain) for effect in effects] == [(expected, True)]


def test_a_model_of_nothing_but_methods_is_one() -> None:
    report = read("""
        def apply(draw):
            return draw()

        def model():
            apply(lambda: numpyro.sample("a", dist.Normal(0.0, 1.0)))

        tr = handlers.trace(handlers.seed(model, rng_seed=0)).get_trace()
    """)
    (stack,) = report.module.stacks
    assert [e.name.glob for e in report.context.prediction(stack).effects] == ["a"]
