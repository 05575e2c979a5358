"""Which sites the arguments of a distribution come from."""

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
from numpyro.contrib.control_flow import cond
from numpyro.infer.reparam import LocScaleReparam
from runtime.models import Y, eight_schools, linear, steps

from numpyro_lint_runtime.worker.trace import record_call, trace_live

Depends = dict[str, dict[str, tuple[str, ...]] | None]


def depends(model: Callable[..., Any], *args: Any) -> Depends:
    return {site.name: site.depends for site in record_call(model, args)}


def test_eight_schools() -> None:
    found = depends(lambda: eight_schools(y=Y))
    assert found["theta"] == {"loc": ("mu",), "scale": ("tau",)}
    assert found["obs"] == {"loc": ("theta",), "scale": ()}
    assert found["mu"] == {"loc": (), "scale": ()}


def test_deterministics_are_looked_through() -> None:
    found = depends(linear, np.ones(5))
    assert found["mu"] == {"value": ("intercept", "slope")}
    assert found["obs"] == {"loc": ("intercept", "slope"), "scale": ("sigma",)}


def test_reparam() -> None:
    model = handlers.reparam(eight_schools, config={"theta": LocScaleReparam(0)})
    found = depends(model)
    assert found["theta_decentered"] == {"loc": (), "scale": ()}
    assert found["obs"] == {"loc": ("mu", "tau", "theta_decentered"), "scale": ()}


def test_names_are_those_seen_from_outside() -> None:
    found = depends(handlers.scope(eight_schools, prefix="s"))
    assert found["s/theta"] == {"loc": ("s/mu",), "scale": ("s/tau",)}


def test_do_cuts_what_led_to_the_site() -> None:
    found = depends(handlers.do(eight_schools, data={"tau": 1.0}))
    assert found["theta"] == {"loc": ("mu",), "scale": ("tau__CF",)}


def test_values_that_a_handler_gives_count_too() -> None:
    found = depends(handlers.substitute(eight_schools, data={"mu": 0.0, "tau": 1.0}))
    assert found["theta"] == {"loc": ("mu",), "scale": ("tau",)}


def test_params_and_transformed_distributions() -> None:
    def model() -> None:
        scale = numpyro.param("scale", 1.0)
        loc = numpyro.sample("loc", dist.Normal())
        affine = dist.transforms.AffineTransform(loc, scale)
        numpyro.sample("t", dist.TransformedDistribution(dist.Normal(0, 1), [affine]))
        numpyro.sample("log", dist.LogNormal(loc, scale))
        numpyro.sample("cut", dist.TruncatedNormal(loc, 1.0, low=scale))

    found = depends(model)
    assert found["t"] == {"loc": (), "scale": (), "transforms": ("scale", "loc")}
    assert found["log"] == {"loc": ("loc",), "scale": ("scale",)}
    assert found["cut"] == {"loc": ("loc",), "scale": (), "low": ("scale",)}


def test_mixtures_event_dims_and_masks() -> None:
    def model() -> None:
        weights = numpyro.sample("weights", dist.Dirichlet(jnp.ones(2)))
        locs = numpyro.sample("locs", dist.Normal().expand([2]).to_event(1))
        mixture = dist.MixtureSameFamily(dist.Categorical(weights), dist.Normal(locs, 1.0))
        numpyro.sample("y", mixture)
        numpyro.sample("z", dist.Normal(locs, 1.0).to_event(1).mask(False))

    found = depends(model)
    assert found["y"] == {"mixing_distribution": ("weights",), "component_distribution": ("locs",)}
    assert found["z"] == {"loc": ("locs",), "scale": ()}


def test_factor() -> None:
    def model() -> None:
        a = numpyro.sample("a", dist.Normal())
        numpyro.factor("f", -(a**2))

    assert depends(model)["f"] == {"log_factor": ("a",)}


def test_steps_of_a_scan_depend_on_the_step_before() -> None:
    found = depends(steps)
    assert found["x"] == {"loc": ("phi", "x"), "scale": ()}
    assert found["twice"] == {"value": ("x",)}
    assert found["y"] == {"loc": ("x",), "scale": ()}


