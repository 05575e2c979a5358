"""Functions of every kind: methods, nested ones, closures, decorators, helpers; and their roles."""

from __future__ import annotations

from static.support import function, names, read, site


def test_helpers_of_the_file_are_followed() -> None:
    report = read(
        """
        def low():
            return numpyro.sample("low", dist.Normal(0.0, 1.0))
        def middle():
            return low() + numpyro.sample("middle", dist.Normal(0.0, 1.0))
        def model(y=None):
            numpyro.sample("y", dist.Normal(middle(), 1.0), obs=y)
        """
    )
    assert names(report) == ["low", "middle", "y"]
    assert [site(report, n)["function"] for n in names(report)] == ["low", "middle", "model"]
    roles = {each.name: each.role for each in report.module.functions.values()}
    assert roles == {"low": "helper", "middle": "helper", "model": "model"}


def test_a_helper_that_is_defined_later() -> None:
    report = read(
        """
        def model():
            return later()
        def later():
            return numpyro.sample("a", dist.Normal(0.0, 1.0))
        """
    )
    assert names(report) == ["a"]


def test_methods_and_call() -> None:
    report = read(
        """
        class Base:
            def prior(self):
                return numpyro.sample("prior", dist.Normal(0.0, 1.0))
            @staticmethod
            def noise(scale):
                return numpyro.sample("noise", dist.HalfNormal(scale))
            @property
            def level(self):
                return numpyro.sample("level", dist.Normal(0.0, 1.0))
        class Model(Base):
            def __call__(self, y=None):
                mean = self.prior() + self.level
                numpyro.sample("y", dist.Normal(mean, self.noise(1.0)), obs=y)
        NUTS(Model())
        """
    )
    assert names(report, "Model.__call__") == ["prior", "level", "noise", "y"]


def test_class_methods_and_methods_of_the_class() -> None:
    report = read(
        """
        class Priors:
            @classmethod
            def scale(cls, name):
                return numpyro.sample(name, dist.HalfNormal(1.0))
            @staticmethod
            def level(name):
                return numpyro.sample(name, dist.Normal(0.0, 1.0))
            def slope(self, name):
                return numpyro.sample(name, dist.Normal(0.0, 1.0))
        def model():
            Priors.scale("a")
            Priors().scale("b")
            Priors.level("c")
            Priors().level("d")
            Priors.slope(Priors(), "e")
            Priors().slope("f")
        """
    )
    assert names(report) == ["a", "b", "c", "d", "e", "f"]


def test_an_object_is_called() -> None:
    report = read(
        """
        class Layer:
            def __call__(self, x):
                return x * numpyro.sample("w", dist.Normal(0.0, 1.0))
        def model(x):
            layer = Layer()
            numpyro.deterministic("out", layer(x))
        """
    )
    assert names(report) == ["w", "out"]


def test_a_method_that_is_overridden_is_out_of_sight() -> None:
    report = read(
        """
        class Base:
            def prior(self):
                return numpyro.sample("a", dist.Normal(0.0, 1.0))
            def model(self):
                self.prior()
                numpyro.factor("f", 0.0)
        class Derived(Base):
            def prior(self):
                return numpyro.sample("b", dist.Normal(0.0, 1.0))
        """
    )
    assert names(report, "Base.model") == ["f"]
    assert not report.context.bare(function(report, "Base.model")).complete


def test_super() -> None:
    report = read(
        """
        import mine
        class Base:
            def model(self, name):
                numpyro.factor(name, 0.0)
        class Derived(Base):
            def __init__(self):
                super().__init__()
            def model(self):
                super().model("a")
                numpyro.factor("b", 0.0)
        class Foreign(mine.Model):
            def model(self):
                super().model()
                numpyro.factor("c", 0.0)
        """
    )
    assert names(report, "Derived.model") == ["a", "b"]
    assert report.context.bare(function(report, "Derived.model")).complete
    assert not report.context.bare(function(report, "Foreign.model")).complete


def test_an_abstract_method_is_out_of_sight() -> None:
    report = read(
        """
        class Base:
            def prior(self):
                raise NotImplementedError
            def model(self):
                self.prior()
                numpyro.factor("f", 0.0)
        """
    )
    assert not report.context.bare(function(report, "Base.model")).complete


def test_an_object_made_in_sight_has_its_own_methods() -> None:
    report = read(
        """
        class Base:
            def prior(self):
                return numpyro.sample("a", dist.Normal(0.0, 1.0))
        class Derived(Base):
            def prior(self):
                return numpyro.sample("b", dist.Normal(0.0, 1.0))
        def model():
            Base().prior()
            Derived().prior()
        """
    )
    assert names(report) == ["a", "b"]


