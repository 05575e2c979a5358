"""Every run of a model in a file is traced with its own arguments, each call once."""

from __future__ import annotations

import pytest
from markdown import PREAMBLE

from numpyro_lint.check import check
from numpyro_lint.config import Settings
from numpyro_lint.model.attach import Attached, sorted_out
from numpyro_lint.model.lift import lift
from numpyro_lint.text import Source
from numpyro_lint.tracing import trace_file
from numpyro_lint_runtime.host import Host

MODEL = (
    PREAMBLE
    + """\
from numpyro.infer.autoguide import AutoNormal


def line(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.plate("points", x.shape[0]):
        return numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


"""
)


def runs(text: str, tracer: Host) -> list[Attached]:
    module = lift(Source("program.py", MODEL + text))
    return list(sorted_out(trace_file(module, Settings(), tracer))[1].values())


def sizes(found: list[Attached]) -> list[tuple[str, tuple[int, ...] | None]]:
    """What each run is for, and the shape of its data."""
    return [
        (each.stack.use, joined.traced.shape)
        for each in found
        if each.stack is not None
        for joined in each.sites
        if joined.traced.name == "y"
    ]


def test_each_run_has_its_own_arguments(tracer: Host) -> None:
    found = runs(
        "mcmc = MCMC(NUTS(line), num_warmup=10**9, num_samples=1)\n"
        "mcmc.run(jax.random.key(0), jnp.zeros(3), jnp.zeros(3))\n"
        "mcmc.run(jax.random.key(0), jnp.zeros(4), jnp.zeros(4))\n"
        "svi = SVI(line, AutoNormal(line), numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())\n"
        "svi.run(jax.random.key(0), 10**9, jnp.zeros(5), jnp.zeros(5))\n"
        "Predictive(line, num_samples=2)(jax.random.key(0), jnp.zeros(6))\n",
        tracer,
    )
    assert sizes(found) == [
        ("mcmc", (3,)), ("mcmc", (4,)), ("svi", (5,)), ("autoguide", (5,)), ("predictive", (6,)),
    ]  # fmt: skip
    assert not any(each.repeats for each in found)


def test_what_repeats_says_so(tracer: Host) -> None:
    found = runs(
        "def fit(x):\n"
        "    MCMC(NUTS(line), num_warmup=1, num_samples=1).run(jax.random.key(0), x, x)\n\n\n"
        "fit(jnp.zeros(3))\n"
        "fit(jnp.zeros(4))\n"
        "for size in (5, 6):\n"
        "    Predictive(line, num_samples=2)(jax.random.key(0), jnp.zeros(size))\n",
        tracer,
    )
    assert [each.repeats for each in found] == [True, True]
    assert sizes(found) == [("mcmc", (3,)), ("predictive", (5,))]


@pytest.mark.parametrize(
    "run",
    [
        "with pytest.raises(ValueError):\n    {}",
        "try:\n    {}\nexcept ValueError:\n    pass",
    ],
)
def test_what_is_expected_to_raise_is_left_out(run: str, tracer: Host) -> None:
    fit = "MCMC(NUTS(line), num_warmup=1, num_samples=1).run(jax.random.key(0), jnp.ones(3), {})"
    wrong = run.format(fit.format("jnp.ones(4)"))
    found = runs(f"import pytest\n\n{fit.format('jnp.ones(3)')}\n{wrong}\n", tracer)
    assert sizes(found) == [("mcmc", (3,))]


def test_arguments_that_the_user_says_are_the_only_ones(tracer: Host) -> None:
    text = MODEL.replace("def line", "# numpyro-lint: trace(x=jnp.zeros(2))\ndef line")
    text += "MCMC(NUTS(line), num_warmup=1, num_samples=1).run(jax.random.key(0), jnp.ones(3))\n"
    models, stacks = sorted_out(trace_file(lift(Source("program.py", text)), Settings(), tracer))
    assert [each.origin.kind for each in models.values()] == ["comment"]
    assert stacks == {}


def test_a_finding_names_the_run_whose_data_are_wrong(tracer: Host) -> None:
    source = Source(
        "program.py",
        MODEL + "mcmc = MCMC(NUTS(line), num_warmup=10, num_samples=10)\n"
        "mcmc.run(jax.random.key(0), jnp.zeros(3), jnp.zeros(3))\n"
        "mcmc.run(jax.random.key(0), jnp.zeros(3), jnp.full(3, jnp.nan))\n",
    )
    module = lift(source)
    traces, stacks = sorted_out(trace_file(module, Settings(), tracer))
    (found,) = check(source, Settings(), traces, module, stacks=stacks).diagnostics
    assert found.rule == "non-finite-observation"
    (related,) = found.related
    assert source.slice(related.span).endswith("jnp.full(3, jnp.nan))")


def test_so_does_one_of_arguments_that_the_model_raises_on(tracer: Host) -> None:
    source = Source(
        "program.py",
        MODEL + "Predictive(line, num_samples=9)(jax.random.key(0), jnp.zeros(3))\n"
        "Predictive(line, num_samples=9)(jax.random.key(0), jnp.zeros((2, 3)))\n",
    )
    module = lift(source)
    traces, stacks = sorted_out(trace_file(module, Settings(), tracer))
    (found,) = check(source, Settings(), traces, module, stacks=stacks).diagnostics
    assert found.rule == "plate-size-mismatch"
    (related,) = found.related
    assert source.slice(related.span).endswith("jnp.zeros((2, 3)))")
