"""The forms that are compared have one density, whichever coordinates a site is drawn in."""

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
from numpyro.infer.reparam import LocScaleReparam
from numpyro.infer.util import log_density

from numpyro_lint_runtime.pilots import Pilot
from numpyro_lint_runtime.values import Hierarchy
from numpyro_lint_runtime.worker.centre import NoTwin
from numpyro_lint_runtime.worker.evidence import evidence
from numpyro_lint_runtime.worker.forms import form_of
from numpyro_lint_runtime.worker.slice import Target

Y = jnp.array([1.2, -0.8, 1.5, -1.9, 0.4, -0.3])
Model = Callable[..., None]


def shared(y):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(mu + tau * z, 0.5), obs=y)


def on_the_line(y):
    log_tau = numpyro.sample("log_tau", dist.Normal(0.0, 1.0))
    z = numpyro.sample("z", dist.StudentT(5.0).expand([len(y)]).to_event(1))
    numpyro.sample("y", dist.Normal(jnp.exp(log_tau) * z, 0.5).to_event(1), obs=y)


def by_column(y):
    loc = numpyro.sample("loc", dist.Normal(0.0, 5.0).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(2.0).expand([2]).to_event(1))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
        effect = loc + tau * z
        numpyro.sample("y", dist.Normal(effect[:, 0] + 0.5 * effect[:, 1], 0.5), obs=y)


def of_three(y):
    loc = numpyro.sample("loc", dist.Normal(0.0, 5.0).expand([3]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(2.0).expand([3]).to_event(1))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([3]).to_event(1))
        numpyro.sample("y", dist.Normal((loc + tau * z).sum(-1), 0.5), obs=y)


def by_softplus(y):
    loc = numpyro.sample("loc", dist.Normal(0.0, 5.0))
    raw = numpyro.sample("raw", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 2.0))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
        scale_tril = jax.nn.softplus(raw)[:, None] * corr
        effect = loc + (scale_tril @ z[..., None])[..., 0]
        numpyro.deterministic("theta", effect)
        numpyro.sample("y", dist.Normal(effect[:, 0] + 0.5 * effect[:, 1], 0.5), obs=y)


def product(y):
    overall = numpyro.sample("overall", dist.HalfNormal(2.0))
    tau = numpyro.sample("tau", dist.HalfNormal(2.0).expand([1]).to_event(1))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(overall * tau * z, 0.5), obs=y)


def named_as_numpyro_names_it(y):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("theta_decentered", dist.Normal(0.0, 1.0))
        theta = numpyro.deterministic("theta", mu + tau * z)
        numpyro.sample("y", dist.Normal(theta, 0.5), obs=y)


def correlated(y):
    loc = numpyro.sample("loc", dist.Normal(0.0, 5.0).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(2.0).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 2.0))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
        effect = loc + ((tau[:, None] * corr) @ z[..., None])[..., 0]
        numpyro.deterministic("theta", effect)
        numpyro.sample("y", dist.Normal(effect[:, 0] + 0.5 * effect[:, 1], 0.5), obs=y)


def mixed(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 2.0))
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
        effect = tau * ((corr @ corr) @ z[..., None])[..., 0]
        numpyro.sample("y", dist.Normal(effect[:, 0] + effect[:, 1], 0.5), obs=y)


def late(y):
    with numpyro.plate("group", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    numpyro.sample("y", dist.Normal(tau * z, 0.5).to_event(1), obs=y)


def walk(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    start = numpyro.sample("start", dist.Normal(0.0, 5.0))
    with numpyro.plate("steps", len(y)):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
    numpyro.deterministic("theta", jnp.cumsum(tau * z))
    level = start + jnp.cumsum(tau * z)
    numpyro.sample("y", dist.Normal(level, 0.5).to_event(1), obs=y)


def walk_of_a_scan(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    drift = numpyro.sample("drift", dist.Normal(0.0, 1.0))
    z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([len(y)]).to_event(1))

    def step(level, z):
        level = level + drift + tau * z
        return level, level

    _, level = jax.lax.scan(step, 0.0, z)
    numpyro.deterministic("theta", level)
    numpyro.sample("y", dist.Normal(level, 0.5).to_event(1), obs=y)


def first_dim(y):
    pace = numpyro.sample("pace", dist.Normal(0.0, 5.0))
    cost = numpyro.sample("cost", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfNormal(2.0).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 2.0))
    z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([2, len(y)]))
    effect = jnp.stack([pace, cost])[:, None] + jnp.diag(tau) @ corr @ z
    numpyro.deterministic("theta", effect)
    numpyro.sample("y", dist.Normal(effect[0] + 0.5 * effect[1], 0.5).to_event(1), obs=y)


