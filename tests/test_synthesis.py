"""Arguments that are made up where nothing shows any."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from numpyro_lint.check import check
from numpyro_lint.config import Settings
from numpyro_lint.guesses import parameters_of
from numpyro_lint.model.attach import Attached, lacking_of
from numpyro_lint.model.lift import lift
from numpyro_lint.text import Source, load
from numpyro_lint.tracing import trace_models
from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.protocol import Parameter

MODELS = Path(__file__).parent / "synthesis" / "models.py"
IMPORTS = """\
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import SVI, Predictive, Trace_ELBO

"""
LINE = """
def line(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.plate("points", x.shape[0]):
        numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)
"""
Trace = Callable[..., dict[str, Attached]]


def _named(source: Source, tracer: Host) -> dict[str, Attached]:
    module = lift(source)
    found = trace_models(module, Settings(), tracer)
    return {module.functions[each.function].name: each for each in found}


@pytest.fixture(scope="module")
def solved(tracer: Host) -> dict[str, Attached]:
    """The models that nothing calls, by name."""
    return _named(load(str(MODELS)), tracer)


@pytest.fixture
def trace(tracer: Host, tmp_path: Path) -> Trace:
    def run(text: str) -> dict[str, Attached]:
        path = tmp_path / "program.py"
        path.write_text(IMPORTS + text)
        return _named(Source(str(path), IMPORTS + text), tracer)

    return run


def _names() -> list[str]:
    module = lift(load(str(MODELS)))
    return [each.name for each in module.functions.values() if each.role == "model"]


@pytest.mark.parametrize("name", _names())
def test_a_model_that_nothing_calls_is_traced(name: str, solved: dict[str, Attached]) -> None:
    attached = solved[name]
    assert attached.ok, attached.result.failure
    assert attached.result.mode == "abstract"
    assert attached.origin.kind == "synthesized"
    assert attached.result.tries <= 5


def test_most_models_are_solved_at_once(solved: dict[str, Attached]) -> None:
    tries = sorted(each.result.tries for each in solved.values())
    assert len(tries) >= 40
    assert tries[len(tries) // 2] <= 2


def test_observations_have_the_shapes_of_their_distributions(solved: dict[str, Attached]) -> None:
    observed = [
        each.traced
        for attached in solved.values()
        for each in attached.sites
        if each.traced.type == "sample" and each.traced.observed
    ]
    assert len(observed) > 20
    for site in observed:
        assert site.shape == (*(site.batch_shape or ()), *(site.event_shape or ()))


def test_free_dims_have_primes_of_their_own(solved: dict[str, Attached]) -> None:
    shapes = {each.traced.name: each.traced.shape for each in solved["two_plates"].sites}
    (rows, columns) = shapes["y"] or ()
    assert rows != columns
    assert shapes["r"] == (rows, 1)


def test_the_arguments_are_expressions(solved: dict[str, Attached]) -> None:
    names = {"jnp", "np", "jax", "dist", "types", "Design", "Forecaster"}
    for attached in solved.values():
        assert dict(attached.origin.values) == attached.result.arguments
        for _, expression in attached.origin.values:
            tree = ast.parse(expression, mode="eval")
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert used <= names | {"len", "x", "X", "Z", "args", "kwargs", "bool"}


def test_around_a_model_its_functions_and_object_are_made_up(solved: dict[str, Attached]) -> None:
    assert "made.n_hidden" in dict(solved["network"].origin.values)
    assert dict(solved["seasonal"].origin.values)["self"].startswith("Forecaster(n_seasons=")


def test_arguments_that_are_written_come_first(trace: Trace) -> None:
    assert trace(LINE)["line"].origin.kind == "synthesized"
    call = trace(LINE + "\nPredictive(line, num_samples=1)(jax.random.key(0), jnp.zeros(4))\n")
    assert call["line"].origin.kind == "call"
    comment = trace("# numpyro-lint: trace(x=jnp.zeros(4))" + LINE)
    assert comment["line"].origin.kind == "comment"


def test_a_mistake_in_what_the_user_gives_is_told(trace: Trace) -> None:
    line = trace("# numpyro-lint: trace(x=undefined)" + LINE)["line"]
    assert line.result.failure is not None
    assert "undefined" in line.result.failure.message


def test_a_call_whose_arguments_cannot_be_had_is_replaced(trace: Trace) -> None:
    text = LINE + "\nx = jnp.zeros(4) / undefined\n"
    line = trace(text + "Predictive(line, num_samples=1)(jax.random.key(0), x)\n")["line"]
    assert line.ok
    assert line.origin.kind == "synthesized"


def test_a_model_that_fails_on_its_arguments_is_not(trace: Trace) -> None:
    text = LINE + "\nPredictive(line, num_samples=1)(jax.random.key(0), jnp.array(1.0))\n"
    line = trace(text)["line"]
    assert not line.ok
    assert line.origin.kind == "call"


def test_a_guide_gets_the_arguments_of_its_model(trace: Trace) -> None:
    text = """
