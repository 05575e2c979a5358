"""Every primitive, and the binding of its arguments."""

from __future__ import annotations

import pytest
from static.support import function, names, read, site, sites

from numpyro_lint.facts.api import MODULES, RANDOM_MODULES

CALLS = [
    ('numpyro.sample("a", dist.Normal(0.0, 1.0))', "sample"),
    ('numpyro.param("a", 0.0, constraint=dist.constraints.positive)', "param"),
    ('numpyro.deterministic("a", 1.0)', "deterministic"),
    ('numpyro.factor("a", -1.0)', "factor"),
    ('numpyro.plate("a", 3)', "plate"),
    ('numpyro.mutable("a", 0.0)', "mutable"),
]


@pytest.mark.parametrize(("call", "kind"), CALLS, ids=[kind for _, kind in CALLS])
def test_type_and_place(call: str, kind: str) -> None:
    report = read(f"def model():\n    {call}\n")
    found = site(report, "a")
    assert found["type"] == kind
    assert report.source.line_text(found["line"])[found["column"] - 1 :] == call
    assert (found["end_line"], found["end_column"]) == (found["line"], found["column"] + len(call))


@pytest.mark.parametrize("call", ["numpyro.prng_key()", "numpyro.subsample(data, event_dim=0)"])
def test_without_a_name(call: str) -> None:
    report = read(f"def model(data):\n    {call}\n    numpyro.factor('a', 0.0)\n")
    assert "a" in names(report)


@pytest.mark.parametrize(
    "call",
    [
        'numpyro.sample(name="a", fn=dist.Cauchy(0.0, 1.0))',
        'numpyro.sample("a", fn=dist.Cauchy(0.0, 1.0))',
        'numpyro.sample(fn=dist.Cauchy(loc=0.0, scale=1.0), name="a")',
        'numpyro.sample(*("a", dist.Cauchy(0.0, 1.0)))',
        'numpyro.sample(**{"name": "a", "fn": dist.Cauchy(0.0, 1.0)})',
        'functools.partial(numpyro.sample, "a")(dist.Cauchy(0.0, 1.0))',
    ],
)
def test_arguments_are_bound_as_python_does(call: str) -> None:
    found = site(read(f"def model():\n    {call}\n"), "a")
    assert (found["distribution"], found["status"]) == ("Cauchy", "latent")


@pytest.mark.parametrize("module", sorted(MODULES))
def test_modules(module: str) -> None:
    prior = ", dist.Normal(0.0, 1.0)" if module in RANDOM_MODULES else ""
    name = module.rpartition(".")[2]
    report = read(
        f"""
        from {module.rpartition(".")[0]} import {name}
        def model(x):
            net = {name}("net", None{prior}, input_shape=(1,))
            numpyro.deterministic("out", net(x))
        """
    )
    expected = ["net$params"] + ["net/*"] * (module in RANDOM_MODULES) + ["out"]
    assert names(report) == expected
    assert site(report, "net$params")["status"] == "param"


def test_scan() -> None:
    report = read(
        """
        def model(series):
            def step(state, value):
                state = numpyro.sample("state", dist.Normal(state, 1.0))
                numpyro.sample("value", dist.Normal(state, 1.0), obs=value)
                return state, None
            last, _ = scan(step, 0.0, series)
            numpyro.deterministic("last", last)
        """
    )
    assert names(report) == ["state", "value", "last"]
    assert site(report, "state")["function"] == "model.<locals>.step"
    assert function(report, "model.<locals>.step").role == "helper"


def test_cond() -> None:
    report = read(
        """
        def model(flag):
            def yes(_):
                numpyro.sample("a", dist.Normal(0.0, 1.0))
            cond(flag, yes, lambda _: numpyro.sample("a", dist.Normal(1.0, 1.0)), None)
        """
    )
    assert names(report) == ["a", "a"]
    assert report.diagnostics == ()


def test_config_enumerate_gives_the_model_back() -> None:
    report = read(
        """
        from numpyro.contrib.funsor import config_enumerate

        @config_enumerate
        def model():
            numpyro.sample("z", dist.Bernoulli(0.5))

        MCMC(NUTS(config_enumerate(model)), num_warmup=1).run(jax.random.key(0))
        """
    )
    assert names(report) == ["z"]
    assert report.module.runs[0].stack is not None
    assert report.module.runs[0].stack.model.function == function(report, "model").key


def test_order_is_that_of_execution() -> None:
    report = read(
        """
        def model():
            numpyro.sample("c", dist.Normal(
                numpyro.sample("a", dist.Normal(0.0, 1.0)),
                scale=numpyro.sample("b", dist.HalfNormal(1.0)),
            ))
        """
    )
    assert names(report) == ["a", "b", "c"]


def test_module_level_sites_make_no_model() -> None:
    report = read(
        """
        with handlers.seed(rng_seed=0):
            x = numpyro.sample("x", dist.Normal(0.0, 1.0))
            x = numpyro.sample("x", dist.Normal(0.0, 1.0))
        """
    )
    assert dict(report.module.functions) == {}
    assert [step.span for step in report.module.loose]
    assert report.diagnostics == ()


def test_what_only_looks_like_a_primitive() -> None:
    report = read(
        """
        import random
        def model(trace, bag):
            random.sample([1], 1)
            bag.sample("a", 1)
            trace.param("b")
            numpyro.handlers.sample("c")
            numpyro.sample("d", dist.Normal(0.0, 1.0))
        """
    )
    assert [each["name"] for each in sites(report)] == ["d"]
