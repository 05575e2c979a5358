"""What a terminal shows while a run is under way."""

from __future__ import annotations

import io
import sys
import time

import pytest

from numpyro_lint.cli import progress
from numpyro_lint.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_first_file_that_takes_long_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress, "QUIET", 0.02)
    with Progress(3) as shown:
        shown.show(0, "slow.py")
        assert terminal.getvalue() == ""
        end = time.monotonic() + 10.0
        while "slow.py" not in terminal.getvalue() and time.monotonic() < end:
            time.sleep(0.01)
        assert "0/3 slow.py" in terminal.getvalue()
        shown.show(2, "[b]next.py", at_once=True)
        assert "2/3 [b]next.py" in terminal.getvalue()
    # The line is erased, and the cursor shown again.
    assert "\x1b[2K" in terminal.getvalue().rpartition("next.py")[2]
    assert terminal.getvalue().rindex("\x1b[?25h") > terminal.getvalue().rindex("\x1b[?25l")


def test_a_quick_run_and_one_without_a_terminal_show_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "rich.progress", raising=False)
    for stream, quiet in ((Terminal(), 60.0), (io.StringIO(), 0.0)):
        monkeypatch.setattr("sys.stderr", stream)
        monkeypatch.setattr(progress, "QUIET", quiet)
        with Progress(1) as shown:
            shown.show(0, "quick.py")
        assert stream.getvalue() == ""
    assert "rich.progress" not in sys.modules
