"""The command line that a traced program sees."""

from __future__ import annotations

import argparse

import pytest

from numpyro_lint_runtime.worker.commandline import CommandLine


def test_the_words_of_one_file_are_not_read_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    parser: type = argparse.ArgumentParser
    for name in ("parse_known_args", "error"):
        monkeypatch.setattr(parser, name, getattr(parser, name))  # to be put back
    read = []
    for words in (["--model", "second"], []):
        line = CommandLine()
        line.install()
        line.begin(words)
        program = argparse.ArgumentParser()
        program.add_argument("--model", default="first")
        read.append(program.parse_args().model)
    assert read == ["second", "first"]
