"""The project's pre-commit hooks, run by pre-commit in a repository of their own.

pre-commit installs the hook from a copy of the working tree, so that what is tested is what a user
would get from a commit of it: the build, the dependencies, the command and its exit status.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.hooks, pytest.mark.slow]

PROJECT = Path(__file__).resolve().parents[2]

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

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a program apart from the user's git configuration and pre-commit cache."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {
        "GIT_AUTHOR_EMAIL": "hooks@example.invalid",
        "GIT_AUTHOR_NAME": "hooks",
        "GIT_COMMITTER_EMAIL": "hooks@example.invalid",
        "GIT_COMMITTER_NAME": "hooks",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_COLOR": "never",
        "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        "PATH": os.pathsep.join([str(tmp_path / "bin"), os.environ.get("PATH", os.defpath)]),
    }

    def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )

    return run


def commit(run: Run, folder: Path) -> str:
    """Commits all that is in `folder` and gives the commit's name."""
    for command in (
        ("git", "init", "--quiet"),
        ("git", "add", "--all", "--force"),
        ("git", "commit", "--quiet", "--message", "state"),
    ):
        done = run(*command, folder=folder)
        assert done.returncode == 0, done.stdout
    return run("git", "rev-parse", "HEAD", folder=folder).stdout.strip()


@pytest.fixture
def released(run: Run, tmp_path: Path) -> tuple[Path, str]:
    """A repository that holds the files of the working tree, and its only commit."""
    listed = run(
        "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=PROJECT
    )
    assert listed.returncode == 0, listed.stdout
    target = tmp_path / "released"
    for name in filter(None, listed.stdout.split("\0")):
        if (PROJECT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, target / name)
    return target, commit(run, target)


def write_user_project(folder: Path, hook: str, released: tuple[Path, str]) -> None:
    repository, revision = released
    folder.mkdir()
    (folder / "clean.py").write_text(CLEAN)
    (folder / "misspelt.py").write_text(MISSPELT)
    (folder / "notes.txt").write_text("not Python\n")
    config = f"""\
        repos:
          - repo: {repository.as_uri()}
            rev: {revision}
            hooks:
              - id: {hook}
        """
    (folder / ".pre-commit-config.yaml").write_text(textwrap.dedent(config))


def install_analyze(folder: Path) -> None:
    """A program `analyze` that runs the working tree, as a user's environment would have one."""
    folder.mkdir()
    floors = [str(PROJECT / name) for name in ("analyzer", "runtime", "lsp_server")]
    program = folder / "analyze"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        f"sys.path[:0] = {floors!r}\n"
        "from numpyro_lint.cli.main import main\n"
        "sys.exit(main())\n"
    )
    program.chmod(0o755)


@pytest.mark.parametrize("hook", ["numpyro-lint", "numpyro-lint-trace"])
def test_hook_fails_on_a_finding_and_passes_without(
    hook: str, run: Run, released: tuple[Path, str], tmp_path: Path
) -> None:
    install_analyze(tmp_path / "bin")
    project = tmp_path / "project"
    write_user_project(project, hook, released)
    commit(run, project)
    pre_commit = (sys.executable, "-m", "pre_commit", "run", "--verbose")

    everything = run(*pre_commit, "--all-files", folder=project)
    assert everything.returncode == 1, everything.stdout
    assert "exit code: 1" in everything.stdout
    assert "unknown-site-in-handler" in everything.stdout
    assert "misspelt.py" in everything.stdout
    assert "notes.txt" not in everything.stdout

    clean = run(*pre_commit, "--files", "clean.py", folder=project)
    assert clean.returncode == 0, clean.stdout
    assert "Passed" in clean.stdout

    nothing = run(*pre_commit, "--files", "notes.txt", folder=project)
    assert nothing.returncode == 0, nothing.stdout
    assert "no files to check" in nothing.stdout


def test_hooks_are_well_formed(run: Run) -> None:
    done = run(
        sys.executable,
        "-m",
        "pre_commit",
        "validate-manifest",
        ".pre-commit-hooks.yaml",
        folder=PROJECT,
    )
    assert done.returncode == 0, done.stdout
