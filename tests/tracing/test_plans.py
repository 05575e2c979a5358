"""The ways to a model, as they are found in the text."""

from __future__ import annotations

import time

from numpyro_lint.model.lift import lift
from numpyro_lint.slicing import Plan, Slicer
from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import Source

MODEL = """\
import jax
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

def model(y):
    numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)

def fit(y):
    MCMC(NUTS(model), num_warmup=1, num_samples=1).run(jax.random.key(0), y)
"""


def _plans(text: str) -> tuple[list[Plan], str]:
    source = Source("program.py", text)
    module, tree = lift(source), parse(source)
    (model,) = (each for each in module.functions.values() if each.name == "model")
    return Slicer(module, tree).plans(model, None, 0, 20.0)


def test_calls_that_come_to_the_same_are_one_way() -> None:
    plans, _ = _plans(f"{MODEL}\nfit(1.0)\nfit(y=1.0)\nfit(2.0)\nfit(1.0)\n")
    calls = [dict(scope.call.keyword) for plan in plans for scope in plan.request.scopes]
    given = [scope.call.positional for plan in plans for scope in plan.request.scopes]
    assert given == [("1.0",), (), ("2.0",)]
    assert calls == [{}, {"y": "1.0"}, {}]


def test_functions_that_call_each_other_in_circles_are_given_up_on() -> None:
    names = [f"step_{number}" for number in range(16)]
    calls = "".join(f"    {name}(y)\n" for name in ("fit", *names))
    start = time.process_time()
    plans, reason = _plans(MODEL + "".join(f"\ndef {name}(y):\n{calls}" for name in names))
    assert (plans, reason) == ([], "")
    assert time.process_time() - start < 5.0
