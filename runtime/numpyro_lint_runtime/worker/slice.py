"""Executes the part of a file that a model needs, at its own positions.

The selected statements are compiled from the file's tree under the file's real path, so that
tracebacks, `__file__` and spans are those of the file. A statement that fails costs only those that
need what it was to bind.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from types import ModuleType
from typing import Any

from ..protocol import Failure, ModelRequest, Stage
from . import program
from .commandline import CommandLine
from .failure import Refused, Unavailable, advice_on, failure_of
from .missing import Missing, missing_in
from .models import find_model
from .text import SliceError as SliceError
from .text import Text as Text
from .text import load_text as load_text
from .workspace import package_of

MODULE = "__numpyro_lint__"
_NOWHERE = "<numpyro_lint arguments>"
_MOST_COMMAND_LINES = 16


@dataclass(frozen=True)
class Target:
    """What is to be traced: `model(*args, **kwargs)`, within what `contexts` makes anew."""

    model: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    contexts: Callable[[], tuple[Any, ...]] = tuple


class OtherModel(SliceError):
    """What is run on this way is another model."""


class _Found(BaseException):
    """The way has led to the model: nothing after it is run."""


class Loader:
    """Runs slices of one file. `folders`: where its relative paths may lead to, in order."""

    def __init__(self, text: Text, folders: Iterable[str]) -> None:
        self.text = text
        self.folders = tuple(dict.fromkeys(folders))
        self.line = CommandLine()
        self.line.install()
        self.namespace: dict[str, Any] = {}

    def load(self, model: ModelRequest) -> Target:
        """Execute the statements of one model in a fresh module; raises SliceError."""
        self.line.begin([])
        try:
            return self._in_folders(model)
        except OtherModel as error:
            return self._by_command_line(model, error)

    def executed(self, model: ModelRequest) -> Attempt:
        """The statements of one model executed, in the first folder where no file is lacking."""
        self.line.begin([])
        for folder in self.folders:
            os.chdir(folder)
            attempt = Attempt(self.text, model)
            attempt.execute()
            if not attempt.files_missing:
                break
        return attempt

    def _by_command_line(self, model: ModelRequest, error: OtherModel) -> Target:
        """The model that a program runs when it is asked to."""
        names = list(self._names(model))
        for words in islice(list(self.line.alternatives(names)), _MOST_COMMAND_LINES):
            self.line.begin(words)
            with contextlib.suppress(SliceError):
                return self._in_folders(model)
        raise error

    def _names(self, model: ModelRequest) -> Iterator[str]:
        """What a command line may call a model: its key in a dictionary, or its own name."""
        at = model.function
        if at is None:
            return
        tables = [value for value in self.namespace.values() if type(value) is dict]
        for key, value in (item for table in tables for item in table.items()):
            if isinstance(key, str) and find_model(value, at, self.text.path) is not None:
                yield key
        if at.path is None:
            yield str(getattr(self.text.statement(at), "name", ""))

    def _in_folders(self, model: ModelRequest) -> Target:
        first: SliceError | None = None
        for folder in self.folders or (os.getcwd(),):
            os.chdir(folder)
            attempt = Attempt(self.text, model)
            self.namespace = attempt.namespace
            try:
                return attempt.run()
            except SliceError as error:
                first = first or error
                if error.failure.exception != "FileNotFoundError":
                    # With the files found, this is what is lacking.
                    first = error
                if not attempt.files_missing:
                    break
        os.chdir(self.folders[0])
        assert first is not None
        raise first


def load(text: Text, model: ModelRequest) -> Target:
    """Execute the statements of one model in a fresh module; raises SliceError."""
    return Loader(text, (os.getcwd(),)).load(model)


class Attempt:
    """One run of a slice. `files_missing`: a file was asked for and not there; `missed` counts the
    statements of the functions entered that failed."""

    def __init__(self, text: Text, model: ModelRequest) -> None:
        self.text, self.model = text, model
        self.namespace = _module(text).__dict__
        self.stages: list[Stage] = ["slice"]
        self.files_missing = False
        self.stars: Failure | None = None
        self.missed = 0

    def run(self) -> Target:
        """Execute the statements and reach the target; raises SliceError."""
        self.execute()
        try:
            return self.reach()
        except SliceError:
            raise
        except BaseException as error:
            raise SliceError(self._failure(error, self.stages[-1])) from None

    def execute(self) -> None:
        """Execute the statements of the module."""
        for name, reason in self.model.absent.items():
            self.namespace[name] = Missing(Failure("arguments", "", reason))
        for position in self.model.statements:
            self._execute(self.text.statement(position))

    def reach(self) -> Target:
        """Go the way to the target, which may be gone again; raises what is raised on it."""
        self.stages, self.missed = ["slice"], 0
        found: list[Target] = []
        tree = self._program(found)
        try:
            code = self.text.compile(tree, None if self.model.scopes else _NOWHERE)
            exec(code, self.namespace)
        except _Found:
            return found[0]
        if self.stages[-1] == "arguments":
            message = f"'{self.model.target}' is another model wherever this is run"
            raise OtherModel(Failure("slice", "", message))
        message = "the program does not come to where the model is run"
        raise SliceError(Failure("slice", "", message))

    def _program(self, found: list[Target]) -> ast.Module:
        functions: dict[str, Callable[..., Any]] = {
            program.REACHED: lambda: self.stages.append("arguments"),
            program.ARGUMENTS: lambda *args, **kwargs: (args, kwargs),
            program.MISSING: self._missing,
            program.FOUND: lambda *reached: self._reached(found, *reached),
        }
        self.namespace.update(functions)
        return program.program(self.text, self.model, self.namespace)

    def _reached(
        self,
        found: list[Target],
        value: Any,
        _: Any,
        given: tuple[Any, dict[str, Any]],
        contexts: Callable[[], tuple[Any, ...]],
    ) -> None:
        """Ends the run where the value is the model, or has it inside."""
        for missing in missing_in([value, *given[0], given[1]]):
            bool(missing)  # raises what it is missing for
        model = self.model
        bare = find_model(value, model.function, self.text.path) if model.function else value
        if bare is None:
            if not model.sure:
                return
            bare = value
        if not callable(bare):
            message = f"{model.target} is {type(bare).__name__}, which cannot be called"
            raise SliceError(Failure("slice", "TypeError", message))
        _check_call(bare, *given)
        found.append(Target(bare, *given, contexts if model.contexts else tuple))
        raise _Found

    def _execute(self, node: ast.stmt) -> None:
        """Run a statement of the module; what it binds is missing where it fails."""
        try:
            exec(self.text.code(node), self.namespace)
            return
        except Unavailable as error:
            failed: BaseException = error
        except (Exception, SystemExit) as error:
            failed = error
        if isinstance(failed, Unavailable):
            # Annotations often name what is not installed, and nothing looks at them.
            try:
                exec(self.text.code(node, annotated=False), self.namespace)
                return
            except (Exception, SystemExit) as again:
                failed = again
        missing = self._told(failed, node)
        names = {*program.bound_by(node), *_changed_by(node, failed)}
        self.namespace.update(dict.fromkeys(names, missing))

    def _missing(self) -> Missing:
        """What stands for what the failing statement of a function was to bind."""
        error = sys.exc_info()[1]
        assert error is not None
        self.missed += 1
        return self._told(error, None)

    def _told(self, error: BaseException, node: ast.stmt | None) -> Missing:
        stage: Stage = "slice"
        if isinstance(error, ImportError) or isinstance(node, (ast.Import, ast.ImportFrom)):
            stage = "import"
        failure = self._failure(error, stage)
        if isinstance(node, ast.ImportFrom) and any(each.name == "*" for each in node.names):
            self.stars = failure
        return Missing(failure)

    def _failure(self, error: BaseException, stage: Stage) -> Failure:
        if isinstance(error, SliceError):
            return error.failure
        if isinstance(error, (FileNotFoundError, Refused)):
            self.files_missing = True
        if isinstance(error, NameError) and self.stars is not None:
            return self.stars
        return failure_of(error, stage, self.text.path, advice_on(error, self.text.path))


def _check_call(model: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raises SliceError where a model cannot be called like this."""
    try:
        signature = inspect.signature(model)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        raise SliceError(Failure("arguments", "TypeError", f"called wrongly: {error}")) from None


def _changed_by(node: ast.stmt, error: BaseException) -> set[str]:
    """The names whose values a failing statement was to change.

    A call of a method may be for show: where a package is lacking or a file may not be written.
    """
    if isinstance(node, ast.Expr) and isinstance(error, (ImportError, Refused, Unavailable)):
        return set()
    owner: ast.AST | None = None
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        owner = node.value.func
    elif isinstance(node, (ast.Assign, ast.AugAssign)):
        owner = node.targets[0] if isinstance(node, ast.Assign) else node.target
    while isinstance(owner, (ast.Attribute, ast.Subscript)):
        owner = owner.value
    return {owner.id} if isinstance(owner, ast.Name) else set()


def _module(text: Text) -> ModuleType:
    # Registered, since dataclasses and pickle look a class's module up by its name.
    module = sys.modules[MODULE] = ModuleType(MODULE)
    module.__file__ = text.path
    module.__package__ = package_of(text.path)
    return module
