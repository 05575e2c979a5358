"""The command line that a traced program sees: none, or options that choose another model."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from ..protocol import Failure
from .failure import Unavailable

# What is installed once for each file must not find that of the file before it.
_PARSE = argparse.ArgumentParser.parse_known_args


class CommandLine:
    """Stands before `argparse`: parsers read `words`, and no others.

    `parsers` are those that have read them.
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        self.parsers: list[argparse.ArgumentParser] = []

    def install(self) -> None:
        def parse_known_args(parser: Any, args: Any = None, namespace: Any = None) -> Any:
            if not args:
                self.parsers.append(parser)
                args = [*self.words, *_required(parser, self.words)]
            return _PARSE(parser, args, namespace)

        parser: Any = argparse.ArgumentParser
        parser.parse_known_args, parser.error = parse_known_args, _refuse

    def begin(self, words: list[str]) -> None:
        """A program starts anew, with these words after its name."""
        self.words, self.parsers = words, []

    def alternatives(self, names: Sequence[str]) -> Iterator[list[str]]:
        """Other command lines of the parsers: a choice, a flag or a name of the model each."""
        for parser in self.parsers[:1]:
            for action in parser._actions:
                for word in _values(action, names):
                    yield [*action.option_strings[-1:], *word]


def _refuse(parser: argparse.ArgumentParser, message: str) -> NoReturn:
    raise _unavailable(message)


def _unavailable(message: str) -> Unavailable:
    advice = "give the option a default, or give the arguments in a comment above the model"
    said = f"the program does not run without a command line: {message}"
    return Unavailable(Failure("arguments", "", said, None, advice))


def _required(parser: argparse.ArgumentParser, words: list[str]) -> Iterator[str]:
    """The words that a parser cannot do without, where it says which they may be."""
    for action in parser._actions:
        given = any(word in action.option_strings for word in words)
        positional = not action.option_strings and action.nargs not in ("?", "*")
        if given or not (action.required or positional) or (positional and words):
            continue
        if action.choices is None:
            name = "/".join(action.option_strings) or action.dest
            raise _unavailable(f"it requires {name}")
        yield from (*action.option_strings[-1:], str(next(iter(action.choices))))


def _values(action: argparse.Action, names: Sequence[str]) -> Iterator[list[str]]:
    if isinstance(action, argparse._HelpAction):
        return
    if action.choices is not None:
        yield from ([str(choice)] for choice in action.choices)
    elif action.nargs == 0:
        yield []
    elif action.type in (None, str) and isinstance(action.default, (str, type(None))):
        yield from ([name] for name in names)
