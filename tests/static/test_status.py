"""Latent, observed or optional; conditional; repeated."""

from __future__ import annotations

import pytest
from static.support import read, site, sites

STATUS = [
    ("", "latent"),
    ("None", "latent"),
    ("obs=None", "latent"),
    ("obs=1.0", "observed"),
    ("obs=jnp.zeros(3)", "observed"),
    ("obs=x", "observed"),
    ("x", "observed"),
    ("obs=x[0]", "observed"),
    ("obs=y", "optional"),
    ("obs=z", "optional"),
    ("obs=w", "optional"),
    ("obs=y if y is not None else None", "optional"),
    ("obs=2 * x", "observed"),
    ("obs=DATA", "observed"),
    ("**options", "optional"),
    ("sample_shape=(3,)", "latent"),
]


@pytest.mark.parametrize(("argument", "status"), STATUS)
def test_status(argument: str, status: str) -> None:
    report = read(
        f"""
        DATA = jnp.zeros(3)
        def model(x, y=None, z: "Array | None" = 0.0, w: "Optional[Array]" = 1.0, **options):
            numpyro.sample("a", dist.Normal(0.0, 1.0), {argument})
        """
    )
    assert site(report, "a")["status"] == status


@pytest.mark.parametrize(
    ("call", "observed"),
    [
        ("model()", False),
        ("model(1.0)", True),
        ("model(y=None)", False),
        ("model(y=jnp.zeros(3))", True),
        ("model(*args)", None),
        ("model(unknown())", None),
    ],
)
def test_what_a_call_settles(call: str, observed: bool | None) -> None:
    report = read(
        f"""
        def model(y=None):
            numpyro.sample("a", dist.Normal(0.0, 1.0), obs=y)
        def run(*args):
            return handlers.seed({call.partition("(")[0]}, 0)({call.partition("(")[2]}
        """
    )
    (effect,) = report.context.prediction(report.module.stacks[-1]).effects
    assert effect.observed is observed


BRANCHES = [
    "if flag:\n        SITE",
    "if flag:\n        pass\n    else:\n        SITE",
    "x = SITE if flag else 0.0",
    "flag and SITE",
    "try:\n        int(flag)\n    except ValueError:\n        SITE",
    "match flag:\n        case 1:\n            SITE",
    "if flag:\n        return\n    SITE",
]


@pytest.mark.parametrize("body", BRANCHES)
def test_conditional(body: str) -> None:
    text = body.replace("SITE", 'numpyro.sample("a", dist.Normal(0.0, 1.0))')
    found = site(read(f"def model(flag):\n    {text}\n"), "a")
    assert found["conditional"]
    assert not found["repeats"]


CERTAIN = [
    "if True:\n        SITE",
    "if flag:\n        flag = 1\n    SITE",
    "with numpyro.plate('p', 3):\n        SITE",
    "try:\n        int(flag)\n    finally:\n        SITE",
    "if flag:\n        x = 1\n    else:\n        x = 2\n    SITE",
    "SITE or flag",
]


@pytest.mark.parametrize("body", CERTAIN)
def test_certain(body: str) -> None:
    text = body.replace("SITE", 'numpyro.sample("a", dist.Normal(0.0, 1.0))')
    assert not site(read(f"def model(flag):\n    {text}\n"), "a")["conditional"]


REPEATS = [
    ("for x in xs:\n        SITE", True),
    ("while xs:\n        SITE", True),
    ("[SITE for x in xs]", True),
    ("{x: SITE for x in xs}", True),
    ("any(SITE for x in xs)", True),
    ("for x in xs:\n        pass\n    else:\n        SITE", False),
    ("for x in xs:\n        pass\n    SITE", False),
    ("for x in range(1):\n        SITE", False),
    ("for x in xs:\n        SITE\n        break", False),
    ("for x in xs:\n        return SITE", False),
    ("[x for x in SITE]", False),
]


@pytest.mark.parametrize(("body", "repeats"), REPEATS)
def test_repeats(body: str, repeats: bool) -> None:
    text = body.replace("SITE", 'numpyro.sample("a", dist.Normal(0.0, 1.0))')
    assert site(read(f"def model(xs):\n    {text}\n"), "a")["repeats"] is repeats


def test_what_is_never_reached_is_no_site() -> None:
    report = read(
        """
        def model():
            numpyro.sample("a", dist.Normal(0.0, 1.0))
            if False:
                numpyro.sample("b", dist.Normal(0.0, 1.0))
            return None
            numpyro.sample("c", dist.Normal(0.0, 1.0))
        """
    )
    assert [each["name"] for each in sites(report)] == ["a"]


def test_an_argument_chooses_the_branch_of_a_helper() -> None:
    report = read(
        """
        def helper(x=None, wide=False):
            if x is None:
                numpyro.factor("none", 0.0)
            else:
                numpyro.factor("some", 0.0)
            if wide:
                numpyro.factor("wide", 0.0)
        def model():
            helper()
            helper(1.0, wide=True)
        """
    )
    assert [each["name"] for each in sites(report)] == ["none", "some", "wide"]
    assert not any(each["conditional"] for each in sites(report))
