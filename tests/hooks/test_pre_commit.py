"""The project's pre-commit hooks, run by pre-commit in a repository of their own.

pre-commit takes the hooks from a tag of a repository that holds the working tree, so that what is
tested is what a user would get from it: the build, the dependencies, the command, its exit status.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from packaged import ROOT

pytestmark = [pytest.mark.hooks, pytest.mark.slow]

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Project = Callable[..., Path]
PRE_COMMIT = (sys.executable, "-m", "pre_commit")
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
both = pytest.mark.parametrize("hook", [each["id"] for each in HOOKS])

CLEAN = """\
import numpyro
import numpyro.distributions as dist
from numpyro import handlers


def model(n, y=None):
    loc = numpyro.sample("loc", dist.Normal(0.0, 1.0))
    with numpyro.plate("rows", n):
        numpyro.sample("y", dist.Normal(loc, 1.0), obs=y)


fixed = handlers.condition(model, data={"loc": 0.5})
drawn = handlers.seed(fixed, rng_seed=0)(3)
"""
MISSPELT = CLEAN.replace('data={"loc": 0.5}', 'data={"lok": 0.5}')
# What a column of data does is seen in a trace alone.
COLUMN = CLEAN.partition("fixed =")[0] + "handlers.seed(model, rng_seed=0)(3, np.ones((3, 1)))\n"
COLUMN = COLUMN.replace("import numpyro\n", "import numpy as np\nimport numpyro\n", 1)
# NumPyro raises where `shape_params` is missing, so that the fix is a safe one.
UNMENDED = """\
import numpyro
import numpyro.distributions as dist
from numpyro.infer.reparam import LocScaleReparam


def model(y=None):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.StudentT(4.0, 0.0, spread))
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)