HOW = {
    first_dim: (("tau",), ()),
    walk: (("tau",), ()),
    walk_of_a_scan: (("tau",), ()),
    shared: (("tau",), ("mu",)),
    on_the_line: (("log_tau",), ()),
    by_column: (("tau",), ("loc",)),
    product: (("overall", "tau"), ()),
    named_as_numpyro_names_it: (("tau",), ("mu",)),
    correlated: (("tau",), ("loc",)),
    of_three: (("tau",), ("loc",)),
    by_softplus: (("raw",), ("loc",)),
    mixed: (("tau",), None),
    late: (("tau",), ()),
}


def standard(model: Model) -> Hierarchy:
    """The standard site of a model, and how the density says that it is scaled."""
    name = "theta_decentered" if model is named_as_numpyro_names_it else "z"
    asked = [Hierarchy(name, "Normal", standard=True)]
    if model is of_three:  # as many as make a group
        asked.append(Hierarchy("loc", "Normal", standard=True))
    (found,) = evidence(Target(model, (Y,), {}), asked)
    return found.site


@pytest.mark.parametrize("model", HOW, ids=lambda model: model.__name__)
def test_what_scales_a_site_and_what_is_added_to_it(model: Model) -> None:
    found = standard(model)
    assert (found.scales, found.locs) == HOW[model]
    assert found.softplus == (found.scales if model is by_softplus else ())
    assert found.turned == (model is first_dim)
    assert found.columns == ((("cost", 1), ("pace", 0)) if model is first_dim else ())
    assert found.summed == (model in (walk, walk_of_a_scan))
    assert found.staged == (model is walk_of_a_scan)


def drawn(model: Any, seed: int) -> dict[str, Any]:
    """A draw of all latents, and of what is computed of them."""
    trace = handlers.trace(handlers.seed(model, seed)).get_trace(Y)
    return {n: s["value"] for n, s in trace.items() if s["type"] == "deterministic"} | {
        n: s["value"] for n, s in trace.items() if s["type"] == "sample" and not s["is_observed"]
    }


@pytest.mark.parametrize(
    "model",
    [
        shared,
        on_the_line,
        by_column,
        correlated,
        of_three,
        by_softplus,
        product,
        named_as_numpyro_names_it,
        walk,
        walk_of_a_scan,
        first_dim,
    ],
    ids=lambda model: model.__name__,
)
def test_centred_by_hand_has_the_density_with_the_jacobian(model: Model) -> None:
    site = standard(model)
    target, pilot = Target(model, (Y,), {}), Pilot((site,), decentred=True)
    (own, names), (centred, same) = (form_of(target, pilot, form) for form in (True, False))
    assert names == same == (f"{site.name}_centred",)
    for seed in range(3):
        values = drawn(own, seed)
        z, made = values.pop(site.name), values.pop(names[0])
        if "theta" in values:
            assert np.asarray(made) == pytest.approx(np.asarray(values.pop("theta")), rel=1e-4)
        latent = {**values, names[0]: made}

        def again(made: Any, latent: Any = latent) -> Any:
            placed = handlers.substitute(handlers.seed(centred, 0), data={**latent, names[0]: made})
            return handlers.trace(placed).get_trace(Y)[site.name]["value"]

        assert np.asarray(again(made)) == pytest.approx(np.asarray(z), rel=1e-4, abs=1e-5)
        slopes = jax.jacobian(again)(made).reshape(made.size, made.size)
        before = log_density(model, (Y,), {}, {**values, site.name: z})[0]
        after = log_density(centred, (Y,), {}, latent)[0]
        expected = float(before + jnp.linalg.slogdet(slopes)[1])
        assert float(after) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("model", "reason"),
    [(mixed, "is mixed in the model's own lines"), (late, "'tau', by which 'z' is scaled, is")],
    ids=["mixed", "late"],
)
def test_a_form_that_would_have_to_be_written(model: Model, reason: str) -> None:
    pilot = Pilot((standard(model),), decentred=True)
    with pytest.raises(NoTwin, match=reason):
        drawn(form_of(Target(model, (Y,), {}), pilot, False)[0], 0)


def test_a_reparam_of_the_model_is_left_out_for_the_centred_form() -> None:
    def plain(y):
        tau = numpyro.sample("tau", dist.HalfNormal(2.0))
        with numpyro.plate("group", len(y)):
            theta = numpyro.sample("theta", dist.Normal(0.0, tau))
            numpyro.sample("y", dist.Normal(theta, 0.5), obs=y)

    model = handlers.reparam(plain, config={"theta": LocScaleReparam(0)})
    site = Hierarchy("theta_decentered", "Normal", ("tau",), standard=True)
    pilot = Pilot((site,), decentred=True)
    centred, names = form_of(Target(model, (Y,), {}), pilot, False)
    assert names == ("theta",)
    assert set(drawn(centred, 0)) == {"tau", "theta"}
    assert set(drawn(model, 0)) == {"tau", "theta_decentered", "theta"}
