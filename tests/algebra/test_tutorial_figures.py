"""The figures of NumPyro's guide to effect handlers, on models of our own.

Each program is run under NumPyro, and what is predicted from its text is held against the run.
"""

from __future__ import annotations

import textwrap

import pytest
from algebra.compare import (
    Outcome,
    disagreements,
    execute,
    predicted,
    recorder_disagreements,
)

from numpyro_lint.model.stack import Effect

HEADER = """
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer.reparam import LocScaleReparam

times = jnp.linspace(0.0, 1.0, 4)


def growth(times, heights=None):
    intercept = numpyro.sample("intercept", dist.Normal(0.0, 10.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 5.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    mu = numpyro.deterministic("mu", intercept + slope * times)
    with numpyro.plate("data", times.shape[0]):
        numpyro.sample("obs", dist.Normal(mu, sigma), obs=heights)


def wind():
    return numpyro.sample("z", dist.Normal(0.0, 1.0))


def turbine(strength=0.0):
    z = numpyro.sample("z", dist.Normal(strength, 1.0))
    return numpyro.sample("power", dist.Normal(z, 0.5))

"""


class Run:
    """One program: its outcome, and the predicted effects by name."""

    def __init__(self, text: str) -> None:
        program = HEADER + textwrap.dedent(text)
        self.prediction = predicted(program)[1]
        self.outcome: Outcome = execute(program, record=True)
        assert list(disagreements(self.prediction, self.outcome)) == []
        assert list(recorder_disagreements(self.prediction, self.outcome.sites)) == []
        self.trace = self.outcome.trace

    def __getitem__(self, name: str) -> Effect:
        (effect,) = (e for e in self.prediction.effects if e.name.literal == name)
        return effect

    @property
    def hidden(self) -> list[str | None]:
        return [effect.name.literal for effect in self.prediction.effects if effect.hidden]


def test_the_bare_model_under_seed_zero() -> None:
    run = Run("tr = handlers.trace(handlers.seed(growth, rng_seed=0)).get_trace(times)")
    assert list(run.trace) == ["intercept", "slope", "sigma", "mu", "data", "obs"]
    assert float(run.trace["slope"]["value"]) == pytest.approx(-6.2873883, abs=1e-6)
    assert run["slope"].value_from == "prior"
    assert run["mu"].value_from is None
    assert [site["type"] for site in run.trace.values()] == [
        "sample", "sample", "sample", "deterministic", "plate", "sample",
    ]  # fmt: skip


def test_seed_as_context_manager_and_as_wrapper_draw_alike() -> None:
    context = Run("with handlers.trace() as tr, handlers.seed(rng_seed=0):\n    wind()")
    wrapper = Run("tr = handlers.trace(handlers.seed(wind, rng_seed=0)).get_trace()")
    assert float(context.trace["z"]["value"]) == pytest.approx(-2.4424558, abs=1e-6)
    assert context.trace["z"]["value"] == wrapper.trace["z"]["value"]


@pytest.mark.parametrize(("handler", "observed"), [("condition", True), ("substitute", False)])
def test_condition_observes_and_substitute_does_not(handler: str, observed: bool) -> None:
    run = Run(
        f"""
        fixed = handlers.{handler}(growth, data={{"slope": 3.0}})
        tr = handlers.trace(handlers.seed(fixed, rng_seed=0)).get_trace(times)
        """
    )
    assert run.trace["slope"]["value"] == 3.0
    assert (run["slope"].value_from, run["slope"].observed) == (handler, observed)


@pytest.mark.parametrize(
    ("outer", "inner", "value"), [("condition", "substitute", 3.0), ("substitute", "condition", 10)]
)
def test_the_outer_of_two_handlers_sets_the_value(outer: str, inner: str, value: float) -> None:
    numbers = {"condition": 3.0, "substitute": 10.0}
    run = Run(
        f"""
        seeded = handlers.seed(growth, rng_seed=0)
        close = handlers.{inner}(seeded, data={{"slope": {numbers[inner]}}})
        tr = handlers.trace(
            handlers.{outer}(close, data={{"slope": {numbers[outer]}}})
        ).get_trace(times)
        """
    )
    assert run.trace["slope"]["value"] == value
    assert run.trace["slope"]["is_observed"]
    assert (run["slope"].value_from, run["slope"].observed) == (outer, True)


def test_condition_as_context_manager() -> None:
    run = Run(
        """
        with handlers.trace() as tr:
            with handlers.condition(data={"slope": 2.5}):
                handlers.seed(growth, rng_seed=0)(times)
        """
    )
    assert run.trace["slope"]["value"] == 2.5
    assert run["slope"].value_from == "condition"


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        ('hide=["sigma"]', ["intercept", "slope", "mu", "data", "obs"]),
        ('expose=["slope", "intercept"]', ["intercept", "slope"]),
        (
            'hide_fn=lambda site: site["type"] == "sample" and not site["is_observed"]',
            ["mu", "data"],
        ),
        ('expose_types=["plate"]', ["data"]),
        ("", []),
    ],
)
def test_block_leaves(arguments: str, left: list[str]) -> None:
    run = Run(
        f"""
        quiet = handlers.block(growth, {arguments})
        tr = handlers.trace(handlers.seed(quiet, rng_seed=0)).get_trace(times)
        """
    )
    assert list(run.trace) == left
    assert len(run.hidden) + len(left) == 6


