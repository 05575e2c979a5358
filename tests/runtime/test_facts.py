"""What the recorder notes of data, names, calls and exceptions, beside shapes."""

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
from numpyro.contrib.control_flow import scan
from numpyro.infer.reparam import LocScaleReparam

from numpyro_lint_runtime.protocol import Data, Failure, TracedSite, frame, unframe
from numpyro_lint_runtime.worker.missing import Missing
from numpyro_lint_runtime.worker.trace import record_call, trace_call


def sites(model: Callable[..., Any], *args: Any) -> dict[str, TracedSite]:
    return {site.name: site for site in record_call(model, args)}


def data(fn: Callable[[Any], Any], value: Any, mask: Any = None) -> Data | None:
    """What is noted of a value that a distribution with a latent argument observes."""

    def model() -> None:
        level = numpyro.sample("level", dist.Normal(0.0, 1.0))
        with handlers.mask(mask=True if mask is None else mask):
            numpyro.sample("y", fn(level), obs=value)

    return sites(model)["y"].data


NORMAL = lambda m: dist.Normal(m, 1.0)  # noqa: E731


def test_values_that_are_not_finite_are_counted() -> None:
    found = data(NORMAL, np.array([[0.5, np.nan], [np.inf, 1.0]]))
    assert found == Data(size=4, non_finite=2, first_non_finite="nan at [0, 1]")


def test_one_number_has_no_place() -> None:
    assert data(NORMAL, float("nan")) == Data(size=1, non_finite=1, first_non_finite="nan")


def test_masked_values_do_not_count() -> None:
    values = np.array([np.nan, 1.0])
    assert data(NORMAL, values, np.array([False, True])) == Data(size=2)
    assert data(NORMAL, values, False) == Data(size=2)


def test_a_mask_reaches_over_events() -> None:
    pairs = np.array([[np.nan, 1.0], [1.0, np.nan]])
    event = lambda m: dist.Normal(m * jnp.ones((2, 2)), 1.0).to_event(1)  # noqa: E731
    found = data(event, pairs, np.array([False, True]))
    assert found == Data(size=4, non_finite=1, first_non_finite="nan at [1, 1]")


def test_a_mask_that_is_computed_in_the_model_tells_nothing() -> None:
    def model(y: Any) -> None:
        with handlers.mask(mask=jnp.isfinite(y)):
            numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)

    assert sites(model, np.array([np.nan, 1.0]))["y"].data is None


@pytest.mark.parametrize(
    ("fn", "values", "outside", "first", "fractional"),
    [
        (lambda m: dist.Poisson(jnp.exp(m)), [1.0, -2.0], 1, "-2 at [1]", False),
        (lambda m: dist.Poisson(jnp.exp(m)), [1.5, 2.0], 1, "1.5 at [0]", True),
        (lambda m: dist.Poisson(jnp.exp(m)), [1.5, -2.0], 2, "1.5 at [0]", False),
        (lambda m: dist.Bernoulli(logits=m), [0, 2], 1, "2 at [1]", False),
        (lambda m: dist.Bernoulli(logits=m), [0.2, 1.0], 1, "0.2 at [0]", True),
        (lambda m: dist.Binomial(np.array([3, 4]), logits=m), [3, 5], 1, "5 at [1]", False),
        (lambda m: dist.Categorical(logits=jnp.stack([m, 0.0])), [0, 2], 1, "2 at [1]", False),
        (lambda m: dist.LogNormal(m, 1.0), [0.0, 1.0], 1, "0 at [0]", False),
        (lambda m: dist.Uniform(0.0, 1.0), [0.0, 1.5], 1, "1.5 at [1]", False),
        (lambda m: dist.TruncatedNormal(m, 1.0, low=0.0), [-0.1, 1.0], 1, "-0.1 at [0]", False),
        (
            lambda m: dist.Dirichlet(jnp.exp(m) * jnp.ones(2)),
            [[0.5, 0.5], [0.5, 0.6]], 1, "[0.5, 0.6] at [1]", False,
        ),
        (lambda m: dist.Exponential(jnp.exp(m)), [0.0, 1.0], 0, "", False),
        (lambda m: dist.VonMises(m, 1.0), [0.0, 6.0], 0, "", False),
        (lambda m: dist.Uniform(0.0, jnp.exp(m)), [0.0, 100.0], 0, "", False),
    ],
)  # fmt: skip
def test_values_out_of_the_support_are_counted(
    fn: Callable[[Any], Any], values: list[Any], outside: int, first: str, fractional: bool
) -> None:
    found = data(fn, np.array(values))
    assert found is not None
    assert (found.outside, found.first_outside, found.fractional) == (outside, first, fractional)
    assert bool(found.support) == bool(outside)


