"""The recorder against NumPyro's own trace, handler by handler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest
from numpyro import handlers
from numpyro.contrib.control_flow import cond, scan
from numpyro.infer import Predictive
from numpyro.infer.reparam import LocScaleReparam
from numpyro.infer.util import log_density
from runtime.models import J, Y, eight_schools, linear, steps, with_param

from numpyro_lint_runtime.protocol import Plate, TracedSite
from numpyro_lint_runtime.worker.recording import recording
from numpyro_lint_runtime.worker.trace import record_call, trace_live


def both(model: Callable[[], Any]) -> tuple[dict[str, TracedSite], dict[str, Any]]:
    """The recorder's sites by name, and NumPyro's trace of the same run."""
    with recording() as sites, handlers.trace() as trace:
        handlers.seed(model, rng_seed=0)()
    recorded = sites.sites
    visible = [site for site in recorded if site.name and not site.hidden]
    assert [site.name for site in visible] == list(trace)
    return {site.name: site for site in recorded}, trace


def replayed() -> Callable[[], Any]:
    trace = handlers.trace(handlers.seed(eight_schools, rng_seed=1)).get_trace()
    return handlers.replay(lambda: eight_schools(y=Y), trace=trace)


def scoped() -> None:
    with handlers.scope(prefix="a"):
        eight_schools()
    handlers.scope(eight_schools, prefix="b", divider="::")()


MODELS = {
    "plain": eight_schools,
    "observed": lambda: eight_schools(y=Y),
    "linear": lambda: linear(np.ones(5)),
    "condition": handlers.condition(eight_schools, data={"mu": 3.0, "obs": Y}),
    "substitute": handlers.substitute(eight_schools, data={"tau": 2.0}),
    "do": handlers.do(eight_schools, data={"mu": 3.0}),
    "block": handlers.block(handlers.seed(eight_schools, rng_seed=0), hide=["tau"]),
    "lift": handlers.lift(with_param, prior={"scale": dist.Exponential(1.0)}),
    "param": with_param,
    "scope": scoped,
    "replay": replayed(),
    "scale": handlers.scale(eight_schools, scale=0.5),
    "mask": handlers.mask(eight_schools, mask=False),
    "reparam": handlers.reparam(eight_schools, config={"theta": LocScaleReparam(0)}),
    "factor": lambda: numpyro.factor("f", jnp.ones(3)),
}
if hasattr(handlers, "uncondition"):  # from NumPyro 0.20 on
    MODELS["uncondition"] = handlers.uncondition(lambda: eight_schools(y=Y))


@pytest.mark.parametrize("name", MODELS)
def test_shapes_observed_scale_and_values_are_those_of_numpyro(name: str) -> None:
    sites, trace = both(MODELS[name])
    for key, message in trace.items():
        site = sites[key]
        assert site.type == ("factor" if name == "factor" else message["type"])
        assert site.shape == jnp.shape(message["value"])
        assert site.observed == message.get("is_observed", False)
        if message["type"] == "sample":
            assert site.batch_shape == message["fn"].batch_shape
            assert site.event_shape == message["fn"].event_shape
            assert site.scale == message["scale"]
        if site.shape == ():
            assert site.value == pytest.approx(float(message["value"]))
        frames = [Plate(*frame) for frame in reversed(message["cond_indep_stack"])]
        assert site.plates == tuple(frames)


def sources(model: Callable[[], Any]) -> dict[str, str | None]:
    return {name: site.value_from for name, site in both(model)[0].items()}


def test_value_from_condition_and_substitute() -> None:
    model = handlers.substitute(
        handlers.condition(lambda: eight_schools(y=Y), data={"mu": 3.0}), data={"tau": 1.0}
    )
    assert sources(model) == {
        "mu": "condition",
        "tau": "substitute",
        "J": None,
        "theta": "prior",
        "obs": "obs",
    }


def test_the_outermost_handler_gives_the_value_and_the_inner_one_stays_in_the_history() -> None:
    inner = handlers.condition(eight_schools, data={"mu": 3.0})
    sites, _ = both(handlers.substitute(inner, data={"mu": 10.0}))
    mu = sites["mu"]
    assert (mu.value, mu.observed, mu.value_from) == (10.0, True, "substitute")
    assert mu.handlers == ("substitute", "condition")
    told = [(change.handler, change.field, change.after) for change in mu.history]
    assert told == [
        ("condition", "value", "3.0"),
        ("condition", "is_observed", "True"),
        ("substitute", "value", "10.0"),
    ]


def test_condition_with_the_very_object_that_is_observed() -> None:
    assert sources(handlers.condition(lambda: eight_schools(y=Y), data={"obs": Y}))["obs"] == (
        "condition"
    )


def test_do_leaves_the_site_free_and_adds_a_hidden_one() -> None:
    sites, _ = both(MODELS["do"])
    free, fixed = sites["mu"], sites["mu__CF"]
    assert (free.observed, free.hidden, free.value_from) == (False, False, "prior")
    assert (fixed.observed, fixed.hidden, fixed.value_from) == (True, True, "do")
    assert fixed.value == 3.0
    assert fixed.name_as_written == free.name_as_written == "mu"
    assert fixed.position == free.position


def test_do_on_an_observed_site_leaves_it_observed() -> None:
    sites, _ = both(handlers.do(lambda: eight_schools(y=Y), data={"obs": jnp.zeros(J)}))
    assert (sites["obs"].observed, sites["obs"].value_from) == (True, "obs")
    assert (sites["obs__CF"].hidden, sites["obs__CF"].value_from) == (True, "do")
    assert sites["obs"].plates == (Plate("J", -1, J),)


def test_block_hides() -> None:
    sites, trace = both(MODELS["block"])
    assert sites["tau"].hidden
    assert sites["tau"].handlers == ("block",)
    assert sites["tau"].value_from == "prior"
    assert "tau" not in trace


if "uncondition" in MODELS:

    def test_uncondition_redraws() -> None:
        obs = both(MODELS["uncondition"])[0]["obs"]
        assert (obs.observed, obs.was_observed, obs.value_from) == (False, True, "prior")
        assert obs.handlers == ("uncondition",)


def test_lift() -> None:
    assert sources(with_param) == {"scale": "init", "x": "obs"}
    scale = both(MODELS["lift"])[0]["scale"]
    assert (scale.type, scale.value_from, scale.distribution) == ("sample", "lift", "Exponential")


def test_scope_renames_sites_and_their_plates() -> None:
    sites, _ = both(scoped)
    assert sites["a/theta"].name_as_written == "theta"
    assert sites["a/theta"].plates == (Plate("a/J", -1, J),)
    assert sites["b::theta"].handlers == ("scope",)


def test_replay_never_overrides_what_is_observed() -> None:
    given = sources(replayed())
    assert given["mu"] == given["theta"] == given["J"] == "replay"
    assert given["obs"] == "obs"


def test_scale_and_mask() -> None:
    scaled = both(handlers.scale(handlers.scale(eight_schools, scale=0.5), scale=3.0))[0]["mu"]
    assert (scaled.scale, scaled.handlers) == (1.5, ("scale", "scale"))
    masked = both(MODELS["mask"])[0]["theta"]
    assert (masked.masked, masked.distribution, masked.handlers) == (True, "Normal", ("mask",))
    assert not both(eight_schools)[0]["theta"].masked


def test_subsampling_scales() -> None:
    def model() -> None:
        with numpyro.plate("data", 100, subsample_size=10):
            numpyro.sample("x", dist.Normal())

    x = both(model)[0]["x"]
    assert (x.scale, x.plates) == (10.0, (Plate("data", -1, 10),))
    assert x.handlers == ("plate",)


def test_reparam() -> None:
    sites, _ = both(MODELS["reparam"])
    theta, decentered = sites["theta"], sites["theta_decentered"]
    assert (theta.type, theta.value_from) == ("deterministic", "reparam")
    assert (decentered.type, decentered.value_from) == ("sample", "prior")
    assert theta.position == decentered.position


def test_factor_is_no_sample() -> None:
    factor = both(MODELS["factor"])[0]["f"]
    assert (factor.type, factor.value_from, factor.batch_shape) == ("factor", "obs", (3,))


def test_clashing_names_are_both_kept() -> None:
    def model() -> None:
        numpyro.sample("a", dist.Normal())
        numpyro.param("a", 1.0)
        numpyro.sample("b", dist.Normal())
        numpyro.sample("b", dist.Normal())

    assert [(site.name, site.type) for site in record_call(model)] == [
        ("a", "sample"),
        ("a", "param"),
        ("b", "sample"),
        ("b", "sample"),
    ]


def test_what_a_clash_stops_is_recorded_before_it() -> None:
    def model() -> None:
        numpyro.sample("b", dist.Normal())
        numpyro.sample("b", dist.Normal())

    with recording() as sites, pytest.raises(AssertionError), handlers.trace():
        handlers.seed(model, rng_seed=0)()
    assert [site.name for site in sites] == ["b", "b"]


def test_scan_has_each_site_once_with_its_steps() -> None:
    sites, _ = both(steps)
    assert {name: site.shape for name, site in sites.items() if name} == {
        "phi": (),
        "p": (3,),
        "x": (5,),
        "twice": (5,),
        "y": (5, 3),
    }
    assert sites["p"].hidden
    assert [plate.name for plate in sites["y"].plates] == ["p"]
    assert sites["x"].position is not None
    assert sites["x"].position.line == steps.__code__.co_firstlineno + 4


def test_condition_and_scope_around_scan() -> None:
    conditioned = handlers.condition(steps, data={"x": jnp.ones(5)})
    sites, _ = both(handlers.scope(conditioned, prefix="s"))
    x = sites["s/x"]
    assert (x.observed, x.value_from, x.handlers) == (True, "condition", ("scope", "condition"))
    assert x.name_as_written == "x"
    assert not x.hidden


def test_a_site_blocked_in_a_scan_is_hidden() -> None:
    key = jax.random.PRNGKey(0)

    def body(carry: Any, _: Any) -> tuple[Any, Any]:
        with handlers.block():
            numpyro.sample("h", dist.Normal(), rng_key=key)
        return carry, numpyro.sample("x", dist.Normal())

    sites, _ = both(lambda: scan(body, 0.0, None, length=4))
    assert sites["h"].hidden
    assert sites["h"].handlers == ("block",)
    assert sites["x"].shape == (4,)


def test_cond_has_a_site_of_both_branches_once() -> None:
    def model() -> None:
        a = numpyro.sample("a", dist.Normal())
        cond(
            a > 0,
            lambda _: numpyro.sample("x", dist.Normal(1.0)),
            lambda _: numpyro.sample("x", dist.Normal(2.0)),
            None,
        )

    sites = record_call(model)
    assert [(site.name, site.type) for site in sites] == [
        ("a", "sample"),
        ("", "control_flow"),
        ("x", "sample"),
    ]


def test_other_primitives() -> None:
    def model() -> None:
        numpyro.prng_key()
        numpyro.primitives.mutable("state", {"n": 1})
        with numpyro.plate("data", 10, subsample_size=5):
            numpyro.subsample(jnp.ones(10), event_dim=0)
        numpyro.primitives.get_mask()

    assert [(site.type, site.name) for site in record_call(model)] == [
        ("prng_key", ""),
        ("mutable", "state"),
        ("plate", "data"),
        ("subsample", ""),
    ]


def test_module_records_its_parameters_once() -> None:
    def init(key: Any, shape: Any) -> tuple[Any, Any]:
        return shape, {"w": jnp.zeros(shape)}

    def model() -> None:
        numpyro.module("net", (init, lambda params, x: x @ params["w"]), input_shape=(2,))

    sites = record_call(model)
    assert [site.name for site in sites if site.type == "param"] == ["net$params"]


def test_obs_mask_makes_two_sites_at_the_place_of_the_call() -> None:
    def model() -> None:
        numpyro.sample("x", dist.Normal(0, 1).expand([2]), obs=Y[:2], obs_mask=np.array([1, 0]) > 0)

    observed, unobserved, x = record_call(model)
    assert (observed.name, unobserved.name, x.name) == ("x_observed", "x_unobserved", "x")
    assert observed.position == unobserved.position == x.position
    assert (observed.value_from, unobserved.value_from) == ("obs", "prior")
    assert observed.masked


def test_apply_stack_is_put_back_everywhere() -> None:
    before = handlers.__dict__["apply_stack"]
    with recording():
        assert handlers.__dict__["apply_stack"] is not before
    assert handlers.__dict__["apply_stack"] is numpyro.primitives.apply_stack is before


def test_concrete_values_are_those_of_the_seed() -> None:
    sites = {site.name: site for site in record_call(linear, (np.ones(50),), mode="concrete")}
    trace = handlers.trace(handlers.seed(linear, rng_seed=0)).get_trace(np.ones(50))
    assert sites["slope"].value == pytest.approx(float(trace["slope"]["value"]))
    assert sites["obs"].shape == (50,)
    assert isinstance(sites["mu"].value, str)


def test_a_param_is_recorded_as_the_plate_subsamples_it() -> None:
    def model() -> None:
        with numpyro.plate("data", 10, subsample_size=4):
            numpyro.param("w", jnp.zeros(10), event_dim=0)

    assert [site.shape for site in record_call(model)] == [(4,), (4,)]


def test_a_distribution_that_lacks_everything_is_recorded_by_its_name() -> None:
    class Odd(dist.Normal):
        @property
        def support(self) -> Any:
            raise RuntimeError

    (site,) = record_call(lambda: numpyro.sample("x", Odd(0.0, 1.0, validate_args=False)))
    assert (site.name, site.type) == ("x", "sample")
    assert site.depends == {"loc": (), "scale": ()}


def test_what_could_not_be_told_says_why() -> None:
    class Odd(dist.Normal):
        arg_constraints: Any = property(lambda self: 1 / 0)
        support: Any = property(lambda self: 1 / 0)

    def model() -> None:
        numpyro.sample("x", Odd(0.0, 1.0, validate_args=False))
        numpyro.sample("y", dist.Normal(0.0, 1.0))

    result = trace_live(model)
    assert [site.depends for site in result.sites] == [None, {"loc": (), "scale": ()}]
    assert result.lost == (
        "what 'x' may hold: ZeroDivisionError: division by zero",
        "what 'x' is: ZeroDivisionError: division by zero",
        "what 'x' is computed from: ZeroDivisionError: division by zero",
    )


def test_a_handler_of_the_users_own() -> None:
    class shout(handlers.condition):
        pass

    class rename(numpyro.primitives.Messenger):
        def process_message(self, msg: Any) -> None:
            if msg["type"] == "sample":
                msg["name"] = msg["name"].upper()

    sites, _ = both(rename(shout(eight_schools, data={"mu": 1.0})))
    assert sites["MU"].handlers == ("rename", "condition")
    assert (sites["MU"].name_as_written, sites["MU"].value_from) == ("mu", "condition")


def test_numpyros_own_tools_work_while_recording() -> None:
    model = handlers.reparam(eight_schools, config={"theta": LocScaleReparam(0)})
    params = {"mu": 0.0, "tau": 1.0, "theta_decentered": jnp.zeros(J)}
    given = {"y": jnp.asarray(Y)}
    density, _ = log_density(model, (), given, params)
    with recording() as sites:
        recorded, _ = log_density(model, (), given, params)
        predicted = Predictive(model, num_samples=2)(jax.random.key(0))
    assert recorded == density
    assert predicted["theta"].shape == (2, J)
    assert sites.sites[0].value_from == "substitute"