def guide(X, y):
    numpyro.param("loc", jnp.zeros(X.shape[-1]))

def model(X, y):
    n, d = X.shape
    b = numpyro.sample("b", dist.Normal(jnp.zeros(d), 1.0).to_event(1))
    numpyro.sample("y", dist.Normal(X @ b, 1.0).to_event(1), obs=y)

def fit(X, y):
    svi = SVI(model, guide, numpyro.optim.Adam(0.1), Trace_ELBO())
    return svi.run(jax.random.key(0), 5, X, y)
"""
    found = trace(text)
    assert found["guide"].origin == found["model"].origin
    assert found["guide"].ok


def test_it_is_said_why_no_arguments_will_do(trace: Trace) -> None:
    text = 'def odd(x):\n    numpyro.sample("a", dist.Normal(x.loc("b").at(3)["c"].d(4), 1.0))\n'
    failure = trace(text)["odd"].result.failure
    assert failure is not None
    assert failure.message.startswith("no call in this file shows its arguments, and with those")
    assert "# numpyro-lint: trace(x=...)" in (failure.advice or "")


def test_what_no_argument_can_help_against_ends_the_search(trace: Trace) -> None:
    text = "def lacking(x):\n    import no_such_package\n"
    lacking = trace(text + '    numpyro.sample("a", dist.Normal(x, 1.0))\n')["lacking"]
    assert lacking.result.tries == 1
    assert "no_such_package" in (lacking.result.failure.message if lacking.result.failure else "")


def test_what_stands_around_a_model_may_fail(trace: Trace) -> None:
    text = """
def around(scale):
    total = jnp.ones(3) if scale else 1.0
    def inner(x):
        numpyro.sample("a", dist.Normal(total * x, scale).to_event(1))
        assert scale.ndim == 2
    return inner
"""
    inner = trace(text)["inner"]
    assert inner.result.tries > 1
    assert inner.result.status in ("ok", "failed")
    assert inner.result.failure is None or inner.result.failure.stage == "arguments"


def test_the_search_is_bounded(trace: Trace) -> None:
    text = "def never(x, y, z):\n    assert False\n"
    never = trace(text + '    numpyro.sample("a", dist.Normal(x + y + z, 1.0))\n')["never"]
    assert not never.ok
    assert 1 < never.result.tries <= 60


def test_what_a_model_prints_on_trial_is_printed_once(trace: Trace) -> None:
    text = 'def loud(X, w):\n    print("hello")\n    n, d = X.shape\n'
    loud = trace(text + '    numpyro.sample("y", dist.Normal(X @ w, 1.0))\n')["loud"]
    assert loud.result.tries > 1
    assert loud.result.output == "hello\n"


def test_findings_do_not_rest_on_arguments_that_are_made_up(trace: Trace) -> None:
    text = """
def model(x, y):
    mu = numpyro.sample("mu", dist.Normal(0.0, 1.0))
    with numpyro.plate("n", len(x)):
        numpyro.sample("x", dist.Normal(mu, 1.0), obs=x)
    with numpyro.plate("n", len(y)):
        numpyro.sample("y", dist.Normal(mu, 1.0), obs=y)
