"""The stacks of a file are traced as they stand there, with their own arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from numpyro_lint.config import Settings
from numpyro_lint.model.attach import Attached, sorted_out
from numpyro_lint.model.lift import lift
from numpyro_lint.text import Source
from numpyro_lint.tracing import trace_file, trace_models
from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.protocol import FileRequest, TraceResult

MODEL = """\
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS, Predictive
from numpyro.infer.reparam import LocScaleReparam


def line(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.plate("points", x.shape[0]):
        return numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


"""
Stacks = Callable[[str], list[Attached]]


@pytest.fixture(name="stacks")
def _stacks(tracer: Host) -> Stacks:
    def run(text: str) -> list[Attached]:
        module = lift(Source("program.py", MODEL + text))
        _, found = sorted_out(trace_file(module, Settings(), tracer))
        return [each for stack, each in found.items() if stack.handlers]

    return run


def sites(trace: Attached) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    """Where each value comes from, and the handlers that changed its message."""
    assert trace.ok, trace.result.failure
    return {j.traced.name: (j.traced.value_from, j.traced.handlers) for j in trace.sites}


def shapes(trace: Attached) -> dict[str, object]:
    assert trace.ok, trace.result.failure
    return {j.traced.name: j.traced.shape for j in trace.sites}


def test_a_composition_that_is_called(stacks: Stacks) -> None:
    (trace,) = stacks(
        'tr = handlers.trace(handlers.seed(handlers.condition(line, {"slope": 1.0}), 0))\n'
        "tr.get_trace(jnp.zeros(3))\n"
    )
    assert sites(trace)["slope"] == ("condition", ("condition",))
    assert shapes(trace)["y"] == (3,)


def test_contexts_are_entered_around_the_call(stacks: Stacks) -> None:
    (trace,) = stacks(
        "with handlers.trace() as tr:\n"
        '    with handlers.seed(rng_seed=0), handlers.scope(prefix="left"):\n'
        "        line(jnp.zeros(4), jnp.ones(4))\n"
    )
    assert sites(trace)["left/slope"] == ("prior", ("scope",))
    assert sites(trace)["left/y"] == ("obs", ("scope",))


def test_a_context_in_a_variable(stacks: Stacks) -> None:
    (trace,) = stacks(
        'held = handlers.condition(data={"slope": 1.0})\n'
        "with handlers.seed(rng_seed=0), held:\n"
        "    line(jnp.zeros(4))\n"
    )
    assert sites(trace)["slope"] == ("condition", ("condition",))


def test_a_plate_around_the_call_is_entered_too(stacks: Stacks) -> None:
    (trace,) = stacks(
        'with handlers.seed(rng_seed=0), numpyro.plate("groups", 5, dim=-2):\n'
        "    line(jnp.zeros(4))\n"
    )
    assert shapes(trace)["y"] == (5, 4)


def test_the_model_of_an_inference(stacks: Stacks) -> None:
    (trace,) = stacks(
        'config = {"slope": LocScaleReparam(0)}\n'
        "kernel = NUTS(handlers.reparam(line, config=config))\n"
        "mcmc = MCMC(kernel, num_warmup=1, num_samples=1)\n"
        "mcmc.run(jax.random.key(0), jnp.zeros(2), y=jnp.ones(2))\n"
    )
    assert sites(trace)["slope"] == ("reparam", ("reparam",))
    assert trace.stack is not None
    assert trace.stack.use == "mcmc"


def test_a_decorated_model(stacks: Stacks) -> None:
    (trace,) = stacks(
        '@handlers.scope(prefix="s")\n'
        "def scoped():\n"
        '    numpyro.sample("a", dist.Normal(0.0, 1.0))\n\n\n'
        "handlers.seed(scoped, 0)()\n"
    )
    assert sites(trace) == {"s/a": ("prior", ("scope",))}


def test_each_name_counts_where_it_is_written(stacks: Stacks) -> None:
    (trace,) = stacks(
        "x = jnp.zeros(3)\n"
        'predict = Predictive(handlers.do(line, {"slope": 1.0}), num_samples=2)\n'
        "x = jnp.zeros(6)\n"
        "predict(jax.random.key(0), x)\n"
        "x = jnp.zeros(9)\n"
    )
    assert shapes(trace)["y"] == (6,)


def test_in_a_function_of_the_file(stacks: Stacks) -> None:
    (trace,) = stacks(
        "def show(size):\n"
        "    with handlers.block(hide=['slope']), handlers.seed(rng_seed=0):\n"
        "        line(jnp.zeros(size))\n\n\n"
        "show(7)\n"
    )
    assert sites(trace)["slope"] == ("prior", ("block",))
    assert shapes(trace)["y"] == (7,)


def test_what_rests_on_inference_says_so(stacks: Stacks) -> None:
    (trace,) = stacks(
        "mcmc = MCMC(NUTS(line), num_warmup=10**9, num_samples=1)\n"
        "mcmc.run(jax.random.key(0), jnp.zeros(3))\n"
        "found = mcmc.get_samples()\n"
        "fixed = handlers.seed(handlers.substitute(line, found), 0)\n"
        "fixed(jnp.zeros(3))\n"
    )
    assert not trace.ok
    assert trace.result.failure is not None
    assert "result of inference" in trace.result.failure.message


class _Counting:
    """A tracer that notes what it is asked."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.asked: list[list[str]] = []

    def trace(self, request: FileRequest) -> Iterator[TraceResult]:
        self.asked.append([model.id for model in request.models])
        yield from self.host.trace(request)


def test_stacks_come_after_the_models_in_one_request(tracer: Host) -> None:
    text = MODEL + (
        "handlers.seed(line, 0)(jnp.zeros(3))\n"
        'handlers.seed(handlers.scope(line, prefix="s"), 0)(jnp.zeros(3))\n'
    )
    module, counting = lift(Source("program.py", text)), _Counting(tracer)
    found = list(trace_file(module, Settings(), counting))
    assert [each.stack is None for each in found] == [True, False, False]
    (asked,) = counting.asked
    assert asked[0] == str(found[0].function)
    assert len(asked) == 3


def test_stacks_wait_until_models_have_had_all_their_tries(tracer: Host) -> None:
    text = MODEL + (
        "handlers.seed(line, 0)(no_such_thing)\n"
        "handlers.seed(line, 0)(jnp.zeros(3))\n"
    )  # fmt: skip
    module, counting = lift(Source("program.py", text)), _Counting(tracer)
    found = list(trace_file(module, Settings(), counting))
    assert [(each.stack is None, each.ok) for each in found] == [
        (True, True), (False, False), (False, True),
    ]  # fmt: skip
    assert len(counting.asked) == 1


def test_who_wants_models_alone_gets_no_stacks(tracer: Host) -> None:
    module = lift(Source("program.py", MODEL + "handlers.seed(line, 0)(jnp.zeros(3))\n"))
    counting = _Counting(tracer)
    assert [each.stack for each in trace_models(module, Settings(), counting)] == [None]
    assert [len(ids) for ids in counting.asked] == [1]
