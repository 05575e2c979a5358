"""What the text tells of a run is held against its trace; where they differ, the trace is right."""

from __future__ import annotations

import textwrap

import pytest

from numpyro_lint.check import Report, check
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Severity
from numpyro_lint.model import handlers
from numpyro_lint.model.attach import sorted_out
from numpyro_lint.model.lift import lift
from numpyro_lint.text import Source
from numpyro_lint.tracing import trace_file
from numpyro_lint_runtime.host import Host

IMPORTS = """\
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from functools import partial
from numpyro import handlers
from numpyro.contrib.control_flow import scan
from numpyro.infer import Predictive
from numpyro.infer.autoguide import AutoContinuous
from numpyro.infer.reparam import LocScaleReparam, NeuTraReparam, TransformReparam

"""
AGREE = {
    "a handler is given a parameter that may be None": """
        def model(x, y=None):
            with handlers.condition(data={"y": y}):
                numpyro.sample("y", dist.Normal(x, 1.0))

        handlers.seed(model, 0)(1.0)
        handlers.seed(handlers.scale(model, scale=2.0), 0)(1.0, 2.0)
        """,
    "a scan is given a series that may be None": """
        def model(n, y=None):
            def step(carry, _):
                return numpyro.sample("y", dist.Normal(carry, 1.0)), None

            with handlers.condition(data={"y": y}):
                scan(step, 0.0, None, length=n)

        Predictive(model, num_samples=2)(jax.random.key(0), 3)
        """,
    "the base of a transformation is out of sight": """
        def make():
            return dist.Uniform(0.0, 1.0).mask(False)

        base = [make()][0]

        def model():
            affine = dist.transforms.AffineTransform(0.0, 2.0)
            with handlers.reparam(config={"x": TransformReparam()}):
                numpyro.sample("x", dist.TransformedDistribution(base, affine))

        handlers.seed(model, 0)()
        """,
    "a transport map brings sites of its own": """
        def model():
            numpyro.sample("x", dist.Normal(0.0, 1.0))
            numpyro.sample("z", dist.Normal(0.0, 1.0))

        class Flat(AutoContinuous):
            prefix = "auto"
            prototype_trace = {"x": {"type": "sample"}, "z": {"type": "sample"}}

            def __init__(self):
                pass

            def get_base_dist(self):
                return dist.Normal(jnp.zeros(2), 1.0).to_event(1)

            def _get_posterior(self):
                return None

            def get_transform(self, params):
                return dist.transforms.AffineTransform(jnp.zeros(2), jnp.ones(2))

            def _unpack_latent(self, x):
                return {"x": x[0], "z": x[1]}

        neutra = NeuTraReparam(Flat(), {})
        handlers.seed(handlers.reparam(model, config={"x": neutra, "z": neutra}), 0)()
        """,
    "a mask may be True, or None": """
        def model(x, y=None, mask=None, observed=None):
            with handlers.mask(mask=mask):
                numpyro.sample("x", dist.Normal(x, 1.0))
            with handlers.mask(mask=True if mask is None else mask):
                numpyro.sample("z", dist.Normal(x, 1.0))
            numpyro.sample("y", dist.Normal(x, 1.0), obs=y, obs_mask=observed)

        handlers.seed(model, 0)(0.0, 1.0, True)
        handlers.seed(handlers.scale(model, scale=2.0), 0)(0.0, 1.0, True, True)
        """,
    "a collapse sends a factor when it is left": """
        def model():
            with handlers.collapse():
                probs = numpyro.sample("probs", dist.Beta(1.0, 1.5))
                numpyro.sample("obs", dist.Binomial(10, probs), obs=3.0)

        handlers.seed(model, 0)()
        """,
    "what inference substitutes brings a factor": """
        from numpyro.infer.util import _unconstrain_reparam

        def model():
            numpyro.sample("x", dist.HalfNormal(1.0))

        fn = partial(_unconstrain_reparam, {"x": 3.0})
        handlers.seed(handlers.substitute(model, substitute_fn=fn), 0)()
        """,
}


def report_of(text: str, tracer: Host, strict: bool = False) -> Report:
    source = Source("program.py", IMPORTS + textwrap.dedent(text))
    module = lift(source)
    traces, stacks = sorted_out(trace_file(module, Settings(), tracer))
    assert all(each.ok for each in (*traces.values(), *stacks.values())), [
        each.result.failure for each in (*traces.values(), *stacks.values())
    ]
    settings = Settings(select=("mispredicted-site",))
    return check(source, settings, traces, module, stacks=stacks, strict=strict)


@pytest.mark.parametrize("name", AGREE)
def test_what_the_text_leaves_open_agrees(name: str, tracer: Host) -> None:
    assert [each.message for each in report_of(AGREE[name], tracer).diagnostics] == []


PLAIN = """
def model(y=None):
    a = numpyro.sample("a", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(a, 1.0), obs=y)

conditioned = handlers.condition(model, data={"a": 1.0})
handlers.seed(conditioned, 0)(2.0)
"""


def _do_nothing(*arguments: object) -> None:
    pass


def test_a_wrong_prediction_is_a_note_to_the_user(
    tracer: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(handlers._PROCESS, "condition", _do_nothing)
    (finding,) = report_of(PLAIN, tracer).diagnostics
    assert finding.severity is Severity.INFO
    assert "text and trace disagree on 'a'" in finding.message
    assert "its observed is True in the trace, which is right" in finding.message
    assert "sample" in finding_text(finding.span.start)


def test_a_wrong_prediction_is_an_internal_error_in_tests(
    tracer: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(handlers._PROCESS, "condition", _do_nothing)
    (finding,) = report_of(PLAIN, tracer, strict=True).diagnostics
    assert finding.rule == "internal-error"
    assert "a: observed is True, and False by the text" in finding.message


@pytest.mark.parametrize(("kind", "told"), [("scope", "name"), ("block", "hidden")])
def test_names_and_what_is_hidden_are_held_against_the_trace(
    kind: str, told: str, tracer: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(handlers._PROCESS, kind, _do_nothing)
    given = 'prefix="s"' if kind == "scope" else 'hide=["a"]'
    around = f"handlers.seed(handlers.{kind}(model, {given}), 0)(2.0)\n"
    text = PLAIN.partition("conditioned")[0] + around
    (finding,) = report_of(text, tracer).diagnostics
    assert f"its {told} is" in finding.message


def finding_text(start: int) -> str:
    """The line of the program that a place is in."""
    text = IMPORTS + PLAIN
    return text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