def test_nested_functions_and_closures() -> None:
    report = read(
        """
        def make(prefix, scale=1.0):
            wide = 2 * scale
            def model(y=None):
                def draw():
                    return numpyro.sample("a", dist.Normal(0.0, wide))
                numpyro.sample("y", dist.Normal(draw(), 1.0), obs=y)
            return model
        fitted = make("x")
        NUTS(make("z"))
        """
    )
    assert names(report, "make.<locals>.model") == ["a", "y"]
    assert function(report, "make.<locals>.model").role == "model"
    assert function(report, "make").role == "other"


def test_decorators_are_looked_through() -> None:
    report = read(
        """
        import mine
        @jax.jit
        @functools.wraps(print)
        @mine.register("a")
        def helper():
            return numpyro.sample("a", dist.Normal(0.0, 1.0))
        @handlers.mask(mask=False)
        def model():
            return helper()
        """
    )
    assert names(report) == ["a"]
    assert [handler.kind for handler in function(report, "model").handlers] == ["mask"]


def test_partial_and_lambda() -> None:
    report = read(
        """
        def normal(name, scale):
            return numpyro.sample(name, dist.Normal(0.0, scale))
        wide = functools.partial(normal, scale=9.0)
        named = functools.partial(functools.partial(normal, "b"), 1.0)
        def model():
            draw = lambda name: normal(name, 1.0)
            wide("a")
            named()
            draw("c")
            jax.jit(functools.partial(normal, "d"))(1.0)
        """
    )
    assert names(report) == ["a", "b", "c", "d"]


def test_functions_that_jax_runs() -> None:
    report = read(
        """
        def step(x):
            return numpyro.sample("a", dist.Normal(x, 1.0))
        def model(xs):
            jax.vmap(step)(xs)
            jax.lax.map(lambda x: numpyro.factor("b", x), xs)
        """
    )
    assert names(report) == ["a", "b"]


def test_arguments_bind_as_python_does() -> None:
    report = read(
        """
        def site(name, /, kind="k", *rest, last="l", **more):
            numpyro.factor(f"{name}_{kind}_{last}", 0.0)
        def model(args):
            site("a")
            site("b", "c", "d")
            site("e", last="f", other=1)
            site(*args)
            site("g", **args)
        """
    )
    assert names(report) == ["a_k_l", "b_c_l", "e_k_f", "*_*_*", "g_*_*"]


def test_recursion_ends() -> None:
    report = read(
        """
        def model(depth):
            numpyro.factor(f"f_{depth}", 0.0)
            if depth:
                model(depth - 1)
        def left():
            numpyro.factor("l", 0.0)
            right()
        def right():
            numpyro.factor("r", 0.0)
            left()
        """
    )
    assert set(names(report)) == {"f_*"}
    assert set(names(report, "left")) == {"l", "r"}


def test_a_deep_chain_of_helpers_ends() -> None:
    chain = "".join(f"def f{i}():\n    f{i + 1}()\n" for i in range(60))
    report = read(f"{chain}def f60():\n    numpyro.factor('a', 0.0)\n")
    assert not report.context.bare(function(report, "f0")).complete
    assert names(report, "f50") == ["a"]


def test_what_is_out_of_sight_is_said() -> None:
    report = read(
        """
        from mine import prior
        def model(link, y=None):
            prior()
            numpyro.sample("y", dist.Normal(link(1.0), 1.0), obs=y)
        def plain(y=None):
            numpyro.sample("y", dist.Normal(jnp.exp(1.0), 1.0), obs=y)
            print("done", [str(v) for v in sorted({1, 2})])
        """
    )
    assert not report.context.bare(function(report, "model")).complete
    assert report.context.bare(function(report, "plain")).complete


def test_two_definitions_of_one_name() -> None:
    report = read(
        """
        def model():
            numpyro.factor("first", 0.0)
        MCMC(NUTS(model)).run(0)
        def model():
            numpyro.factor("second", 0.0)
        MCMC(NUTS(model)).run(0)
        """
    )
    keys = [run.stack.model.function for run in report.module.runs if run.stack]
    assert [report.module.functions[key].sites for key in keys if key]
    assert [next(report.module.functions[key].sites).name.literal for key in keys if key] == [
        "first",
        "second",
    ]


def test_guides_and_others() -> None:
    report = read(
        """
        def model(y):
            numpyro.sample("a", dist.Normal(0.0, 1.0))
        def guide(y):
            numpyro.sample("a", dist.Normal(numpyro.param("loc", 0.0), 1.0))
        def plot(samples):
            return samples["a"]
        def fit(y):
            return SVI(model, guide, numpyro.optim.Adam(0.1), Trace_ELBO()).run(0, 10, y)
        """
    )
    roles = {each.name: each.role for each in report.module.functions.values()}
    assert roles == {"model": "model", "guide": "guide", "plot": "other", "fit": "other"}
