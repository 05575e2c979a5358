"""Every way in which NumPyro's names come into a file."""

from __future__ import annotations

import pytest
from static.support import read, sites

MODEL = """
def model():
    {sample}("a", {normal}(0.0, 1.0))
"""
FORMS = [
    ("import numpyro", "numpyro.sample", "numpyro.distributions.Normal"),
    (
        "import numpyro as npr\nimport numpyro.distributions as dists",
        "npr.sample",
        "dists.Normal",
    ),
    ("import numpyro.distributions", "numpyro.sample", "numpyro.distributions.Normal"),
    (
        "import numpyro\nimport numpyro.distributions.continuous as c",
        "numpyro.sample",
        "c.Normal",
    ),
    (
        "from numpyro import sample, distributions as nd",
        "sample",
        "nd.Normal",
    ),
    (
        "from numpyro import sample as draw\nfrom numpyro.distributions import Normal as N",
        "draw",
        "N",
    ),
    (
        "from numpyro.primitives import sample\nfrom numpyro.distributions import Normal",
        "sample",
        "Normal",
    ),
    (
        "import numpyro.primitives as p\nimport numpyro.distributions as dist",
        "p.sample",
        "dist.Normal",
    ),
    ("from numpyro import *\nfrom numpyro.distributions import *", "sample", "Normal"),
    ("from numpyro import *", "sample", "distributions.Normal"),
    (
        "from numpyro.primitives import *\nfrom numpyro.distributions import *",
        "sample",
        "Normal",
    ),
    (
        "import numpyro\nsample = numpyro.sample\nNormal = numpyro.distributions.Normal",
        "sample",
        "Normal",
    ),
    ("import numpyro\ndist = numpyro.distributions", "numpyro.sample", "dist.Normal"),
    (
        "try:\n import numpyro\nexcept ImportError:\n raise\nimport numpyro.distributions as d",
        "numpyro.sample",
        "d.Normal",
    ),
]


@pytest.mark.parametrize(("imports", "sample", "normal"), FORMS, ids=[f[0] for f in FORMS])
def test_a_site_is_found(imports: str, sample: str, normal: str) -> None:
    text = imports + MODEL.format(sample=sample, normal=normal)
    (found,) = sites(read(text, preamble=""))
    assert (found["name"], found["type"], found["distribution"]) == ("a", "sample", "Normal")


def test_an_import_inside_the_model() -> None:
    report = read(
        """
        def model():
            from numpyro import sample
            import numpyro.distributions as d
            sample("a", d.Normal(0.0, 1.0))
        """,
        preamble="",
    )
    assert [each["distribution"] for each in sites(report)] == ["Normal"]


def test_an_import_under_type_checking_binds_nothing_at_run_time() -> None:
    report = read(
        """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from numpyro import sample
        else:
            from mine import sample, numpyro
        def model():
            sample("a", None)
        """,
        preamble="",
    )
    assert not any(function.role == "model" for function in report.module.functions.values())


@pytest.mark.parametrize(
    "imports",
    [
        "from numpyro.handlers import seed, condition",
        "from numpyro.handlers import *",
        "from numpyro import handlers\nseed, condition = handlers.seed, handlers.condition",
    ],
)
def test_handlers(imports: str) -> None:
    report = read(f"{imports}\nseed(condition(lambda: numpyro.sample('a', None), {{}}), 0)()\n")
    assert [handler.kind for handler in report.module.stacks[0].handlers] == ["seed", "condition"]


@pytest.mark.parametrize(
    "imports",
    [
        "from numpyro.infer import MCMC, NUTS",
        "from numpyro.infer import *",
        "from numpyro.infer.mcmc import MCMC\nfrom numpyro.infer.hmc import NUTS",
        "from numpyro import infer\nMCMC, NUTS = infer.MCMC, infer.NUTS",
    ],
)
def test_inference(imports: str) -> None:
    text = f"import numpyro\n{imports}\n{MODEL.format(sample='numpyro.sample', normal='None')}"
    report = read(text + "MCMC(NUTS(model), num_warmup=1).run(0)\n", preamble="")
    assert [run.kind for run in report.module.runs] == ["mcmc"]


def test_a_local_name_hides_an_imported_one() -> None:
    report = read(
        """
        def model(sample):
            sample("a", 1)
            numpyro.sample("b", dist.Normal(0.0, 1.0))
        """
    )
    assert [each["name"] for each in sites(report)] == ["b"]
    assert not report.context.bare(next(iter(report.module.functions.values()))).complete