def test_of_a_large_array_the_first_rows_are_seen() -> None:
    values = np.zeros((2_000_000, 2))
    values[[0, -1]] = np.nan
    found = data(NORMAL, values)
    assert found is not None
    assert found.size <= 1_000_000
    assert found.non_finite == 2


@pytest.mark.parametrize("value", [[0.1, 0.2], (1, 2), "text", np.array(["a"]), {"a": 1}])
def test_what_is_no_array_is_told_with_what_it_raises(value: Any) -> None:
    found = data_kind(value)
    assert found.kind
    assert "Error" in found.error


def data_kind(value: Any) -> Data:
    def model() -> None:
        level = numpyro.sample("level", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(level, 1.0), obs=value)

    found = sites(model)["y"].data
    assert found is not None
    return found


def test_an_observation_that_is_computed_tells_nothing() -> None:
    def model(y: Any) -> None:
        numpyro.sample("y", dist.Normal(0.0, 1.0), obs=jnp.log(y))

    assert sites(model, np.array([0.0]))["y"].data is None


def test_where_draws_are_numbers_only_what_is_given_is_looked_at() -> None:
    def model(y: Any, counts: Any) -> None:
        high = numpyro.sample("high", dist.HalfNormal(1.0))
        numpyro.sample("bounded", dist.Uniform(0.0, high), obs=y)
        numpyro.sample("counts", dist.Poisson(high), obs=counts)
        numpyro.sample("computed", dist.Normal(0.0, 1.0), obs=jnp.log(y - high))

    arguments = np.array([1e6, np.nan]), np.array([1, -1])
    traced = trace_call("m", model, arguments, {}, mode="concrete").sites
    found = {site.name: site.data for site in traced}
    assert found["bounded"] == Data(size=2, non_finite=1, first_non_finite="nan at [1]")
    assert found["counts"] is not None
    assert found["counts"].outside == 1
    assert found["computed"] is None


def test_arguments_that_are_the_values_of_sites() -> None:
    def model(group: Any) -> None:
        a = numpyro.sample("a", dist.Normal(0.0, 1.0))
        b = numpyro.sample("b", dist.HalfNormal(jnp.ones(3)))
        width = numpyro.param("width", 1.0)
        with numpyro.plate("data", 4):
            numpyro.sample("same", dist.Normal(a, b[group]), obs=jnp.zeros(4))
            numpyro.sample("computed", dist.Normal(a + 1.0, jnp.exp(a)), obs=jnp.zeros(4))
            numpyro.sample("param", dist.Normal(a, width), obs=jnp.zeros(4))

    found = sites(model, np.array([0, 1, 2, 0]))
    assert found["same"].passes == {"loc": "a", "scale": "b"}
    assert found["computed"].passes == {}
    assert found["param"].passes == {"loc": "a", "scale": "width"}
    assert found["width"].support == "real"


def test_what_mask_scale_and_observation_are_computed_from() -> None:
    def model(y: Any) -> None:
        a = numpyro.sample("a", dist.Normal(0.0, 1.0))
        b = numpyro.sample("b", dist.HalfNormal(1.0))
        with handlers.mask(mask=a > 0), handlers.scale(scale=b):
            numpyro.sample("weighed", dist.Normal(0.0, 1.0), obs=y)
        numpyro.sample("shifted", dist.Normal(0.0, 1.0), obs=y - a)
        numpyro.sample("plain", dist.Normal(a, 1.0), obs=y)

    found = sites(model, np.zeros(()))
    assert found["weighed"].depends_beside == ("a", "b")
    assert found["shifted"].depends_beside == ("a",)
    assert found["plain"].depends_beside == ()
    assert found["plain"].depends == {"loc": ("a",), "scale": ()}


