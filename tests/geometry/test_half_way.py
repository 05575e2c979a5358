"""Between centred and decentred: who is told of the form half way, and what it is worth."""

from __future__ import annotations

from typing import Any

import jax
import pytest
from label_geometry import PAIRS, figures, pair_module
from markdown import findings, with_preamble
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

from numpyro_lint_runtime.host import Host

MODEL = """
from numpyro.infer.reparam import LocScaleReparam

{reparam}
def model(sigma, y):
    tau = numpyro.sample("tau", dist.HalfNormal(5.0))
    with numpyro.plate("group", 8):
        theta = numpyro.sample("theta", dist.{prior})
        numpyro.sample("y", dist.Normal(theta, sigma), obs=y)


y = jnp.array([1.2, -0.8, 1.5, -1.9, 0.4, -0.3, 2.1, -1.4])
MCMC(NUTS(model), num_warmup=1, num_samples=1).run(jax.random.key(0), jnp.array({sigma}), y)
"""
UNLIKE = [2.0] * 6 + [0.1] * 2


def said(tracer: Host, prior: str, sigma: list[float], reparam: str = "") -> dict[str, str]:
    """The message of each rule on the site."""
    text = with_preamble(MODEL.format(reparam=reparam, prior=prior, sigma=sigma))
    return {each.rule: each.message for each in findings(text, tracer, values=True)}


@pytest.mark.trace
@pytest.mark.parametrize(
    ("prior", "sigma", "suggested"),
    [
        ("Normal(0.0, tau)", 0.88, "LocScaleReparam(0.5)"),
        ("StudentT(4, 0.0, tau)", 0.95, 'LocScaleReparam(0.5, shape_params=["df"])'),
    ],
)
def test_it_is_told_and_then_nothing_is(tracer: Host, prior: str, sigma: float, suggested: str):
    alike = [sigma] * 8
    assert said(tracer, prior, alike)["uncertain-centering"].endswith(
        f"; {suggested} in handlers.reparam goes half way"
    )
    taken = f'@handlers.reparam(config={{"theta": {suggested}}})'
    assert said(tracer, prior, alike, taken) == {}


@pytest.mark.trace
def test_elements_that_differ_widely_are_left_centred(tracer: Host):
    assert said(tracer, "Normal(0.0, tau)", UNLIKE) == {}


def per_gradient(model: Any, pair: Any) -> float:
    """Effective draws of the worst element for 1,000 gradients."""
    mcmc = MCMC(
        NUTS(model),
        num_warmup=300,
        num_samples=500,
        num_chains=4,
        chain_method="vectorized",
        progress_bar=False,
    )
    keys = jax.random.PRNGKey(0)
    mcmc.run(keys, *pair.arguments, extra_fields=("num_steps", "diverging"), **pair.keywords)
    draws, extra = mcmc.get_samples(group_by_chain=True), mcmc.get_extra_fields(group_by_chain=True)
    found = figures(*jax.device_get((draws, extra)), pair.COMPARED)
    return float(found["per_1000_gradients"])


@pytest.mark.slow
@pytest.mark.verify
def test_it_outdoes_both_forms_where_the_data_give_a_half():
    pair = pair_module("tumours", PAIRS)
    half_way = handlers.reparam(pair.centred, config={pair.SITE: LocScaleReparam(0.5)})
    best = max(per_gradient(each, pair) for each in (pair.centred, pair.decentred))
    assert per_gradient(half_way, pair) > 2 * best
