"""A site of a helper has a name for each call: what is said is of these, each by its own data."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from markdown import findings, with_preamble

from numpyro_lint.diagnostic import Diagnostic
from numpyro_lint.fix import fix_of
from numpyro_lint.model.centring import evidence_at
from numpyro_lint.text import Span
from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.values import Hierarchy, SiteEvidence

pytestmark = pytest.mark.trace

MODEL = """
def effect(name, n):
    tau = numpyro.sample(f"{{name}}_scale", dist.HalfNormal(2.0))
    with numpyro.plate("group", n):
        return numpyro.sample(name, dist.Normal(0.0, tau))


def model(first, second):
    attack = effect("attack", 6)
    defence = effect("defence", 6)
    with numpyro.plate("rows", 6):
        numpyro.sample("first", dist.Normal(attack, {}), obs=first)
        numpyro.sample("second", dist.Normal(defence, {}), obs=second)


y = jnp.array([1.2, -0.8, 1.5, -1.9, 0.4, -0.3])
MCMC(NUTS(model), num_warmup=1, num_samples=1).run(jax.random.key(0), y, y[::-1])
"""


def funnels(tracer: Host, first: float, second: float) -> list[Diagnostic]:
    text = with_preamble(MODEL.format(first, second))
    return [each for each in findings(text, tracer, values=True) if each.rule == "funnel"]


def test_all_names_are_told_and_mended(tracer: Host) -> None:
    (found,) = funnels(tracer, 5.0, 9.0)
    assert found.message.startswith("the scale of 'attack' depends on 'attack_scale': ")
    assert found.message.endswith(" decentres it; the same goes for 'defence'")
    assert [each.message for each in found.related] == ["the scale comes from 'attack_scale'"]
    fix = fix_of(found)
    assert fix is not None
    assert fix.title == "Reparameterise 'attack' and 'defence' (non-centred)"


@pytest.mark.parametrize(
    ("first", "second", "name"), [(9.0, 0.05, "attack"), (0.05, 9.0, "defence")]
)
def test_each_goes_by_its_own_data(tracer: Host, first: float, second: float, name: str) -> None:
    (found,) = funnels(tracer, first, second)
    assert found.site == name
    assert found.message.startswith(f"the scale of '{name}' depends on '{name}_scale': ")
    assert "the same goes" not in found.message
    assert found.evidence is not None
    assert found.evidence["scale_sites"] == [f"{name}_scale"]
    assert found.evidence["kappa"] < 0.4
    fix = fix_of(found)
    assert fix is not None
    assert fix.title == f"Reparameterise '{name}' (non-centred)"


@pytest.mark.parametrize(
    ("name", "known"),
    [("attack", False), ("defence", True), ("*", True), ("defence_of_all", False)],
)
def test_what_is_known_of_one_name_is_not_told_of_another(name: str, known: bool) -> None:
    span = Span(0, 5)
    data = SiteEvidence(Hierarchy("defence"), 6, 0.1, 0.1, 0.1, 0.1, 0.1)
    joined = SimpleNamespace(span=span, traced=SimpleNamespace(name="defence", type="sample"))
    trace: Any = SimpleNamespace(sites=[joined], values=SimpleNamespace(evidence=[data]))
    funnel: Any = SimpleNamespace(name=name, site=SimpleNamespace(span=span))
    assert evidence_at(trace, funnel) == (data if known else None)
