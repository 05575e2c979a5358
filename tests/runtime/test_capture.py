"""Programs run as a whole, without their inference, for the arguments of their models."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from numpyro import infer
from numpyro.infer import MCMC, SVI
from runtime.support import PREAMBLE

from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.protocol import FileRequest, ModelRequest, Position, TraceResult
from numpyro_lint_runtime.worker.intercept import intercepted
from numpyro_lint_runtime.worker.surroundings import quiet

pytestmark = pytest.mark.trace

IMPORTS = PREAMBLE + "from numpyro.infer import MCMC, NUTS, SVI, Predictive, Trace_ELBO\n"
LINE = """
def line(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    mean = numpyro.deterministic("mean", slope * x)
    with numpyro.plate("points", x.shape[0]):
        numpyro.sample("y", dist.Normal(mean, 1.0), obs=y)
"""
LAST = """
def last(value):
    numpyro.sample("last", dist.Normal(value, 1.0))

"""
Capture = Callable[..., dict[str, TraceResult]]


def functions(text: str) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            yield node


@pytest.fixture
def capture(host: Host, tmp_path: Path) -> Capture:
    """Runs a program that stands after the usual imports for the functions named, each by name."""

    def run(text: str, *names: str, deadline: float = 60.0) -> dict[str, TraceResult]:
        path = tmp_path / "program.py"
        path.write_text(IMPORTS + text)
        models = [
            ModelRequest(
                node.name,
                node.name,
                (),
                deadline=deadline,
                function=Position(node.lineno, node.col_offset, node.lineno, 0),
            )
            for node in functions(IMPORTS + text)
            if node.name in names
        ]
        request = FileRequest(str(path), IMPORTS + text, tuple(models), str(tmp_path), True)
        return {result.id: result for result in host.trace(request)}

    return run


def through(text: str) -> str:
    """Statements that all have to work for the `last` model to be called."""
    body = textwrap.indent(f"{text}\nhandlers.seed(last, 0)(1.0)", "    ")
    return f"{LAST}\ndef check():\n{body}\n\ncheck()\n"


def shapes(result: TraceResult) -> dict[str, tuple[int, ...] | None]:
    assert result.status == "ok", result.failure
    return {site.name: site.shape for site in result.sites}


def test_a_model_is_traced_with_the_arguments_it_is_called_with(capture: Capture) -> None:
    text = (
        LINE
        + """
def load(n):
    return np.linspace(0, 1, n), {"y": np.ones(n)}

if __name__ == "__main__":
    x, data = load(7)
    mcmc = MCMC(NUTS(handlers.condition(line, {"slope": 1.0})), num_warmup=9**9, num_samples=3)
    mcmc.run(jax.random.key(0), x, **data)
"""
    )
    result = capture(text, "line")["line"]
    assert shapes(result)["y"] == (7,)
    assert result.arguments == {"x": "f64[7]", "y": "f64[7]"}
    sites = {site.name: site for site in result.sites}
    assert not sites["slope"].observed
    assert sites["y"].depends == {"loc": ("slope",), "scale": ()}


def test_the_program_goes_on_with_samples_of_the_right_shapes(capture: Capture) -> None:
    text = LINE + through("""
mcmc = MCMC(NUTS(line), num_warmup=40, num_samples=50, num_chains=2, thinning=5)
x = jnp.linspace(0, 1, 6)
extra = ("potential_energy", "adapt_state.step_size")
mcmc.run(jax.random.key(0), x, y=jnp.ones(6), extra_fields=extra)
mcmc.print_summary()
samples, grouped = mcmc.get_samples(), mcmc.get_samples(group_by_chain=True)
assert {name: value.shape for name, value in samples.items()} == {"slope": (20,), "mean": (20, 6)}
assert grouped["slope"].shape == (2, 10)
assert samples["slope"].std() > 0
fields = mcmc.get_extra_fields(group_by_chain=True)
assert fields["diverging"].shape == fields["potential_energy"].shape == (2, 10)
assert int(mcmc.get_extra_fields()["diverging"].sum()) == 0
assert mcmc.last_state.adapt_state.step_size > 0
assert mcmc.last_state.z["slope"].shape == (2,)
predicted = Predictive(line, samples)(jax.random.key(1), x)
assert {name: value.shape for name, value in predicted.items()} == {"mean": (20, 6), "y": (20, 6)}
batched = Predictive(line, grouped, batch_ndims=2, return_sites=["y"])(jax.random.key(1), x)
assert {name: value.shape for name, value in batched.items()} == {"y": (2, 10, 6)}
prior = Predictive(line, num_samples=9)(jax.random.key(2), x)
assert prior["slope"].shape == (9,)
likelihood = numpyro.infer.log_likelihood(line, samples, x, y=jnp.ones(6))
assert likelihood["y"].shape == (20, 6)
mcmc.post_warmup_state = mcmc.last_state
mcmc.warmup(jax.random.key(0), x, collect_warmup=True)
mcmc.run(jax.random.key(0), x)
""")
    found = capture(text, "line", "last")
    assert shapes(found["last"]) == {"last": ()}
    assert shapes(found["line"])["y"] == (6,)


def test_a_guide_is_initialised_and_nothing_is_optimised(capture: Capture) -> None:
    text = LINE + through("""
def guide(x, y=None):
    loc = numpyro.param("loc", 0.5)
    numpyro.sample("slope", dist.Normal(loc, 0.1))

x = jnp.zeros(4)
svi = SVI(line, guide, numpyro.optim.Adam(0.1), Trace_ELBO())
result = svi.run(jax.random.key(0), 10**9 // 10**5, x, y=jnp.ones(4))
assert result.losses.shape == (10**4,)
assert result.params["loc"] == 0.5
state = svi.init(jax.random.key(0), x)
state, loss = jax.jit(svi.update)(state, x)
state, losses = jax.lax.scan(lambda s, _: svi.stable_update(s, x), state, None, length=5)
assert losses.shape == (5,)
assert svi.evaluate(state, x).shape == ()
auto = numpyro.infer.autoguide.AutoNormal(line)
fit = SVI(line, auto, numpyro.optim.Adam(0.1), Trace_ELBO()).run(jax.random.key(0), 7, x)
drawn = auto.sample_posterior(jax.random.key(1), fit.params, sample_shape=(5,))
assert drawn["slope"].shape == (5,)
assert auto.median(fit.params)["slope"].shape == ()
Predictive(line, guide=auto, params=fit.params, num_samples=5)(jax.random.key(1), x)
""")
    found = capture(text, "line", "guide", "last")
    assert shapes(found["guide"]) == {"loc": (), "slope": ()}
    assert found["guide"].arguments == {"x": "f32[4]", "y": "f32[4]"}
    assert shapes(found["last"]) == {"last": ()}


def test_discrete_latents_are_in_samples_where_they_are_not_enumerated(capture: Capture) -> None:
    text = through("""
from numpyro.infer import DiscreteHMCGibbs

def coins():
    weight = numpyro.sample("weight", dist.Beta(1, 1))
    numpyro.sample("heads", dist.Bernoulli(weight), infer={"enumerate": "parallel"})

def names(kernel):
    mcmc = MCMC(kernel, num_warmup=5, num_samples=5)
    mcmc.run(jax.random.key(0))
    return sorted(mcmc.get_samples())

assert names(NUTS(coins)) == ["weight"]
assert names(DiscreteHMCGibbs(NUTS(coins))) == ["heads", "weight"]
""")
    assert shapes(capture(text, "last")["last"]) == {"last": ()}


def test_potentials_and_kernels_used_by_hand(capture: Capture) -> None:
    text = LINE + through("""
from numpyro.infer.util import initialize_model, log_density, potential_energy
from numpyro.util import fori_collect

x = jnp.zeros(4)
start, potential_fn, postprocess, sites = initialize_model(jax.random.key(0), line, model_args=(x,))
assert start.z["slope"].shape == start.z_grad["slope"].shape == ()
assert jax.grad(lambda z: potential_fn(z))(start.z)["slope"].shape == ()
assert log_density(line, (x, x), {}, {"slope": 0.0})[0].shape == ()
kernel = NUTS(line)
state = kernel.init(jax.random.key(0), 10, None, model_args=(x,))
for _ in range(10):
    state = kernel.sample(state, (x,), {})
kept = fori_collect(0, 30, lambda state: state, state, transform=lambda state: state.z)
assert kept["slope"].shape == (30,)
by_hand = MCMC(NUTS(potential_fn=lambda z: z**2 / 2), num_warmup=5, num_samples=8)
by_hand.run(jax.random.key(0), init_params=jnp.array(1.0))
assert by_hand.get_samples().shape == (8,)
""")
    found = capture(text, "line", "last")
    assert shapes(found["last"]) == {"last": ()}
    assert found["line"].arguments == {"x": "f32[4]"}


def test_calls_of_every_kind_are_seen(capture: Capture) -> None:
    text = """
class Growth:
    def model(self, rate):
        numpyro.sample("rate", dist.Exponential(rate))

def make(n):
    def inner(x):
        numpyro.sample("inner", dist.Normal(jnp.zeros(n), x).to_event(1))
    return inner

def under(size=3):
    numpyro.sample("under", dist.Normal(0, 1).expand([size]))

@handlers.scope(prefix="s")
def decorated(scale):
    z = numpyro.sample("z", dist.Normal(0, scale))
    numpyro.sample("w", dist.Normal(jnp.dot(z, z), scale))

def rendered(flag):
    numpyro.sample("r", dist.Normal(0, 1))

with handlers.seed(rng_seed=0):
    under()
handlers.trace(handlers.seed(Growth().model, 0)).get_trace(2.0)
numpyro.render_model(rendered, model_args=(True,)).render("graph.pdf")
jax.jit(lambda key: handlers.seed(decorated, key)(2.0))(jax.random.key(0))
Predictive(make(2), num_samples=3)(jax.random.key(0), 1.5)
"""
    found = capture(text, "model", "inner", "under", "decorated", "rendered")
    assert shapes(found["model"]) == {"rate": ()}
    assert found["model"].arguments == {"rate": "2.0"}
    assert shapes(found["inner"]) == {"inner": (2,)}
    assert shapes(found["under"]) == {"under": (3,)}
    assert shapes(found["decorated"]) == {"z": (), "w": ()}
    assert found["decorated"].sites[1].depends == {"loc": ("z",), "scale": ()}
    assert found["rendered"].arguments == {"flag": "True"}


def test_a_call_within_a_transformation_gives_way_to_one_with_values(capture: Capture) -> None:
    text = LINE + "jax.vmap(lambda x: handlers.seed(line, 0)(x))(jnp.zeros((5, 2)))\n"
    assert capture(text, "line")["line"].status == "failed"
    again = capture(text + "handlers.seed(line, 0)(jnp.zeros(2))\n", "line")["line"]
    assert shapes(again)["y"] == (2,)


def test_a_call_that_fails_gives_way_to_one_that_does_not(capture: Capture) -> None:
    text = LINE + "handlers.seed(line, 0)(3)\n"
    failure = capture(text, "line")["line"].failure
    assert failure is not None
    assert failure.exception == "AttributeError"
    again = capture(text + "handlers.seed(line, 0)(jnp.zeros(3))\n", "line")["line"]
    assert shapes(again)["y"] == (3,)


def test_the_program_itself_is_left_as_it_would_be(capture: Capture) -> None:
    text = LINE + through("""
import pickle, random, sys

np.random.seed(3)
expected = np.random.RandomState(3).rand()
with handlers.trace() as sites, handlers.seed(rng_seed=0):
    line(jnp.zeros(2))
assert list(sites) == ["slope", "mean", "points", "y"]
assert np.random.rand() == expected
assert sys.argv == [__file__]
assert pickle.loads(pickle.dumps(line)) is line
assert line.__name__ == "line"
""")
    assert shapes(capture(text, "line", "last")["last"]) == {"last": ()}


def test_what_fails_does_not_keep_the_rest(capture: Capture) -> None:
    text = (
        LINE
        + LAST
        + """
handlers.seed(line, 0)(jnp.zeros(2))
from no_such_package import anything
anything.plot()
handlers.seed(last, 0)(1.0)
def never(x): numpyro.sample("x", dist.Normal(0, 1))
"""
    )
    found = capture(text, "line", "last", "never")
    assert {name for name, result in found.items() if result.status == "ok"} == {"line", "last"}
    failure = found["never"].failure
    assert failure is not None
    assert "does not call it" in failure.message
    assert "no_such_package" in failure.message
    assert "install " in (failure.advice or "")


def test_nothing_is_written_asked_or_downloaded(capture: Capture, tmp_path: Path) -> None:
    text = (
        LINE
        + LAST
        + """
import os, pathlib

os.makedirs("figures/deep", exist_ok=True)
with open("figures/deep/a.txt", "w") as file:
    file.write("lost")
pathlib.Path("b.json").write_text("{}")
np.savez("c.npz", x=np.zeros(3))
answer = input("How many? ")
handlers.seed(last, 0)(1.0)
import urllib.request
urllib.request.urlretrieve("https://example.org/data.csv")
data = np.loadtxt("data.csv")
handlers.seed(line, 0)(jnp.asarray(data))
"""
    )
    found = capture(text, "line", "last")
    assert shapes(found["last"]) == {"last": ()}
    assert found["line"].failure is not None
    assert found["line"].failure.stage == "refused"
    assert "https://example.org/data.csv" in found["line"].failure.message
    assert [path.name for path in tmp_path.iterdir()] == ["program.py"]


def test_nothing_is_drawn(capture: Capture, tmp_path: Path) -> None:
    figure = "class Figure:\n    def savefig(self, path): raise OSError('drawn')\n"
    pyplot = (
        "from matplotlib.figure import Figure\n"
        "backends = []\n"
        "def switch_backend(name): backends.append(name)\n"
        "def show(): raise OSError('shown')\n"
        "def gcf(): return Figure()\n"
    )
    for name, text in (("__init__", ""), ("figure", figure), ("pyplot", pyplot)):
        place = tmp_path / "matplotlib" / f"{name}.py"
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)
    (tmp_path / "arviz.py").write_text("def plot_trace(data, ax=None): raise OSError('plotted')\n")
    text = through("""
import arviz as az
import matplotlib.pyplot as plt
from arviz import plot_trace

plt.switch_backend("TkAgg")
assert plt.backends == ["agg"]
axes = az.plot_trace(None)
axes[0, 0].set_title("a")
assert plot_trace(None, ax=plt) is plt
plt.gcf().savefig("a.png")
plt.show()
""")
    assert shapes(capture(text, "last")["last"]) == {"last": ()}


def test_input_is_told(capture: Capture) -> None:
    failure = capture(LINE + "n = int(input())\nline(jnp.zeros(n))\n", "line")["line"].failure
    assert failure is not None
    assert "nobody is there to answer" in failure.message


def test_arguments_of_the_command_line_have_their_defaults(capture: Capture) -> None:
    text = (
        LINE
        + """
import argparse

def main(args):
    MCMC(NUTS(line), num_warmup=1, num_samples=1).run(jax.random.key(0), jnp.zeros(args.n))

parser = argparse.ArgumentParser()
parser.add_argument("--n", type=int, default=11)
"""
    )
    given = text + "if '__main__' == __name__:\n    main(parser.parse_args())\n"
    assert shapes(capture(given, "line")["line"])["points"] == (11,)
    required = text + "parser.add_argument('file')\nmain(parser.parse_args())\n"
    failure = capture(required, "line")["line"].failure
    assert failure is not None
    assert "SystemExit" in failure.message


def test_a_program_that_dies_or_does_not_end_keeps_what_it_showed(capture: Capture) -> None:
    shown = LINE + LAST + "handlers.seed(line, 0)(jnp.zeros(2))\n"
    for end, reason in (
        ("import ctypes; ctypes.CDLL(None)._exit(3)\n", "exit status 3"),
        ("import ctypes; ctypes.string_at(0)\n", "SIGSEGV"),
        ("while True: pass\n", "longer than 20 s"),
    ):
        found = capture(shown + end + "last(1.0)\n", "line", "last", deadline=20.0)
        assert shapes(found["line"])["y"] == (2,)
        assert found["last"].failure is not None
        assert reason in found["last"].failure.message


def test_the_program_ends_with_the_last_model(capture: Capture) -> None:
    text = LINE + "handlers.seed(line, 0)(jnp.zeros(2))\nwhile True: pass\n"
    assert shapes(capture(text, "line")["line"])["y"] == (2,)


def test_inference_is_itself_again_afterwards() -> None:
    names = ("run", "warmup", "print_summary", "get_samples")
    before = [vars(MCMC)[name] for name in names], vars(SVI).copy(), infer.log_likelihood, open
    with quiet(), intercepted():
        assert vars(MCMC)["run"] is not before[0][0]
        assert infer.log_likelihood is not before[2]
        assert open is not before[3]
    assert [vars(MCMC)[name] for name in names] == before[0]
    assert (vars(SVI).copy(), infer.log_likelihood, open) == before[1:]