better = numpyro.handlers.reparam(model, config={"effect": LocScaleReparam(0)})
"""
MENDED = UNMENDED.replace("LocScaleReparam(0)", 'LocScaleReparam(0, shape_params=["df"])')


def notebook(text: str) -> str:
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [cell | {"id": "model", "source": text}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def project(run: Run, released: str, tmp_path: Path) -> Project:
    """Makes a repository that has a hook at a pinned revision, and the files that are given."""

    def project(hook: str, files: dict[str, str], **settings: object) -> Path:
        pinned = {"repo": released, "rev": "v1", "hooks": [{"id": hook, **settings}]}
        config = {".pre-commit-config.yaml": yaml.safe_dump({"repos": [pinned]})}
        for name, text in (config | files).items():
            (tmp_path / name).write_text(text)
        for command in (("init", "--quiet"), ("add", "--all")):
            done = run("git", *command, folder=tmp_path)
            assert done.returncode == 0, done.stdout
        return tmp_path

    return project


@both
def test_a_repository_with_findings(hook: str, run: Run, project: Project) -> None:
    files = {"column.py": COLUMN, "misspelt.py": MISSPELT, "misspelt.txt": MISSPELT}
    files |= {"clean.py": CLEAN, "cells.ipynb": notebook(MISSPELT)}
    folder = project(hook, files)

    done = run(*PRE_COMMIT, "run", "--verbose", "--all-files", folder=folder)
    assert done.returncode == 1, done.stdout
    assert "exit code: 1" in done.stdout
    assert done.stdout.count("error[unknown-site-in-handler]") == 2
    assert "--> misspelt.py:12" in done.stdout
    assert "--> cells.ipynb" in done.stdout
    assert "misspelt.txt" not in done.stdout
    assert ("--> column.py" in done.stdout) == (hook == "numpyro-lint-trace")

    done = run(*PRE_COMMIT, "run", "--files", "misspelt.txt", folder=folder)
    assert done.returncode == 0, done.stdout
    assert "no files to check" in done.stdout


@both
def test_a_repository_without(hook: str, run: Run, project: Project, shared: Path) -> None:
    settings = '[tool.numpyro-lint]\nexclude = ["old.py"]\n'
    files = {"clean.py": CLEAN, "cells.ipynb": notebook(CLEAN), "pyproject.toml": settings}
    folder = project(hook, files | {"old.py": MISSPELT})
    done = run(*PRE_COMMIT, "run", "--all-files", folder=folder)
    assert done.returncode == 0, done.stdout
    assert done.stdout.rstrip().endswith("Passed")


def test_it_needs_no_numpyro(run: Run, project: Project, shared: Path) -> None:
    run(*PRE_COMMIT, "install-hooks", folder=project("numpyro-lint", {}))
    installed = {each.name for each in shared.glob("cache/repo*/py_env-*/lib/python*/*/*")}
    assert {"numpyro_lint", "numpyro_lint_runtime"} <= installed
    assert not {"jax", "numpyro"} & installed


def test_what_is_staged_alone_is_read(run: Run, project: Project) -> None:
    """A commit is refused for what is in it, not for what else is in the folder."""
    folder = project("numpyro-lint", {"model.py": CLEAN, "other.py": "import numpyro\n"})
    assert run(*PRE_COMMIT, "install", folder=folder).returncode == 0
    commit = ("git", "commit", "--message", "state")

    (folder / "model.py").write_text(MISSPELT)
    (folder / "untracked.py").write_text(MISSPELT)
    done = run(*commit, folder=folder)
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout
    assert (folder / "model.py").read_text() == MISSPELT

    run("git", "add", "model.py", folder=folder)
    (folder / "model.py").write_text(CLEAN)
    done = run(*commit, folder=folder)
    assert done.returncode == 1, done.stdout
    assert "--> model.py:12" in done.stdout
    assert "untracked.py" not in done.stdout
    assert (folder / "model.py").read_text() == CLEAN

    run("git", "reset", "--quiet", folder=folder)
    (folder / "model.py").write_text(MISSPELT)
    (folder / "other.py").write_text("import numpyro as npr\n")
    run("git", "add", "other.py", folder=folder)
    done = run(*commit, folder=folder)
    assert done.returncode == 0, done.stdout


def test_fixes_are_applied(run: Run, project: Project) -> None:
    files = {"model.py": UNMENDED, "cells.ipynb": notebook(UNMENDED)}
    folder = project("numpyro-lint", files, args=["--fix"])

    done = run(*PRE_COMMIT, "run", folder=folder)
    assert done.returncode == 1, done.stdout
    assert "files were modified by this hook" in done.stdout
    assert (folder / "model.py").read_text() == MENDED
    (cell,) = json.loads((folder / "cells.ipynb").read_text())["cells"]
    assert cell["source"] == MENDED

    run("git", "add", "--all", folder=folder)
    done = run(*PRE_COMMIT, "run", folder=folder)
    assert done.returncode == 0, done.stdout


def test_try_repo(run: Run, project: Project, released: str) -> None:
    """Each hook, from the repository and not from a configuration."""
    folder = project("numpyro-lint", {"misspelt.py": MISSPELT, "plain.py": "import numpyro\n"})
    try_repo = (*PRE_COMMIT, "try-repo", released)

    done = run(*try_repo, "numpyro-lint", "--ref", "v1", "--all-files", folder=folder)
    assert done.returncode == 1, done.stdout
    assert "exit code: 1" in done.stdout
    assert "--> misspelt.py:12" in done.stdout

    done = run(*try_repo, "numpyro-lint-trace", "--files", "plain.py", folder=folder)
    assert done.returncode == 0, done.stdout
    assert done.stdout.rstrip().endswith("Passed")


def test_hooks_are_well_formed(run: Run) -> None:
    manifest = (*PRE_COMMIT, "validate-manifest", ".pre-commit-hooks.yaml")
    done = run(*manifest, folder=ROOT)
    assert (done.returncode, done.stdout) == (0, "")
    static, trace = HOOKS
    assert (static["id"], static["language"]) == ("numpyro-lint", "python")
    assert (trace["id"], trace["language"]) == ("numpyro-lint-trace", "system")
    assert all(each["types_or"] == ["python", "jupyter"] for each in HOOKS)
    assert all(each["require_serial"] for each in HOOKS)