def test_uncondition_redraws_and_remembers() -> None:
    run = Run(
        """
        informed = handlers.condition(growth, data={"obs": jnp.zeros(4)})
        seeded = handlers.seed(informed, rng_seed=0)
        tr = handlers.trace(handlers.uncondition(seeded)).get_trace(times)
        """
    )
    obs = run["obs"]
    assert (obs.observed, obs.was_observed, obs.value_from) == (False, True, "prior")
    assert run.trace["obs"]["infer"]["was_observed"]
    assert run.trace["obs"]["value"].any()


def test_lift_makes_a_sample_of_a_param() -> None:
    program = """
        def gauge(readings):
            width = numpyro.param("width", 1.0, constraint=dist.constraints.positive)
            centre = numpyro.sample("centre", dist.Normal(0.0, width))
            numpyro.sample("readings", dist.Normal(centre, 1.0), obs=readings)

        {}
        tr = handlers.trace(handlers.seed(gauge, rng_seed=0)).get_trace(jnp.ones(5))
        """
    bare = Run(program.format(""))
    assert (bare["width"].type, bare["width"].value_from) == ("param", "init")
    prior = 'gauge = handlers.lift(gauge, prior={"width": dist.Exponential(1.0)})'
    lifted = Run(program.format(prior))
    assert (lifted["width"].type, lifted["width"].value_from) == ("sample", "lift")
    assert float(lifted.trace["width"]["value"]) == pytest.approx(0.0073, abs=5e-5)


def test_scopes_with_dividers() -> None:
    run = Run(
        """
        def farm():
            with handlers.scope(prefix="first", divider="::"):
                north = wind()
            with handlers.scope(prefix="second", divider="/"):
                south = wind()
            numpyro.deterministic("diff", north - south)

        tr = handlers.trace(handlers.seed(farm, rng_seed=0)).get_trace()
        """
    )
    assert list(run.trace) == ["first::z", "second/z", "diff"]


def test_replay_matches_under_another_seed() -> None:
    run = Run(
        """
        earlier = handlers.trace(handlers.seed(growth, rng_seed=0)).get_trace(times)
        mark()
        again = handlers.replay(handlers.seed(growth, rng_seed=99), trace=earlier)
        tr = handlers.trace(again).get_trace(times)
        """
    )
    earlier = run.outcome.variables["earlier"]
    assert run.trace["slope"]["value"] == earlier["slope"]["value"]
    assert {name: run[name].value_from for name in run.trace} == {
        "intercept": "replay",
        "slope": "replay",
        "sigma": "replay",
        "mu": None,
        "data": "replay",
        "obs": "replay",
    }


def test_scale_multiplies() -> None:
    program = """
        def scaled():
            z = wind()
            numpyro.sample("obs", dist.Normal(z, 1.0), obs=0.5)

        with handlers.trace() as tr{}:
            handlers.seed(scaled, rng_seed=0)()
        """
    assert Run(program.format("")).trace["obs"]["scale"] is None
    run = Run(program.format(", handlers.scale(scale=10.0)"))
    assert run.trace["obs"]["scale"] == 10.0
    assert run["obs"].scaled


def test_mask_wraps_the_distribution() -> None:
    run = Run(
        """
        gaps = jnp.array([True, False, True, True])
        tr = handlers.trace(handlers.seed(handlers.mask(growth, mask=gaps), rng_seed=0)).get_trace(
            times, jnp.zeros(4)
        )
        """
    )
    assert type(run.trace["obs"]["fn"]).__name__ == "MaskedDistribution"
    assert run["obs"].masked


def test_do_leaves_a_free_site_and_a_hidden_one() -> None:
    free = Run("tr = handlers.trace(handlers.seed(turbine, rng_seed=0)).get_trace(1.0)")
    run = Run(
        """
        with handlers.trace() as tr:
            power = handlers.seed(handlers.do(turbine, data={"z": 5.0}), rng_seed=0)(1.0)
        """
    )
    assert list(run.trace) == ["z", "power"]
    assert run.hidden == ["z__CF"]
    assert run.trace["z"]["value"] == free.trace["z"]["value"]
    assert float(run.trace["z"]["value"]) == pytest.approx(-1.442, abs=5e-4)
    assert float(run.outcome.variables["power"]) == pytest.approx(4.371, abs=5e-4)
    assert (run["z"].observed, run["z"].value_from) == (False, "prior")
    assert (run["z__CF"].observed, run["z__CF"].value_from) == (True, "do")


def test_reparam_decentres() -> None:
    run = Run(
        """
        def yards(wait, counts=None):
            mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
            tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
            with numpyro.plate("J", 8):
                theta = numpyro.sample("theta", dist.Normal(mu, tau))
                numpyro.sample("obs", dist.Normal(theta, wait), obs=counts)

        apart = handlers.reparam(yards, config={"theta": LocScaleReparam(centered=0)})
        tr = handlers.trace(handlers.seed(apart, rng_seed=0)).get_trace(jnp.ones(8))
        """
    )
    assert list(run.trace) == ["mu", "tau", "J", "theta_decentered", "theta", "obs"]
    assert (run["theta"].type, run["theta"].value_from) == ("deterministic", "reparam")
    assert run["theta_decentered"].value_from == "prior"
    assert run.trace["theta"]["value"].shape == (8,)
