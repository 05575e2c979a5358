"""What a terminal shows while a run is under way."""

from __future__ import annotations

import io
import time

import pytest

from numpyro_lint.cli import run
from numpyro_lint.cli.run import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_first_file_that_takes_long_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(run, "_QUIET", 0.02)
    with Progress(3) as progress:
        progress.show(0, "slow.py")
        assert terminal.getvalue() == ""
        end = time.monotonic() + 10.0
        while not terminal.getvalue() and time.monotonic() < end:
            time.sleep(0.01)
        assert terminal.getvalue() == "\r\x1b[K0/3 slow.py"
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_quick_run_and_one_without_a_terminal_show_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr("sys.stderr", stream)
        with Progress(1) as progress:
            progress.show(0, "quick.py")
        assert stream.getvalue() == ""
