"""What users import in their own tests, on live models of this process."""

from __future__ import annotations

import functools
import importlib
from pathlib import Path

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
import pytest
from numpyro import handlers
from numpyro.infer.reparam import LocScaleReparam

from numpyro_lint.testing import trace_model

pytestmark = pytest.mark.trace

SIGMA = jnp.array([15.0, 10, 16, 11, 9, 11, 10, 18])
Y = jnp.array([28.0, 8, -3, 7, -1, 1, 18, 12])


def eight_schools(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


def column(y):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    with numpyro.plate("N", y.shape[0]):
        numpyro.sample("y", dist.Normal(mu, 1.0), obs=y[:, None])


def silenced(y):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    with numpyro.plate("N", y.shape[0]):
        # numpyro-lint: ignore[broadcast-observation] what this test is about
        numpyro.sample("y", dist.Normal(mu, 1.0), obs=y[:, None])


def test_eight_schools() -> None:
    trace = trace_model(eight_schools, 8, SIGMA, y=Y)
    assert trace.latent == {"mu", "tau", "theta"}
    assert trace.observed == {"obs"}
    assert trace.plates == {"J"}
    assert trace["theta"].shape == (8,)
    assert trace["theta"].plates == ("J",)
    assert trace["theta"].depends == {"loc": ("mu",), "scale": ("tau",)}
    assert [site.name for site in trace] == ["mu", "tau", "J", "theta", "obs"]
    assert "tau" in trace
    assert "nu" not in trace


def test_unknown_site() -> None:
    with pytest.raises(KeyError, match=r"no site 'nu' among mu, tau, J, theta, obs"):
        trace_model(eight_schools, 8, SIGMA)["nu"]


def test_observed_and_substituted() -> None:
    fixed = handlers.substitute(eight_schools, {"mu": 0.0})
    known = handlers.condition(fixed, {"tau": 1.0})
    trace = trace_model(known, 8, SIGMA, y=Y)
    assert trace.latent == {"mu", "theta"}
    assert trace.substituted == {"mu"}
    assert trace.observed == {"obs", "tau"}


def test_reparameterised() -> None:
    trace = trace_model(
        handlers.reparam(eight_schools, config={"theta": LocScaleReparam(0)}), 8, SIGMA
    )
    assert trace.latent == {"mu", "tau", "theta_decentered", "obs"}
    assert trace.deterministic == {"theta"}


def test_method_and_partial() -> None:
    class Model:
        scale = 2.0

        def __call__(self, y):
            numpyro.param("shift", 0.0)
            numpyro.factor("penalty", -1.0)
            numpyro.sample("y", dist.Normal(0.0, self.scale), obs=y)

        def method(self, y):
            return self(y)

    for model in (Model(), Model().method, functools.partial(Model(), Y)):
        arguments = () if isinstance(model, functools.partial) else (Y,)
        trace = trace_model(model, *arguments)
        assert (trace.params, trace.factors, trace.observed) == ({"shift"}, {"penalty"}, {"y"})


def test_model_that_raises() -> None:
    with pytest.raises(TypeError, match="J"):
        trace_model(eight_schools)
    with pytest.raises(ValueError, match="no function of this kind"):
        trace_model(_raising)


def _raising() -> None:
    numpyro.sample("x", dist.Normal())
    raise ValueError("no function of this kind")


def test_model_that_branches_is_drawn() -> None:
    def model() -> None:
        if numpyro.sample("x", dist.Normal()) > -1e9:
            numpyro.sample("y", dist.Normal())

    assert trace_model(model).latent == {"x", "y"}


def test_findings() -> None:
    assert [f.rule for f in trace_model(eight_schools, 8, SIGMA, y=Y).check()] == ["funnel"]
    found = trace_model(column, Y).check()
    assert [(f.rule, f.severity, f.site) for f in found] == [
        ("broadcast-observation", "error", "y")
    ]
    text = Path(__file__).read_text().splitlines()
    assert "obs=y[:, None])" in text[found[0].line - 1]
    assert str(found[0]).startswith("tests/users/test_testing.py:")
    assert "(8, 8)" in str(found[0])


def test_findings_that_are_set_aside() -> None:
    assert trace_model(silenced, Y).check() == []
    trace = trace_model(column, Y)
    assert trace.check(ignore=["broadcast-observation"]) == []
    assert trace.check(select=["names"]) == []
    assert [f.rule for f in trace.check(select=["observations"])] == ["broadcast-observation"]


def test_findings_need_a_source() -> None:
    space: dict[str, object] = {"numpyro": numpyro, "dist": dist}
    exec("def model(): numpyro.sample('x', dist.Normal())", space)
    trace = trace_model(space["model"])  # type: ignore[arg-type]
    assert trace.latent == {"x"}
    with pytest.raises(ValueError, match="no source file"):
        trace.check()


def test_no_function() -> None:
    with pytest.raises(TypeError, match="no function of Python"):
        trace_model(len)


def test_snapshot() -> None:
    assert trace_model(eight_schools, 8, SIGMA, y=Y).snapshot() == (
        "site   type    status    distribution  shape      plates  handlers\n"
        "mu     sample  latent    Normal        () | ()\n"
        "tau    sample  latent    HalfCauchy    () | ()\n"
        "J      plate                           (8,)\n"
        "theta  sample  latent    Normal        (8,) | ()  J\n"
        "obs    sample  observed  Normal        (8,) | ()  J\n"
    )
    assert "(8,) | (), value (8, 1)" in trace_model(column, Y).snapshot()


def test_snapshot_tells_of_handlers() -> None:
    hidden = handlers.block(handlers.scope(eight_schools, prefix="a"), hide=["a/obs"])
    row = trace_model(hidden, 8, SIGMA, y=Y).snapshot().splitlines()[-1]
    assert row.split() == "a/obs sample observed Normal (8,) | () a/J hidden, block, scope".split()


def test_settings_of_the_models_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "numpyro-lint.toml").write_text('ignore = ["funnel"]\n')
    monkeypatch.syspath_prepend(tmp_path)
    text = "import numpyro\nimport numpyro.distributions as dist\n"
    text += (
        "def schools():\n"
        "    tau = numpyro.sample('tau', dist.HalfCauchy(5.0))\n"
        "    with numpyro.plate('J', 8):\n"
        "        theta = numpyro.sample('theta', dist.Normal(0.0, tau))\n"
        "        numpyro.sample('y', dist.Normal(theta, 1.0), obs=0.0)\n"
    )
    (tmp_path / "project_models.py").write_text(text)
    trace = trace_model(importlib.import_module("project_models").schools)
    assert trace.check(select=["funnel"]) != []
    assert [f.rule for f in trace.check() if f.rule == "funnel"] == []
