"""A site is renamed wherever the file means it, and nowhere else."""

from __future__ import annotations

import pytest
from static.support import PREAMBLE, read

from numpyro_lint.questions import mentions, namesakes
from numpyro_lint.rewrite import applied, rename_fix


def renamed(text: str, nth: int = 0, new: str = "w") -> str | None:
    """The text with the nth site of its first function renamed."""
    report = read(text, PREAMBLE)
    site = list(next(iter(report.module.functions.values())).sites)[nth]
    fix = rename_fix(report.source, mentions(report.context, site), new)
    if fix is None:
        return None
    return applied(report.source.text, fix.edits).removeprefix(PREAMBLE)


MODEL = """\
def model(y=None):
    x = numpyro.sample("x", dist.Normal(0.0, 1.0))
    with handlers.scope(prefix="a"):
        z = numpyro.sample('x', dist.Normal(0.0, 1.0))
    numpyro.sample(name="y", fn=dist.Normal(x + z, 1.0), obs=y)


held = handlers.condition(model, data={"a/x": 1.0, "x": 2.0})
drawn = Predictive(model, {"x": x, "a/x": z}, return_sites=["y", "x"])(key)
names = {"x": 1, "a/x": 2}
"""


@pytest.mark.parametrize(
    ("nth", "changes"),
    [
        (
            0,
            {
                'x = numpyro.sample("x"': 'x = numpyro.sample("w"',
                '1.0, "x": 2.0': '1.0, "w": 2.0',
                '{"x": x,': '{"w": x,',
                '"y", "x"]': '"y", "w"]',
            },
        ),
        (
            1,
            {
                "numpyro.sample('x'": "numpyro.sample('w'",
                '{"a/x": 1.0': '{"a/w": 1.0',
                '"a/x": z}': '"a/w": z}',
            },
        ),
        (2, {'name="y"': 'name="w"', '["y"': '["w"'}),
    ],
)
def test_a_site_and_its_keys(nth: int, changes: dict[str, str]) -> None:
    expected = MODEL
    for old, new in changes.items():
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    assert renamed(MODEL, nth) == expected


def test_keys_of_what_a_reparameterisation_makes() -> None:
    text = """\
def model():
    x = numpyro.sample("x", dist.Normal(0.0, 1.0))


m = handlers.reparam(model, config={"x": LocScaleReparam(0)})
held = handlers.condition(m, data={"x_decentered": 1.0})
""".replace("LocScaleReparam", "numpyro.infer.reparam.LocScaleReparam")
    expected = text.replace('("x"', '("w"').replace('{"x"', '{"w"').replace('"x_', '"w_')
    assert renamed(text) == expected


def test_a_key_that_means_two_sites_is_left() -> None:
    text = """\
def model(long):
    if long:
        numpyro.sample("x", dist.Normal(0.0, 1.0))
    else:
        numpyro.sample("x", dist.Normal(0.0, 2.0))


held = handlers.condition(model, data={"x": 1.0})
"""
    assert renamed(text) == text.replace('"x"', '"w"', 1)


@pytest.mark.parametrize("name", ['"x" + ""', "NAME", '"\\x78"', '"x" ""'])
def test_a_name_that_is_no_plain_string_is_left(name: str) -> None:
    text = f'NAME = "x"\ndef model():\n    numpyro.sample({name}, dist.Normal(0.0, 1.0))\n'
    assert renamed(text) is None


def test_a_key_that_is_no_string_holds_the_renaming_back() -> None:
    text = 'def model():\n    numpyro.sample("x", dist.Normal(0.0, 1.0))\n'
    assert renamed(text + "held = handlers.condition(model, data=dict(x=1.0))\n") is None


INFERENCE = """\
def model(y=None):
    x = numpyro.sample("x", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(x, 1.0), obs=y)


kernel = NUTS(model, init_strategy=init_to_value(values={"x": 0.5}), dense_mass=[("x",)])
mcmc = MCMC(kernel, num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0, init_params={"x": 0.1})
samples = mcmc.get_samples()
mean = samples["x"].mean() + mcmc.get_samples()["x"].std()
other = {"x": 1}["x"]
"""


def test_what_inference_is_given_and_what_is_read_of_its_results() -> None:
    head = "from numpyro.infer import init_to_value\n"
    expected = INFERENCE.replace('"x"', '"w"').replace('{"w": 1}["w"]', '{"x": 1}["x"]')
    assert renamed(head + INFERENCE) == head + expected


GUIDED = """\
def model(y, wide):
    if wide:
        x = numpyro.sample("x", dist.Normal(0.0, 9.0))
    else:
        x = numpyro.sample("x", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(x, 1.0), obs=y)


def guide(y, wide):
    numpyro.sample("x", dist.Normal(y, 1.0))


def stranger():
    numpyro.sample("x", dist.Normal(0.0, 1.0))


svi = SVI(model, guide, numpyro.optim.Adam(0.1), Trace_ELBO())
svi.run(jax.random.key(0), 100, 1.0, wide)
held = handlers.condition(model, data={"x": 1.0})
"""


def test_a_site_with_all_its_namesakes() -> None:
    report = read(GUIDED, PREAMBLE)
    site = next(iter(next(iter(report.module.functions.values())).sites))
    found = mentions(report.context, *namesakes(report.context, site))
    fix = rename_fix(report.source, found, "w")
    assert fix is not None
    new = applied(report.source.text, fix.edits).removeprefix(PREAMBLE)
    old = 'stranger():\n    numpyro.sample("w"'
    assert new == GUIDED.replace('"x"', '"w"').replace(old, old.replace('"w"', '"x"'))
