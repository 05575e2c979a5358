"""The real command on programs that misbehave, and what it must leave as it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FLOORS = os.pathsep.join(str(ROOT / name) for name in ("analyzer", "runtime", "lsp_server"))
MARK = "NUMPYRO_LINT_TEST"
IMPORTS = """\
import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
"""
LATE = "--timeout, or `timeout` in the settings, allows more"
GOOD = 'numpyro.sample("x", dist.Normal())'


# What runs the tests may ignore signals, as `nohup` does, and a program inherits that.
ANALYZE = """\
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
runpy.run_module("numpyro_lint.cli.main", run_name="__main__")
"""


def model(name: str, *lines: str) -> str:
    """A model that samples `x` and then executes `lines`."""
    body = "".join(f"    {line}\n" for line in (GOOD, *lines))
    return f"\n\ndef {name}():\n{body}"


def line_of(text: str, part: str) -> int:
    """The line on which a part of a text begins."""
    return text[: text.index(part)].count("\n") + 1


def marked(mark: str) -> set[int]:
    """The living processes that have a mark in their environment, as all do that they start."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes()
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if f"{MARK}={mark}".encode() in environment and state != "Z":
                found.add(int(entry.name))
    return found


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether a condition comes to hold in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@dataclass(frozen=True)
class Told:
    """What the report says of one model: its finding, if it was not traced."""

    status: str
    message: str = ""
    line: int | None = None
    notes: tuple[tuple[int, str], ...] = ()


@dataclass
class Place:
    """A folder with programs, and beside it a home and a folder for temporary files."""

    folder: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in (self.work, self.home, self.temporary):
            each.mkdir(parents=True)

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def temporary(self) -> Path:
        return self.folder / "temporary"

    def write(self, name: str, text: str) -> Path:
        path = self.work / name
        path.write_text(text)
        return path

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """`analyze` in the folder, in a session of its own, as from a shell."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "JAX_"))}
        environment = kept | {
            "PYTHONPATH": FLOORS,
            "NO_COLOR": "1",
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            MARK: self.mark,
            **self.environment,
        }
        return subprocess.Popen(
            [sys.executable, "-c", ANALYZE, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.work,
            env=environment,
            start_new_session=True,
        )

    def analyze(self, *arguments: str, python: str = sys.executable) -> tuple[int, str, str]:
        """Run `analyze`: exit status, output, errors. All must be as it was afterwards."""
        before = self.tree()
        process = self.start("--python", python, *arguments)
        try:
            out, err = process.communicate(timeout=240)
        finally:
            process.kill()
        self.check_nothing_is_left(before)
        return process.returncode, out.decode(), err.decode()

    def trace(self, text: str, timeout: float = 20.0, **options: Any) -> dict[str, Told]:
        """What is told of each model of a program, by JSON and in the same words by text."""
        self.write("program.py", text)
        arguments = ("--timeout", str(timeout), "program.py")
        status, out, err = self.analyze("--output-format", "json", *arguments, **options)
        assert (status in (0, 1), err) == (True, "")
        return told(json.loads(out))

    def tree(self, name: str = "*") -> dict[str, bytes | None]:
        """Every file in the folder, or in what has this name there, with its content; folders and
        links without."""
        found = [path for top in self.folder.glob(name) for path in (top, *top.rglob("*"))]
        return {
            str(path.relative_to(self.folder)): path.read_bytes() if path.is_file() else None
            for path in sorted(found)
        }

    def check_nothing_is_left(self, before: dict[str, bytes | None]) -> None:
        assert wait_until(lambda: not marked(self.mark)), marked(self.mark)
        assert self.tree() == before

    def kill_what_is_left(self) -> None:
        """For a test that has failed."""
        for pid in marked(self.mark):
            os.kill(pid, signal.SIGKILL)


def told(document: dict[str, Any]) -> dict[str, Told]:
    """The models of a JSON report."""
    findings = [each for each in document["diagnostics"] if each["rule"] == "not-traced"]
    models = {}
    for each in (model for file in document["files"] for model in file["models"]):
        name, status = each["name"], each["trace"]["status"]
        mine = [f for f in findings if f"'{name}'" in f["message"].partition(" not traced: ")[0]]
        assert len(mine) == (status != "ok"), (each["trace"]["reason"], mine)
        models[name] = Told(status)
        for finding in mine:
            assert "\n" not in finding["message"]
            said = finding["message"].partition(" not traced: ")[2]
            assert said.startswith(each["trace"]["reason"])
            notes = tuple((note["line"], note["message"]) for note in finding["related"])
            models[name] = Told(status, said, finding["line"], notes)
    return models