def test_the_calls_that_lead_to_a_site() -> None:
    def inner() -> None:
        numpyro.sample("x", dist.Normal(0.0, 1.0))

    def outer() -> None:
        inner()

    def model() -> None:
        with handlers.scope(prefix="a"):
            outer()
        with handlers.scope(prefix="b"):
            outer()
        numpyro.sample("y", dist.Normal(0.0, 1.0))

    found = sites(model)
    first, second = found["a/x"].calls, found["b/x"].calls
    assert [len(first), len(second), len(found["y"].calls)] == [2, 2, 0]
    assert first[0] != second[0]
    assert first[1] == second[1]


def test_a_site_in_a_transformation_is_told_from_one_in_a_scan() -> None:
    def model() -> None:
        jax.vmap(lambda x: numpyro.sample("mapped", dist.Normal(x, 1.0)))(jnp.zeros(3))

        def step(state: Any, _: Any) -> tuple[Any, Any]:
            return numpyro.sample("scanned", dist.Normal(state, 1.0)), None

        scan(step, 0.0, jnp.arange(3))

    found = sites(model)
    assert found["mapped"].transformed
    assert not found["scanned"].transformed
    assert found["scanned"].scanned


def test_names_that_are_no_strings_and_batches_before_plates() -> None:
    def model() -> None:
        with numpyro.plate("data", 3):
            numpyro.sample(7, dist.Normal(0.0, 1.0))
            numpyro.sample("x", dist.Normal(jnp.zeros(3), 1.0))
            numpyro.sample("empty", dist.Uniform(2.0, 1.0))

    found = sites(model)
    assert (found["7"].name_type, found["x"].name_type) == ("int", "str")
    assert (found["7"].own_batch_shape, found["7"].batch_shape) == ((), (3,))
    assert found["x"].own_batch_shape == (3,)
    assert (found["x"].empty_support, found["empty"].empty_support) == (None, "low 2 and high 1")


def test_an_exception_tells_which_way_it_came() -> None:
    def too_wide() -> None:
        with numpyro.plate("data", 3):
            numpyro.sample("x", dist.Normal(jnp.zeros(4), 1.0))

    def complains() -> None:
        raise ValueError("no")

    def adds() -> Any:
        return np.ones(3) + np.ones(4)

    def reparams() -> None:
        with handlers.reparam(config={"x": LocScaleReparam(0)}):
            numpyro.sample("x", dist.LogNormal(0.0, 1.0))

    ways = {}
    for model in (too_wide, complains, adds, reparams):
        failure = trace_call("m", model, (), {}).failure
        assert failure is not None
        ways[model] = failure
    assert "plate.process_message" in ways[too_wide].through
    assert ways[too_wide].site == "x"
    assert ways[too_wide].raised_by in ("jax", "numpyro")
    assert (ways[complains].through, ways[complains].raised_by) == ((), "")
    assert ways[adds].raised_by == "builtins"
    assert "LocScaleReparam.__call__" in ways[reparams].through


def test_what_a_library_is_given_in_place_of_a_value_is_not_the_models_mistake() -> None:
    missing: Any = Missing(Failure("import", "ModuleNotFoundError", "No module named 'nowhere'"))

    def draws() -> None:
        numpyro.sample("x", missing)

    def observes() -> None:
        numpyro.sample("x", dist.Normal(0.0, 1.0), obs=missing)

    failure = trace_call("m", draws, (), {}).failure
    assert failure is not None
    assert (failure.stage, failure.exception) == ("import", "ModuleNotFoundError")
    assert [site.data for site in trace_call("m", observes, (), {}).sites] in ([], [None])


def test_all_of_it_travels() -> None:
    def model(y: Any) -> None:
        level = numpyro.sample("level", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y)

    result = trace_call("m", model, (np.array([np.nan]),), {})
    assert result.sites[-1].data is not None
    assert unframe(frame(result)) == result
