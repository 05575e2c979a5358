"""Programs whose reports are hard to lay out: long, wide, many, broken, empty."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
_IMPORTS = """\
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

"""
_LONG = "a_name_that_goes_on_and_on_" * 4
_MODEL = """
def model_{n}(y=None):
    mu = numpyro.sample("mu", dist.Normal(0.0, 1.0))
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    with numpyro.plate("groups", {n} + 2):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("y", dist.Normal(theta, 1.0), obs=y)


MCMC(NUTS(model_{n}), num_warmup=1, num_samples=1).run(jax.random.key(0))
"""


def _long() -> str:
    """Names that have no place to break, in everything that is shown."""
    return (
        _IMPORTS
        + f'''
def {_LONG}model({_LONG}y=None):
    {_LONG}a = numpyro.sample("{_LONG}a", dist.Normal(0.0, 1.0))
    {_LONG}s = numpyro.sample("{_LONG}s", dist.HalfNormal(1.0))
    with numpyro.plate("{_LONG}plate", 7):
        {_LONG}t = numpyro.sample("{_LONG}t", dist.Normal({_LONG}a, {_LONG}s))
        numpyro.sample("{_LONG}y", dist.Normal({_LONG}t, 1.0), obs={_LONG}y)


held = numpyro.handlers.condition({_LONG}model, data={{"{_LONG}missing": 1.0}})
MCMC(NUTS({_LONG}model), num_warmup=1, num_samples=1).run(jax.random.key(0), jnp.zeros(7))
'''
    )


def _wide() -> str:
    """A graph of far more sites side by side than a screen is wide."""
    names = [f"b{n}" for n in range(24)]
    prior = "dist.Normal(jnp.zeros((3, 1, 2, 4)), 1.0)"
    sites = [f'    {name} = numpyro.sample("{name}", {prior})\n' for name in names]
    return f"""{_IMPORTS}
def wide(y):
{"".join(sites)}    numpyro.sample("y", dist.Normal({" + ".join(names)}, 1.0), obs=y)


MCMC(NUTS(wide), num_warmup=1, num_samples=1).run(jax.random.key(0), jnp.zeros((3, 1, 2, 4)))
"""


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


# By name the file, its text, and whether it is traced.
ALL = {
    "crossed": ("crossed.py", _text("tests/pictures/crossed.py"), True),
    "long": (f"{_LONG}file.py", _long(), True),
    "wide": ("wide.py", _wide(), True),
    "handlers": ("handlers.py", _text("examples/linear_regression_handlers.py"), False),
    "notebook": ("radon.ipynb", _text("examples/radon_like.ipynb"), False),
    "many": ("many.py", _IMPORTS + "".join(_MODEL.format(n=n) for n in range(12)), False),
    "broken": ("broken.py", "def model(y=None:\n", False),
    "empty": ("empty.py", "", False),
}
NAMES = ["verified", *ALL]