"""
    attached = trace(text)["model"]
    assert attached.ok
    sizes = {p.size for each in attached.sites for p in each.traced.plates}
    assert len(sizes) == 2
    source = Source("program.py", IMPORTS + text)
    found = check(source, Settings(), {attached.function: attached}).diagnostics
    assert found == check(source, Settings()).diagnostics


def test_a_suppression_is_not_unused_for_a_trace_with_made_up_arguments(trace: Trace) -> None:
    text = LINE.replace("obs=y)", "obs=y)  # numpyro-lint: ignore[broadcast-observation]")
    attached = trace(text)["line"]
    source = Source("program.py", IMPORTS + text)
    found = check(source, Settings(pedantic=True), {attached.function: attached}).diagnostics
    assert "unused-suppression" not in {each.rule for each in found}


def _parameters(text: str) -> dict[str, Parameter]:
    (node,) = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef)
    return {each.name: each for each in parameters_of(node, {}, {})}


@pytest.mark.parametrize(
    ("text", "kind", "detail", "rank"),
    [
        ("def m(a): n, d = a.shape", "array", "real", 2),
        ("def m(a): a[:, 0]", "array", "real", 2),
        ("def m(a): a @ b", "array", "real", 2),
        ("def m(a): b[a]", "array", "index", 1),
        ("def m(a): numpyro.sample('y', dist.Poisson(1.0), obs=a)", "array", "count", 1),
        ("def m(a): numpyro.sample('y', dist.Bernoulli(0.5), obs=a)", "array", "boolean", 1),
        ("def m(a): numpyro.sample('y', dist.Beta(1.0, 2.0), obs=a)", "array", "unit", 1),
        ("def m(a): numpyro.sample('y', dist.Gamma(1.0, 2.0), obs=a)", "array", "positive", 1),
        ("def m(a): numpyro.sample('y', dist.Dirichlet(c), obs=a)", "array", "simplex", 1),
        ("def m(a): numpyro.sample('y', dist.Normal(0.0, a))", "number", "positive", 0),
        ("def m(a): numpyro.param('p', a, constraint=constraints.simplex)", "array", "simplex", 1),
        ("def m(a): numpyro.plate('n', a)", "size", "", 0),
        ("def m(n_groups): pass", "size", "", 0),
        ("def m(a: int): pass", "size", "", 0),
        ("def m(a: float): pass", "number", "positive", 0),
        ("def m(a: Float[Array, 'n d k']): pass", "array", "real", 3),
        ("def m(a: str): pass", "literal", "'a'", 0),
        ("def m(a): a == 'b'", "literal", "'b'", 0),
        ("def m(a): a['b']", "items", "", 0),
        ("def m(a): a.b", "fields", "", 0),
        ("def m(a): c, d = a", "sequence", "", 0),
        ("def m(a_list): pass", "sequence", "", 0),
        ("def m(a): jnp.einsum('ijk,k->ij', a, b)", "array", "real", 3),
        ("def m(a): jax.random.split(a)", "literal", "jax.random.PRNGKey(0)", 0),
        ("def m(a=None): len(a)", "array", "real", 1),
        ("def m(a=None): numpyro.sample('y', dist.Normal(0.0, 1.0), obs=a)", "absent", "", 0),
        ("def m(*, a): len(a)", "array", "real", 1),
    ],
)
def test_the_first_guess(text: str, kind: str, detail: str, rank: int) -> None:
    (parameter,) = _parameters(text).values()
    first = parameter.guesses[0]
    assert (first.kind, first.detail, first.rank) == (kind, detail, rank)


def test_none_is_kept_beside_a_parameter_without_default() -> None:
    assert _parameters("def m(a, b=None): len(b)")["b"].guesses[0].kind == "absent"


def test_parameters_with_defaults_keep_them() -> None:
    assert list(_parameters("def m(a, b=1, *args, c=None, d=(), **kwargs): pass")) == ["a", "c"]


def test_pytest_says_what_a_test_is_called_with() -> None:
    text = "@pytest.mark.parametrize('n, shape', [(3, (4,)), (5, ())])\ndef test(n, shape): pass"
    firsts = {name: each.guesses[0].detail for name, each in _parameters(text).items()}
    assert firsts == {"n": "3", "shape": "(4,)"}


def _why(trace: Trace, text: str, name: str) -> tuple[str, str | None]:
    """Why the arguments of a model were made up, and the advice."""
    found = trace(text)[name]
    assert (found.origin.kind, found.lacking is not None) == ("synthesized", True)
    assert found.lacking is not None
    return lacking_of(found.lacking, Source("model.py", IMPORTS + text)), found.lacking.advice


def test_why_arguments_had_to_be_made_up_names_the_line(trace: Trace) -> None:
    comment = "give its arguments in a comment above it: # numpyro-lint: trace("
    text = 'def f(x=None, y=None):\n    n = len(x)\n    numpyro.sample("a", dist.Normal(n, 1.0))\n'
    said, advice = _why(trace, text, "f")
    assert said == (
        "called without arguments, it raises TypeError: "
        "object of type 'NoneType' has no len() (line 8)"
    )
    assert advice == f"{comment}x=..., y=...)"
    text = LINE + "\ndata = jnp.load('no_such.npy')\n"
    text += "Predictive(line, num_samples=2)(jax.random.key(0), data)\n"
    said, advice = _why(trace, text, "line")
    assert said.startswith("the arguments that it is run with cannot be had: FileNotFoundError: ")
    assert said.endswith("'no_such.npy' (line 13)")
    assert advice == (
        "relative paths start at the current folder, or at that of the file; "
        f"{comment}x=...), or pass --capture"
    )
    assert _why(trace, LINE, "line") == (
        "no call in this file shows its arguments",
        f"{comment}x=...)",
    )


def test_a_model_that_takes_no_arguments_is_not_told_to_be_given_some(trace: Trace) -> None:
    text = "data = jnp.load('no_such.npy')\n\n\ndef model():\n"
    failure = trace(text + '    numpyro.sample("a", dist.Normal(data, 1.0))\n')[
        "model"
    ].result.failure
    assert failure is not None
    assert failure.advice == (
        "relative paths start at the current folder, or at that of the file; pass --capture"
    )
