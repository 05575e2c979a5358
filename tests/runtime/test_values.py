"""The second stage: concrete draws, log densities and gradients, and what becomes of failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpyro
import numpyro.distributions as dist
import pytest
from numpyro import handlers
from runtime.support import PREAMBLE, request_for

from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.protocol import ValueResult

pytestmark = pytest.mark.trace

MODELS = """
import os
import time

def plain(y):
    level = numpyro.sample("level", dist.Normal(1.0, 2.0))
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    numpyro.sample("y", dist.Normal(level, spread), obs=y)

def negative(y):
    spread = numpyro.sample("spread", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(0.0, spread), obs=y)

def nowhere(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("never", dist.Normal(level, 1.0), obs=1e30)

def improper(y):
    level = numpyro.sample("level", dist.ImproperUniform(dist.constraints.positive, (), ()))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)

def branching(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    if level > 0:
        numpyro.sample("more", dist.Normal(0.0, 1.0))

def untraceable(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(float(level), 1.0), obs=y)

def slow(y):
    time.sleep(100.0)

def fatal(y):
    os._exit(3)
"""
Look = Callable[..., list[ValueResult]]


@pytest.fixture
def look(host: Host, tmp_path: Path) -> Look:
    def values(*names: str, deadline: float = 90.0) -> list[ValueResult]:
        targets = [f"{name}(jnp.array([0.5, 1.5]))" for name in names]
        text = PREAMBLE + MODELS
        request = request_for(tmp_path / "m.py", text, *targets, deadline=deadline)
        return list(host.values(request))

    return values


def test_a_model_that_is_well(look: Look) -> None:
    (result,) = look("plain")
    assert (result.status, result.mode, result.failure) == ("ok", "compiled", None)
    assert (result.draws, result.starts, result.valid, result.raised) == (32, 16, 16, "")
    assert [site.name for site in result.sites] == ["level", "spread", "y"]
    assert all(site.prior == site.start == site.slope == 0 for site in result.sites)

    def level() -> float:
        return numpyro.sample("level", dist.Normal(1.0, 2.0))

    assert result.sites[0].value == pytest.approx(float(handlers.seed(level, 0)()), rel=1e-5)
    assert result.sites[2].value == "0.5 .. 1.5"


def test_an_argument_out_of_its_domain(look: Look) -> None:
    (result,) = look("negative")
    spread, y = result.sites
    assert spread.prior == spread.start == 0
    assert 0 < y.prior < result.draws
    assert y.outside == {"scale": y.prior}
    assert float(y.example["scale"]) < 0
    assert (y.density, float(y.drawn["spread"]) < 0) == ("nan", True)
    assert 0 < result.valid == result.starts - y.start


def test_numpyro_says_so_too_where_there_is_no_start(look: Look) -> None:
    (result,) = look("nowhere")
    assert (result.starts, result.valid) == (100, 0)
    assert result.raised.startswith("Cannot find valid initial parameters")
    never = next(site for site in result.sites if site.name == "never")
    assert (never.start, never.density) == (100, "-inf")


def test_an_improper_prior_is_drawn_where_nuts_begins(look: Look) -> None:
    (result,) = look("improper")
    assert (result.status, result.valid) == ("ok", 16)
    assert isinstance(result.sites[0].value, float)


def test_what_cannot_be_compiled_is_drawn_once(look: Look) -> None:
    branching, untraceable = look("branching", "untraceable")
    assert [each.name for each in branching.unstable] == ["more"]
    assert branching.unstable[0].by == "seed"
    assert (untraceable.mode, untraceable.draws, untraceable.starts) == ("concrete", 1, 0)
    assert untraceable.unstable == ()


def test_what_fails_costs_its_own_values_alone(look: Look) -> None:
    slow, fatal, plain = look("slow", "fatal", "plain", deadline=30.0)
    assert slow.failure is not None
    assert (slow.failure.stage, slow.failure.message) == ("deadline", "it took longer than 30 s")
    assert fatal.failure is not None
    assert fatal.failure.stage == "refused"  # to end its process
    assert plain.status == "ok"


def test_a_request_that_is_cancelled_as_it_comes_is_answered(host: Host, tmp_path: Path) -> None:
    request = request_for(tmp_path / "m.py", PREAMBLE + MODELS, "slow(1.0)", deadline=60.0)
    host.start()
    process = host._process
    assert process is not None
    send = process.send
    process.send = lambda line: send(line + "Cancel\n")  # type: ignore[method-assign]
    try:
        (result,) = host.values(replace(request))
    finally:
        process.send = send  # type: ignore[method-assign]
    assert result.status == "skipped"
