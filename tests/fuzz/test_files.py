"""Files that are none, that vanish, or that hold no text: each costs itself alone."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.programs import TWICE
from conftest import FLOORS

from numpyro_lint import text
from numpyro_lint.cli import formats
from numpyro_lint.cli.main import main

FOUND = "slip.py:7:5: error[duplicate-site]"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with one file that is as it should be."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "slip.py").write_text(TWICE)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line in this process: exit status, output, errors."""

    def ran(*arguments: str) -> tuple[int, str, str]:
        status = main(["--static", "--no-cache", "--output-format", "concise", *arguments])
        return status, *capsys.readouterr()

    return ran


def test_what_is_no_file_is_passed_over_in_a_folder_and_told_where_it_is_named(
    folder: Path, run: Run
) -> None:
    (folder / "loop.py").symlink_to("loop.py")
    (folder / "gone.py").symlink_to("nowhere.py")
    (folder / "zeros.py").symlink_to("/dev/zero")
    (folder / "again").symlink_to(".")
    (folder / "folder.py").mkdir()
    (folder / "folder.py/slip.py").write_text(TWICE)
    os.mkfifo(folder / "pipe.py")
    status, out, err = run(".")
    assert (status, err) == (1, "")
    assert [line.partition(": ")[0] for line in out.splitlines()] == [
        "folder.py/slip.py:7:5",
        "slip.py:7:5",
    ]
    for name, why in (
        ("loop.py", "no such file or folder"),
        ("gone.py", "no such file or folder"),
        ("zeros.py", "neither a file nor a folder"),
        ("pipe.py", "neither a file nor a folder"),
    ):
        assert run(name) == (2, "", f"analyze: {name}: {why}\n")


@pytest.mark.parametrize("why", ["vanishes", "is not to be read", "is a folder by now"])
def test_a_file_that_cannot_be_read_any_more(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    lost = folder / "lost.py"
    lost.write_text(TWICE)
    real = text.load

    def load(path: str, holding: bytes) -> text.Source:
        if path == "lost.py" and why == "is not to be read":
            raise PermissionError(13, "Permission denied", path)
        if path == "lost.py":
            lost.unlink()
        if path == "lost.py" and why == "is a folder by now":
            lost.mkdir()
        return real(path, holding)

    monkeypatch.setattr(text, "load", load)
    status, out, err = run(".")
    assert (status, out.startswith(FOUND), err.count("\n")) == (2, True, 1)
    assert err.startswith("analyze: lost.py: ")
    assert "please report it" not in err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (codecs.BOM_UTF8 + b"# coding: latin-1\n# numpyro", "encoding problem: utf-8"),
        (b"# coding: nonsense\n# numpyro", "unknown encoding: nonsense"),
        (b"# coding: rot13\n# numpyro", "'rot13' is not a text encoding"),
        (b"# coding: undefined\n# numpyro", "undefined encoding"),
        (b"# coding: punycode\n# numpyro", "punycode"),
        (b"# coding: ascii\n# numpyro \xe9", "'ascii' codec can't decode"),
        (b"# numpyro \xe9", "invalid or missing encoding declaration"),
    ],
)
def test_what_is_no_text_is_told_in_a_line(folder: Path, run: Run, data: bytes, said: str) -> None:
    (folder / "other.py").write_bytes(data)
    status, out, err = run(".")
    assert (status, out.startswith(FOUND), err.count("\n")) == (2, True, 1)
    assert err.startswith("analyze: other.py: not readable as text: ")
    assert said in err


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-32"])
def test_what_python_does_not_read_either_is_no_reason_to_fail(
    folder: Path, run: Run, name: str
) -> None:
    (folder / "other.py").write_bytes(TWICE.encode(name))
    status, out, err = run(".")
    assert (status, out.count("\n"), err) == (1, 1, "")


def test_nothing_at_all_and_null(folder: Path, run: Run) -> None:
    (folder / "null.py").write_text(TWICE + "\0")
    (folder / "empty.py").write_text("")
    (folder / "empty.ipynb").write_text("")
    status, out, err = run(".")
    assert (status, err) == (1, "")
    assert "null.py:1:1: error[invalid-syntax]" in out
    assert "empty.py" not in out
    assert out.splitlines()[-1].startswith(FOUND)


HALF = (
    '{"cells": [{"cell_type": "code", "source": "import numpyro\\nx = (\\ud800"}], "nbformat": 4}'
)


@pytest.mark.parametrize("form", formats.FORMATS)
def test_half_a_character_is_shown_as_an_escape(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes], form: str
) -> None:
    (folder / "half.ipynb").write_text(HALF)
    assert main(["--static", "--output-format", form, "half.ipynb"]) == 1
    out, err = capfdbinary.readouterr()
    assert (b"invalid-syntax" in out, err) == (True, b"")
    assert out.decode("utf-8")


def analyze(folder: Path, first: str, *arguments: str) -> tuple[int, str, str]:
    """The command in a process of its own, with something done to its streams first."""
    program = f"import os, resource, sys\n{first}\n"
    program += "from numpyro_lint.cli.main import entry\nentry()\n"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, "--static", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": FLOORS},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


# Standard output is a file that may not grow, as on a full disk.
FULL = (
    "os.dup2(os.open('report', os.O_WRONLY | os.O_CREAT), 1)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))\n"
)


@pytest.mark.parametrize("form", ["text", "json"])
def test_output_for_which_there_is_no_room_is_told(folder: Path, form: str) -> None:
    status, _, err = analyze(folder, FULL, "--output-format", form, "slip.py")
    assert (status, err) == (2, "analyze: [Errno 27] File too large\n")
    assert (folder / "report").read_bytes() == b""
    assert analyze(folder, f"{FULL}os.dup2(1, 2)", "slip.py") == (2, "", "")


def test_closed_streams(folder: Path) -> None:
    assert analyze(folder, "sys.stdout = None", "slip.py") == (1, "", "")
    assert analyze(folder, "sys.stderr = None", "none.py") == (2, "", "")
