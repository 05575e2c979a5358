"""Names of sites for strings that are being written: `|` is where the cursor stands."""

from __future__ import annotations

import pytest
from static.support import PREAMBLE

from numpyro_lint.editor.complete import Completion, complete
from numpyro_lint.text import Source, Span

MODEL = f"""{PREAMBLE}
def model(y=None):
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    offset = numpyro.param("offset", 0.0)
    with numpyro.plate("rows", 3):
        theta = numpyro.sample("theta", dist.Normal(offset, tau))
        numpyro.sample("y", dist.Normal(theta, 1.0), obs=y)
    numpyro.deterministic("twice", 2 * theta)


scoped = handlers.scope(model, prefix="a")
mcmc = MCMC(NUTS(model), num_warmup=1, num_samples=1)
mcmc.run(jax.random.key(0), 1.0)
samples = mcmc.get_samples()
"""
SAMPLES = ("tau", "theta", "y")


def at(line: str, below: str = "") -> Completion | None:
    before, _, after = line.partition("|")
    text = f"{MODEL}{before}{after}{below}"
    return complete(Source("m.py", text), len(MODEL) + len(before))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('handlers.condition(model, data={"|"})', SAMPLES),
        ('handlers.condition(model, data={"|', SAMPLES),
        ('handlers.condition(model, {"t|"})', SAMPLES),
        ("handlers.do(model, data={'|': 1.0})", SAMPLES),
        ('handlers.condition(model, data={"tau": 1.0, "|', ("theta", "y")),
        ('handlers.condition(model, data={"tau": 1.0, "|"})', ("theta", "y")),
        ('handlers.lift(model, prior={"|', ("offset",)),
        ('handlers.reparam(model, config={"|"})', SAMPLES),
        ('handlers.block(model, hide=["|', ("tau", "offset", "rows", "theta", "y", "twice")),
        ('handlers.condition(scoped, data={"|', ("a/tau", "a/theta", "a/y")),
        ('print(samples["|"])', ("tau", "theta", "twice")),
        ('print(samples["|', ("tau", "theta", "twice")),
        (
            'NUTS(model, init_strategy=numpyro.infer.init_to_value(values={"|',
            None,
        ),
        (
            (
                "MCMC(NUTS(model, init_strategy=numpyro.infer.init_to_value("
                'values={"|"})), num_warmup=1, num_samples=1).run(jax.random.key(0))'
            ),
            SAMPLES,
        ),
    ],
)
def test_names_are_those_of_the_place(line: str, names: tuple[str, ...] | None) -> None:
    found = at(line)
    assert (found.names if found else None) == names
    # What stands below is Python all the same.
    found = at(line, "\n\n\ndef other(x):\n    return x + 1\n")
    assert (found.names if found else None) == names


def test_what_stands_in_the_quotes_is_replaced() -> None:
    line = 'handlers.condition(model, {"th|eta"})'
    found = at(line)
    assert found is not None
    start = len(MODEL) + line.index("th")
    assert found.span == Span(start, start + len("theta"))
    assert found.details == (
        "dist.HalfNormal(1.0)",
        "dist.Normal(offset, tau)",
        "dist.Normal(theta, 1.0)",
    )


@pytest.mark.parametrize(
    "line",
    ['print("|")', '# "|', 'numpyro.sample("|', "x = 1|", 'unknown({"|"})', 'model.__doc__ = """|'],
)
def test_elsewhere_nothing_is_offered(line: str) -> None:
    assert at(line) is None


def test_a_file_without_numpyro_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numpyro_lint.editor.complete.lift", None)
    text = 'samples["'
    assert complete(Source("m.py", text), len(text)) is None
