"""`pytest --numpyro-lint` in projects of users, run as they run it."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.trace

ROOT = Path(__file__).parents[2]
FLOORS = os.pathsep.join(str(ROOT / name) for name in ("analyzer", "runtime", "lsp_server"))
PLUGIN = ("-p", "no:numpyro-lint", "-p", "numpyro_lint.pytest_plugin")

MODELS = """\
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers


def right(y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    with numpyro.plate("N", 4):
        numpyro.sample("y", dist.Normal(mu, 1.0), obs=y)


def wrong(y):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    numpyro.sample("mu", dist.Normal(mu, 1.0), obs=y)


handlers.seed(right, 0)(jnp.ones(4))
handlers.condition(right, {"nu": 1.0})
"""


def _pytest(folder: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", *PLUGIN, "-p", "no:cacheprovider", *arguments]
    environment = {**os.environ, "PYTHONPATH": FLOORS, "JAX_PLATFORMS": "cpu"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_plugin_is_announced() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    plugin = importlib.import_module(project["entry-points"]["pytest11"]["numpyro-lint"])
    assert callable(plugin.pytest_collect_file)


def test_models_are_items(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "other.py").write_text("raise SystemExit('is not for us and is not run')\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    status, out = _pytest(tmp_path, "--numpyro-lint", "-v")
    outcomes = dict(line.split()[:2] for line in out.splitlines() if line.startswith("models.py::"))
    assert outcomes == {
        "models.py::right": "PASSED",
        "models.py::wrong": "FAILED",
        "models.py::file": "FAILED",
    }, out
    assert status == 1
    assert "models.py:15:5: error[duplicate-site]" in out
    assert "error[unknown-site-in-handler]" in out
    assert "Traceback" not in out


def test_one_model_alone(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    status, out = _pytest(tmp_path, "--numpyro-lint", "models.py::right")
    assert status == 0
    assert "1 passed" in out


def test_nothing_is_collected_unasked(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    assert _pytest(tmp_path, "models.py")[0] == 5


def test_settings(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    settings = tmp_path / "numpyro-lint.toml"
    settings.write_text('fail-on = "error"\nignore = ["handlers", "duplicate-site"]\n')
    status, out = _pytest(tmp_path, "--numpyro-lint", "--rootdir", ".")
    assert status == 0, out
    settings.write_text('exclude = ["models.py"]\n')
    assert _pytest(tmp_path, "--numpyro-lint", "--rootdir", ".")[0] == 5
    settings.write_text('sevrity = "error"\n')
    status, out = _pytest(tmp_path, "--numpyro-lint", "--rootdir", ".")
    assert status == 4
    assert "did you mean 'severity'" in out


def test_a_broken_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text("import numpyro\ndef model(:\n")
    status, out = _pytest(tmp_path, "--numpyro-lint")
    assert status == 1
    assert "error[invalid-syntax]" in out


def test_the_example_project() -> None:
    folder = ROOT / "examples" / "tested_models"
    status, out = _pytest(folder, "--numpyro-lint")
    assert status == 0, out
    assert "11 passed" in out
