"""Writing where there is no room, and processes that end while they write: never half a file."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli.programs import TWICE
from conftest import FLOORS

from numpyro_lint.cli import save
from numpyro_lint.cli.main import main
from numpyro_lint.cli.many import amount

FIX = ("--static", "--no-cache", "--quiet", "--fix", "--unsafe-fixes")


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file grows beyond a size: the part of a write that has room is written, as on a disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "slip.py").write_text(TWICE)
    (folder / "slip.py").chmod(0o640)
    return folder


def test_a_fix_for_which_there_is_no_room(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with room_for(20):
        assert main([*FIX, "slip.py"]) == 2
    assert capsys.readouterr().err == "analyze: slip.py: not written: File too large\n"
    assert [each.name for each in folder.iterdir()] == ["slip.py"]
    assert (folder / "slip.py").read_text() == TWICE
    assert main([*FIX, "slip.py"]) == 0
    assert (folder / "slip.py").read_text() == TWICE.replace('"a"', '"a_2"', 2).replace("_2", "", 1)
    assert stat.S_IMODE((folder / "slip.py").stat().st_mode) == 0o640


def test_a_baseline_for_which_there_is_no_room(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--static", "--quiet", "--baseline", "known.json", "--write-baseline", "slip.py"]
    with room_for(20):
        assert main(arguments) == 2
    assert "File too large" in capsys.readouterr().err
    assert [each.name for each in folder.iterdir()] == ["slip.py"]
    assert main(arguments) == 0
    written = (folder / "known.json").read_bytes()
    with room_for(20):
        assert main(arguments) == 2
    assert (folder / "known.json").read_bytes() == written


@pytest.mark.parametrize("path", ["/dev/zero", "."])
def test_what_is_no_file_is_no_baseline(
    folder: Path, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    assert main(["--static", "--baseline", path, "--write-baseline", "slip.py"]) == 2
    assert capsys.readouterr().err == f"analyze: {path}: no file\n"


def test_a_baseline_that_is_nested_without_end(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "known.json").write_text("[" * 100_000)
    assert main(["--static", "--baseline", "known.json", "slip.py"]) == 2
    assert "known.json: not a baseline of numpyro-lint (" in capsys.readouterr().err


def test_a_report_for_which_there_is_no_room_is_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    caches = folder.parent / "caches"
    caches.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(caches))
    monkeypatch.setattr(amount, "KEPT", 1)
    with room_for(100):
        assert main(["--static", "--verbose", "slip.py"]) == 1
    assert "reports are not kept for the next run: " in capsys.readouterr().err
    assert [each for each in caches.rglob("*") if each.is_file()] == []
    assert main(["--static", "slip.py"]) == 1
    assert len([each for each in caches.rglob("*") if each.is_file()]) == 1


@pytest.mark.parametrize("gone", ["the file", "the folder"])
def test_what_has_vanished_since_it_was_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], gone: str
) -> None:
    (folder / "deep").mkdir()
    (folder / "deep/slip.py").write_text(TWICE)
    real = save._replace if gone == "the folder" else save.save

    def vanish(*given: object) -> None:
        (folder / "deep/slip.py").unlink()
        if gone == "the folder":
            (folder / "deep").rmdir()
        real(*given)  # type: ignore[operator]

    monkeypatch.setattr(save, "_replace" if gone == "the folder" else "save", vanish)
    assert main([*FIX, "deep/slip.py"]) == 2
    said = "analyze: deep/slip.py: not written: No such file or directory\n"
    assert capsys.readouterr().err == said
    assert not (folder / "deep/slip.py").exists()


@pytest.mark.parametrize("where", ["write", "fsync", "chmod", "replace"])
def test_a_process_that_ends_while_it_writes_leaves_the_file(folder: Path, where: str) -> None:
    """By `write`, half of what is to be written."""
    ends = f"def end(*given):\n    os.kill(os.getpid(), {int(signal.SIGKILL)})\n"
    if where == "write":
        ends += (
            "real = os.fdopen\n"
            "def half(*given):\n"
            "    file = real(*given)\n"
            "    file.write(b'import'); file.flush(); end()\n"
            "os.fdopen = half\n"
        )
    else:
        ends += f"os.{where} = end\n"
    program = f"import os, tempfile\nfrom numpyro_lint.cli.main import entry\n{ends}entry()\n"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, *FIX, "slip.py"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": FLOORS},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert (folder / "slip.py").read_text() == TWICE
    assert stat.S_IMODE((folder / "slip.py").stat().st_mode) == 0o640
    # What was begun beside it is no program, and the next run goes its way.
    assert [each.suffix for each in folder.iterdir() if each.name != "slip.py"] == [""]
    assert main([*FIX, "."]) == 0
