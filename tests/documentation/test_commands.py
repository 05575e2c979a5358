"""Commands on the pages are such as there are: options, targets, extras, files."""

from __future__ import annotations

import argparse
import re
import shlex
import tomllib
from typing import Any

import pytest
from pages import ROOT, Page, pages

from numpyro_lint import pytest_plugin
from numpyro_lint.cli import main

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TARGETS = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


class Parsed(BaseException):
    """The command line was understood."""


@pytest.fixture
def understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends `analyze`, and any command of it, once its options are parsed."""
    parse = argparse.ArgumentParser.parse_args

    def parsed(self: argparse.ArgumentParser, *arguments: Any, **named: Any) -> None:
        parse(self, *arguments, **named)
        raise Parsed

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", parsed)


@pytest.mark.usefixtures("understood")
@pytest.mark.parametrize("page", pages(), ids=str)
def test_commands_are_understood(page: Page) -> None:
    for command in page.commands:
        for each in command.split(" && "):
            _understand(*shlex.split(re.sub(r"\$\{\{.*?\}\}|\bN\b|\bM\b", "1", each)))


def test_there_are_many() -> None:
    commands = [each for page in pages() for each in page.commands]
    assert sum(each.startswith("analyze") for each in commands) > 50
    assert sum(each.startswith("make") for each in commands) > 15


def _understand(program: str, *arguments: str) -> None:
    if program == "analyze":
        if arguments not in ((), ("graph",), ("merge",), ("trace",)):
            with pytest.raises((Parsed, SystemExit)) as ended:
                main.main(list(arguments))
            assert not getattr(ended.value, "code", 0), arguments
    elif program == "make":
        assert {each for each in arguments if "=" not in each} <= TARGETS, arguments
    elif program == "pip":
        extras = re.findall(r"(?:\[|,)(\w+)(?=[],])", " ".join(arguments))
        assert set(extras) <= set(PROJECT["optional-dependencies"]), arguments
    elif program == "pytest":
        options = _Options()
        pytest_plugin.pytest_addoption(options)  # type: ignore[arg-type]
        assert {each for each in arguments if "numpyro" in each} <= options.names
    elif program == "numpyro-lint-server":
        assert program in PROJECT["scripts"]
    elif program == "python":
        assert arguments[0] == "model.py" or (ROOT / arguments[0]).is_file()
    else:
        assert program == "cd"
        assert (ROOT / arguments[0]).is_dir()


class _Options:
    """Keeps the names of options that a plugin adds."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def getgroup(self, *_: str) -> _Options:
        return self

    def addoption(self, name: str, **_: Any) -> None:
        self.names.add(name)

    def addini(self, *_: Any, **__: Any) -> None:
        pass
