"""Names of distributions and supports."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
import pytest

from numpyro_lint_runtime.worker.trace import record_call, trace_live

FAMILIES = [
    (dist.Normal(), "Normal", "real"),
    (dist.HalfNormal(), "HalfNormal", "positive"),
    (dist.Uniform(0, 2), "Uniform", "interval"),
    (dist.Beta(1, 1), "Beta", "unit_interval"),
    (dist.Bernoulli(0.5), "Bernoulli", "boolean"),
    (dist.Bernoulli(logits=0.0), "Bernoulli", "boolean"),
    (dist.Categorical(jnp.ones(3) / 3), "Categorical", "integer_interval"),
    (dist.ZeroInflatedPoisson(0.5, 1.0), "ZeroInflatedPoisson", "nonnegative_integer"),
    (dist.TruncatedNormal(0.0, 1.0, low=0.0, high=2.0), "TruncatedNormal", "interval"),
    (dist.MultivariateNormal(jnp.zeros(2), jnp.eye(2)), "MultivariateNormal", "real_vector"),
    (dist.Normal().expand([2]).to_event(1), "Normal", "real_vector"),
    (dist.Gamma(1.0).expand([2]).to_event(1), "Gamma", "independent(positive, 1)"),
    (dist.LKJCholesky(3), "LKJCholesky", "corr_cholesky"),
    (dist.Delta(1.0), "Delta", "real"),
]


@pytest.mark.parametrize(("fn", "family", "support"), FAMILIES)
def test_family_and_support(fn: Any, family: str, support: str) -> None:
    (site,) = record_call(lambda: numpyro.sample("x", fn))
    assert (site.distribution, site.support) == (family, support)


def test_numbers_that_json_has_no_word_for() -> None:
    result = trace_live(lambda: numpyro.sample("x", dist.Normal(), obs=jnp.nan))
    assert result.sites[0].value == "nan"


def test_a_list_as_observation() -> None:
    (site,) = record_call(lambda: numpyro.sample("x", dist.Normal(), obs=[1.0, 2.0]))
    assert (site.shape, site.dtype, site.value) == ((2,), None, "1 .. 2")


def test_an_exception_that_cannot_be_shown() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def model() -> None:
        raise Mute

    failure = trace_live(model).failure
    assert failure is not None
    assert (failure.exception, failure.message) == ("Mute", "(its message cannot be shown)")
