"""Tests of models without inference: what is latent, which shapes, what stays as it was."""

import jax.numpy as jnp
import pytest
from models import DAYS, growth, survival
from numpyro import handlers

from numpyro_lint.testing import trace_model

HEIGHT = jnp.ones((3, 7))


def test_sites():
    trace = trace_model(growth, DAYS, HEIGHT)
    assert trace.latent == {"rate", "spread", "noise", "z"}
    assert trace.observed == {"height"}
    assert trace["height"].shape == (3, 7)
    assert trace["height"].plates == ("plants", "days")


def test_prediction_draws_the_heights():
    trace = trace_model(growth, DAYS)
    assert "height" in trace.latent
    assert trace["height"].shape == (5, 7)


def test_where_parameters_come_from():
    trace = trace_model(growth, DAYS, HEIGHT)
    assert trace["height"].depends == {"loc": ("rate", "spread", "z"), "scale": ("noise",)}


def test_handlers():
    fixed = handlers.condition(growth, data={"rate": 0.3})
    assert trace_model(fixed, DAYS, HEIGHT)["rate"].value_from == "condition"


@pytest.mark.parametrize(
    ("model", "arguments"),
    [(growth, (DAYS, HEIGHT)), (survival, (jnp.arange(40.0), jnp.ones(40)))],
)
def test_nothing_to_find(model_trace, model, arguments):
    assert model_trace(model, *arguments).check() == []


def test_snapshot(model_trace):
    age, alive = jnp.arange(40.0), jnp.ones(40)
    assert model_trace(survival, age, alive).snapshot() == SURVIVAL


SURVIVAL = """\
site       type    status    distribution  shape       plates  handlers
intercept  sample  latent    Normal        () | ()
slope      sample  latent    Normal        () | ()
people     plate                           (40,)
alive      sample  observed  Bernoulli     (40,) | ()  people
"""