def test_branches_depend_on_what_decides() -> None:
    def model() -> None:
        a = numpyro.sample("a", dist.Normal())
        b = numpyro.sample("b", dist.Normal())
        x = cond(
            a > 0,
            lambda b: numpyro.sample("x", dist.Normal(b)),
            lambda b: numpyro.sample("x", dist.Normal(0.0)),
            b,
        )
        numpyro.sample("y", dist.Normal(x))

    found = depends(model)
    assert found["x"] == {"loc": ("a", "b"), "scale": ("a",)}
    assert found["y"] is not None
    assert found["y"]["loc"] == ("a", "x")


def test_through_loops_jit_and_vmap() -> None:
    def model() -> None:
        a = numpyro.sample("a", dist.Normal())
        b = numpyro.sample("b", dist.Normal())
        loop = jax.lax.while_loop(lambda c: c[0] < 3, lambda c: (c[0] + 1, c[1] * a), (0, 1.0))
        both = jax.jit(lambda x, y: (x, y))(a, b)
        numpyro.sample("w", dist.Normal(loop[1], jax.nn.softplus(b)))
        numpyro.sample("j", dist.Normal(both[0], jnp.exp(both[1])))
        numpyro.sample("v", dist.Normal(jax.vmap(lambda s: s * b)(jnp.ones(3)), 1.0))

    found = depends(model)
    assert found["w"] == {"loc": ("a",), "scale": ("b",)}
    assert found["j"] == {"loc": ("a",), "scale": ("b",)}
    assert found["v"] == {"loc": ("b",), "scale": ()}


def test_a_model_that_branches_on_what_it_observes_is_still_traced_abstractly() -> None:
    def model() -> None:
        y = numpyro.sample("y", dist.Normal(), obs=2.0)
        if y > 0:
            a = numpyro.sample("a", dist.Normal())
            numpyro.sample("b", dist.Normal(a))

    result = trace_live(model)
    assert (result.status, result.mode, result.failure) == ("ok", "abstract", None)
    assert result.sites[-1].depends == {"loc": ("a",), "scale": ()}


def test_a_model_that_branches_on_a_latent_is_traced_on_a_draw() -> None:
    def model() -> None:
        a = numpyro.sample("a", dist.Normal())
        if a > 0:
            numpyro.sample("b", dist.Normal(a))
        else:
            numpyro.sample("c", dist.Normal(a))

    result = trace_live(model)
    assert (result.status, result.mode) == ("ok", "concrete")
    assert [site.depends for site in result.sites] == [None, None]
    assert result.failure is not None
    assert result.failure.exception == "TracerBoolConversionError"
    assert result.failure.position is not None
    assert result.failure.position.line == model.__code__.co_firstlineno + 2


def test_numpy_on_a_latent_is_traced_on_a_draw() -> None:
    def model() -> None:
        a = numpyro.sample("a", dist.Normal())
        numpyro.sample("b", dist.Normal(np.exp(a), 1.0))

    assert (trace_live(model).status, trace_live(model).mode) == ("ok", "concrete")


def test_a_site_inside_a_jax_transform_has_no_answer() -> None:
    def model() -> None:
        def body(carry: Any, key: Any) -> tuple[Any, Any]:
            return carry, numpyro.sample("x", dist.Normal(carry), rng_key=key)

        a = numpyro.sample("a", dist.Normal())
        jax.lax.scan(body, a, jax.random.split(jax.random.key(0), 3))

    assert depends(model) == {"a": {"loc": (), "scale": ()}, "x": None}


def test_no_tracer_outlives_the_trace() -> None:
    with jax.checking_leaks():
        sites = record_call(eight_schools)
    assert len(sites) == 5


def test_what_the_model_raises_is_raised() -> None:
    def model() -> None:
        numpyro.sample("a", dist.Normal())
        raise KeyError("column")

    with pytest.raises(KeyError):
        record_call(model)
    result = trace_live(model)
    assert result.failure is not None
    assert (result.failure.stage, result.failure.exception) == ("model", "KeyError")
    assert [site.name for site in result.sites] == ["a"]


def test_a_subsample_of_a_numpy_argument_is_traced_abstractly() -> None:
    def model(data: Any) -> None:
        loc = numpyro.sample("loc", dist.Normal())
        with numpyro.plate("data", len(data), subsample_size=3) as index:
            numpyro.sample("y", dist.Normal(loc), obs=data[index])

    result = trace_live(model, np.ones(10))
    assert (result.mode, result.failure, result.sites[-1].shape) == ("abstract", None, (3,))
