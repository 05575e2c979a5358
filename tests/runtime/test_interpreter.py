from __future__ import annotations

import sys
from pathlib import Path

from numpyro_lint_runtime.interpreter import Interpreter, find_interpreter


def make_environment(folder: Path) -> Path:
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return python


def test_order(tmp_path: Path) -> None:
    option, config, active = tmp_path / "o", tmp_path / "c", tmp_path / "v"
    pythons = [make_environment(folder) for folder in (option, config, active, tmp_path / ".venv")]
    environ = {"VIRTUAL_ENV": str(active)}
    here = str(tmp_path)

    found = find_interpreter(str(option), "c", folder=here, environ=environ)
    assert found == Interpreter(str(pythons[0]), "option")
    found = find_interpreter(None, "c", folder=here, environ=environ)
    assert found == Interpreter(str(pythons[1]), "config")
    found = find_interpreter(folder=here, environ=environ)
    assert found == Interpreter(str(pythons[2]), "VIRTUAL_ENV")
    found = find_interpreter(folder=here, environ={})
    assert found == Interpreter(str(pythons[3]), ".venv")


def test_environment_above_the_folder_is_not_taken(tmp_path: Path) -> None:
    make_environment(tmp_path / ".venv")
    below = tmp_path / "project"
    below.mkdir()
    assert find_interpreter(folder=str(below), environ={}) == Interpreter(sys.executable, "this")


def test_a_missing_one_is_told_where_it_was_named_and_passed_over_where_not(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    here = str(tmp_path)
    assert find_interpreter(gone, folder=here, environ={}).missing
    found = find_interpreter(folder=here, environ={"VIRTUAL_ENV": gone})
    assert found == Interpreter(sys.executable, "this")
