"""What is told of a site's distribution."""

from __future__ import annotations

import pytest
from static.support import Report, read, site

from numpyro_lint.model.ir import Const, Dist, Site

EXPRESSIONS = [
    ("dist.Normal(0.0, 1.0)", "Normal", ()),
    ("dist.Normal(0.0, 1.0).expand([3])", "Normal", ("expand",)),
    ("dist.Normal(0.0, 1.0).expand([3]).to_event(1)", "Normal", ("expand", "to_event")),
    ("dist.Normal(0.0, 1.0).mask(mask)", "Normal", ("mask",)),
    ("dist.Normal(0.0, 1.0).mask(True)", "Normal", ()),
    ("dist.Normal(0.0, 1.0).mask(False).to_event(1)", "Normal", ("mask", "to_event")),
    ("prior", "Gamma", ()),
    ("PRIORS['a']", "Beta", ()),
    ("(wide := dist.Cauchy(0.0, 9.0))", "Cauchy", ()),
    ("functools.partial(dist.Normal, 0.0)(1.0)", "Normal", ()),
    ("half(2.0)", "HalfNormal", ()),
    ("dist.Normal(0.0, 1.0) if mask else dist.Cauchy(0.0, 1.0)", None, None),
    ("given", None, None),
    ("mine.Special(1.0)", None, None),
    ("dist.NotThere(1.0)", None, None),
]


def dist_of(report: Report, name: str) -> Dist | None:
    for each in report.module.functions.values():
        for found in each.sites:
            if found.name.literal == name:
                return found.dist if isinstance(found.dist, Dist) else None
    raise AssertionError(name)


@pytest.mark.parametrize(("expression", "family", "wraps"), EXPRESSIONS)
def test_family_and_wraps(expression: str, family: str | None, wraps: tuple[str, ...]) -> None:
    report = read(
        f"""
        import mine
        PRIORS = {{"a": dist.Beta(1.0, 1.0)}}
        def half(scale):
            return dist.HalfNormal(scale)
        def model(mask, given):
            prior = dist.Gamma(1.0, 1.0)
            numpyro.sample("a", {expression})
        """
    )
    assert site(report, "a")["distribution"] == family
    found = dist_of(report, "a")
    assert (found.wraps if found else None) == wraps


@pytest.mark.parametrize(
    "call",
    [
        "dist.Normal(1.0, 2.0)",
        "dist.Normal(scale=2.0, loc=1.0)",
        "dist.Normal(1.0, scale=2.0)",
        "dist.Normal(*(1.0, 2.0))",
        "dist.Normal(**{'loc': 1.0, 'scale': 2.0})",
        "dist.Normal(**dict(loc=1.0, scale=4.0 / 2))",
    ],
)
def test_arguments(call: str) -> None:
    report = read(f"def model():\n    numpyro.sample('a', {call})\n")
    found = dist_of(report, "a")
    assert found is not None
    assert dict(found.args) == {"loc": Const(1.0), "scale": Const(2.0)}


@pytest.mark.parametrize(
    ("scale", "depends"),
    [
        ("tau", True),
        ("jnp.exp(tau)[0] + 1.0", True),
        ("scales['a']", True),
        ("pair[1]", True),
        ("pair[0]", False),
        ("tau.shape[0]", False),
        ("len(tau)", False),
        ("jnp.ones_like(tau)", False),
        ("helper(tau)", True),
        ("helper(1.0)", False),
        ("numpyro.deterministic('d', 2 * tau)", True),
        ("tau if flag else 1.0", True),
        ("jax.nn.softplus(tau)", True),
        ("[tau, 1.0][0]", True),
    ],
)
def test_what_an_argument_was_computed_from(scale: str, depends: bool) -> None:
    report = read(
        f"""
        def helper(x):
            return 2.0 * x
        def model(flag):
            tau = numpyro.sample("tau", dist.HalfNormal(1.0))
            scales = {{"a": tau}}
            pair = (1.0, tau)
            numpyro.sample("a", dist.Normal(0.0, {scale}))
        """
    )
    origin = next(
        step
        for each in report.module.functions.values()
        for step in each.body
        if isinstance(step, Site) and step.name.literal == "tau"
    )
    found = dist_of(report, "a")
    argument = found.arg("scale") if found else None
    assert argument is not None
    assert (origin.span in argument.depends) is depends
