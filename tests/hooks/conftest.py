"""What pre-commit takes the hooks from, and the environment that it makes: once for all tests."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packaged import ROOT, built, unpacked

TAG = "v1"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all tests of a session, in however many processes they run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "hooks"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def run(shared: Path) -> Run:
    """Runs a program apart from the user's git configuration and pre-commit cache."""
    dropped = ("GIT_", "PRE_COMMIT", "VIRTUAL_ENV", "PYTHONPATH", "SKIP")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(dropped)} | {
        "GIT_AUTHOR_EMAIL": "hooks@example.invalid",
        "GIT_AUTHOR_NAME": "hooks",
        "GIT_COMMITTER_EMAIL": "hooks@example.invalid",
        "GIT_COMMITTER_NAME": "hooks",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_COLOR": "never",
        "PRE_COMMIT_HOME": str(shared / "cache"),
        "PATH": os.pathsep.join([str(shared / "bin"), os.environ.get("PATH", os.defpath)]),
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


@pytest.fixture(scope="session")
def released(run: Run, shared: Path) -> str:
    """The address of a repository that holds the project, with a tag."""
    folder = shared / "released"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _install_analyze(shared / "bin")
            made = unpacked(built("sdist", shared / "dist"), shared)
            for command in (
                ("init", "--quiet"),
                ("add", "--all", "--force"),
                ("commit", "--quiet", "--message", "state"),
                ("tag", TAG),
            ):
                done = run("git", *command, folder=made)
                assert done.returncode == 0, done.stdout
            made.rename(folder)
    return folder.as_uri()


def _install_analyze(folder: Path) -> None:
    """A program `analyze` that runs the working tree, as a user's environment would have one."""
    folder.mkdir()
    floors = [str(ROOT / name) for name in ("analyzer", "runtime", "lsp_server")]
    program = folder / "analyze"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        f"sys.path[:0] = {floors!r}\n"
        "from numpyro_lint.cli.main import main\n"
        "sys.exit(main())\n"
    )
    program.chmod(0o755)
