"""`--watch`: a report whenever something has changed, of what has changed alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli.corpus import MODELS, NAMES, RENAMED, command, environment, project

from numpyro_lint.cli.main import main

# Says which files are read, and when a worker is started.
TELLS = """
from numpyro_lint import analyst
from numpyro_lint.text import concerns_us
check = analyst.check
def told(source, *rest, **named):
    if concerns_us(source.text):
        print("read", source.path, flush=True)
    return check(source, *rest, **named)
analyst.check = told
from numpyro_lint_runtime.process import WorkerProcess
begin = WorkerProcess.__init__
def begun(self, *args, **named):
    print("worker", flush=True)
    begin(self, *args, **named)
WorkerProcess.__init__ = begun
"""
OTHER = MODELS.format(package="").replace("from names import named", "named = str")
CLEAN = OTHER.replace("my_slope", "slope")
SLIP = "did you mean 'your_slope'?"
Watch = Callable[..., "Watched"]


class Watched:
    """A run that goes on, and what it has printed since it was last asked."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._file = folder.parent / "output"
        self._seen = 0
        with self._file.open("w") as output:
            self.process = subprocess.Popen(
                command("--watch", "--output-format", "concise", *arguments, before=TELLS),
                cwd=folder,
                env=environment(folder.parent),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def report(self) -> list[str]:
        """The lines of the next report, up to that which says that it is over."""
        end = time.monotonic() + 120.0
        while time.monotonic() < end and self.process.poll() is None:
            text = self._file.read_text()[self._seen :]
            if "Watching for changes" in text:
                self._seen += len(text)
                return text.splitlines()[:-1]
            time.sleep(0.05)
        raise AssertionError(self._file.read_text())

    def end(self) -> tuple[int, str]:
        """Ends it as Ctrl-C does; its exit status, and what it said since the last report."""
        os.killpg(self.process.pid, signal.SIGINT)
        status = self.process.wait(60)
        return status, self._file.read_text()[self._seen :]


@pytest.fixture
def watch() -> Iterator[Watch]:
    begun: list[Watched] = []

    def begin(*given: object) -> Watched:
        begun.append(Watched(*given))  # type: ignore[arg-type]
        return begun[-1]

    yield begin
    for each in begun:
        each.process.kill()
        each.process.wait()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    (tmp_path / "project/clean.py").write_text(CLEAN)
    return project(tmp_path / "project")


def test_what_has_changed_is_read_again_and_what_depends_on_it(folder: Path, watch: Watch) -> None:
    watched = watch(folder, "--static", ".")
    assert watched.report() == ["read clean.py", "read models.py"]
    (folder / "names.py").write_text(RENAMED)
    read, slip = watched.report()
    assert (read, SLIP in slip) == ("read models.py", True)
    (folder / "clean.py").write_text(CLEAN + "\n")
    assert watched.report() == ["read clean.py", slip]
    # A folder that was not there, with a file in it.
    (folder / "new").mkdir()
    (folder / "new/other.py").write_text(CLEAN)
    assert watched.report() == ["read new/other.py", slip]
    (folder / "models.py").unlink()
    assert watched.report() == []
    assert watched.end() == (0, "")


def test_settings_are_read_again(folder: Path, watch: Watch) -> None:
    (folder / "names.py").write_text(RENAMED)
    watched = watch(folder, "--static", "models.py")
    assert SLIP in watched.report()[1]
    (folder / "pyproject.toml").write_text('[tool.numpyro-lint]\nignore = ["ALL"]\n')
    assert watched.report() == ["read models.py"]
    assert watched.end() == (0, "")


def test_a_new_file_that_an_import_means_is_read(folder: Path, watch: Watch) -> None:
    (folder / "names.py").unlink()
    watched = watch(folder, "--static", "models.py")
    assert watched.report() == ["read models.py"]
    (folder / "names.py").write_text(RENAMED)
    read, slip = watched.report()
    assert (read, SLIP in slip) == ("read models.py", True)
    (folder / "names.py").write_text(NAMES)
    assert watched.report() == ["read models.py"]
    assert watched.end() == (0, "")


def test_a_configuration_that_is_broken_meanwhile_is_told(folder: Path, watch: Watch) -> None:
    watched = watch(folder, "--static", ".")
    watched.report()
    (folder / "numpyro-lint.toml").write_text("select = 3\n")
    end = time.monotonic() + 60.0
    while "numpyro-lint.toml" not in (folder.parent / "output").read_text():
        assert time.monotonic() < end
        time.sleep(0.05)
    (folder / "numpyro-lint.toml").write_text("pedantic = true\n")
    assert watched.report()[-2:] == ["read clean.py", "read models.py"]
    assert watched.end() == (0, "")


@pytest.mark.trace
def test_models_are_traced_again_by_the_same_worker(folder: Path, watch: Watch) -> None:
    watched = watch(folder, "--no-values", "--python", sys.executable, ".")
    first = watched.report()
    (folder / "names.py").write_text(RENAMED)
    again = watched.report()
    assert [line for line in again if line.startswith("read")] == ["read models.py"]
    assert SLIP in again[-1]
    assert SLIP not in first[-1]
    assert ("worker" in first, "worker" in again) == (True, False)
    # What runs a model is where its arguments come from.
    (folder / "runs.py").write_text("import numpyro\nfrom models import model\n")
    assert [line for line in watched.report() if line.startswith("read")] == [
        "read models.py",
        "read runs.py",
    ]
    assert watched.end() == (0, "")


def test_a_terminal_is_cleared(folder: Path) -> None:
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        program = command("--watch", "--static", "--quiet", ".")
        os.execve(program[0], program, environment(folder.parent))
    said = b""
    while b"Watching for changes" not in said:
        said += os.read(terminal, 4096)
    os.write(terminal, b"\x03")
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    assert said.startswith(b"\x1b[2J\x1b[3J\x1b[H")
    assert b"3 files" in said


@pytest.mark.parametrize("given", [["-"], ["--fix", "."], ["--diff", "."]])
def test_what_is_done_once_is_not_watched(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--static", "--watch", *given]) == 2
    assert capsys.readouterr().err.startswith("analyze: --watch ")


def test_without_watchfiles_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert main(["--static", "--watch", "."]) == 2
    assert capsys.readouterr().err == (
        "analyze: --watch needs the package watchfiles: pip install 'numpyro-lint[watch]'\n"
    )
