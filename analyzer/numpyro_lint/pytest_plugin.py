"""`pytest --numpyro-lint`: every model found is a test item; the fixture `model_trace`.

An item fails where the model has a finding that counts (`fail-on` of the settings, a warning if
nothing is said). What stands outside of models is an item of its own, named `file`. The models of
the items are traced as `analyze` traces them, in a process of its own; `model_trace` traces a live
model in the test's process.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from numpyro_lint.analyst import Analyst
    from numpyro_lint.check import Report
    from numpyro_lint.config import Settings
    from numpyro_lint.diagnostic import Diagnostic
    from numpyro_lint.model.program import Function
    from numpyro_lint.testing import ModelTrace
    from numpyro_lint.text import Source

_ENDINGS = (".py", ".ipynb")
_REST = "file"


class Lint:
    """What one session needs once: the settings of the project, and the worker."""

    def __init__(self, config: pytest.Config) -> None:
        from numpyro_lint import configuration
        from numpyro_lint.config import ConfigError, Settings

        found = configuration.find(str(config.rootpath))
        try:
            self.settings: Settings = configuration.load(found) if found else Settings()
        except ConfigError as error:
            raise pytest.UsageError(str(error)) from error
        self._analyst: Analyst | None = None

    @property
    def analyst(self) -> Analyst:
        if self._analyst is None:
            from numpyro_lint.analyst import Analyst

            self._analyst = Analyst(self.settings, static=False)
        return self._analyst

    def close(self) -> None:
        if self._analyst is not None:
            self._analyst.close()


_lint = pytest.StashKey[Lint]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("numpyro-lint")
    group.addoption(
        "--numpyro-lint",
        action="store_true",
        help="analyse every NumPyro model in the files that are collected, each as a test",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("numpyro_lint"):
        config.stash[_lint] = Lint(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _lint in config.stash:
        config.stash[_lint].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    lint = parent.config.stash.get(_lint, None)
    if lint is None or file_path.suffix not in _ENDINGS or lint.settings.excludes(str(file_path)):
        return None
    if b"numpyro" not in file_path.read_bytes():
        return None
    return SourceFile.from_parent(parent, path=file_path, name=f"{file_path.name}[numpyro-lint]")


class SourceFile(pytest.File):
    """A file with models."""

    def collect(self) -> Iterator[pytest.Item]:
        from numpyro_lint import text
        from numpyro_lint.model.lift import lift

        source = text.load(_near(self.path))
        names: set[str] = set()
        for function in lift(source).models:
            name = _name(source, function, names)
            names.add(name)
            yield ModelItem.from_parent(self, name=name, key=function.key)
        yield ModelItem.from_parent(self, name=_REST, key=None)

    @cached_property
    def report(self) -> Report:
        """The findings of the whole file, which is read and traced once."""
        from numpyro_lint import text

        return self.config.stash[_lint].analyst.report(text.load(_near(self.path)))


def _near(path: Path) -> str:
    near = os.path.relpath(path)
    return str(path) if near.startswith("..") else near


def _name(source: Source, function: Function, taken: set[str]) -> str:
    if function.qualname not in taken:
        return function.qualname
    where = source.location(function.span)
    return f"{function.qualname}@{where.line if where.cell is None else where.cell}"


def _owner(report: Report, finding: Diagnostic) -> int | None:
    """The model or guide that a finding stands in; None where it stands outside of all."""
    module, at = report.module, finding.span.start
    around = [f for f in module.models if f.span.start <= at < f.span.end]
    if around:
        return min(around, key=lambda f: f.span.end - f.span.start).key
    named = [f.key for f in module.functions.values() if f.name == finding.model]
    return named[0] if len(named) == 1 else None


class Failed(Exception):
    """The findings that count, a line each."""


class ModelItem(pytest.Item):
    """The findings of one model; without `key`, those that stand outside of models."""

    parent: SourceFile

    def __init__(self, *, key: int | None, **rest: Any) -> None:
        super().__init__(**rest)
        self.key = key
        # Some plugins read it of every item, pytest-lsp among them.
        self.funcargs: dict[str, Any] = {}

    def runtest(self) -> None:
        from numpyro_lint.diagnostic import line_of

        report = self.parent.report
        fail_on = self.config.stash[_lint].settings.fail_on
        own = [each for each in report.diagnostics if _owner(report, each) == self.key]
        said = [line_of(report.source, each) for each in own if each.severity < fail_on]
        if said:
            self.add_report_section("call", "numpyro-lint", "\n".join(said))
        wrong = [line_of(report.source, each) for each in own if each.severity >= fail_on]
        if wrong:
            raise Failed("\n".join(wrong))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Failed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"numpyro-lint: {self.name}"


@pytest.fixture
def model_trace() -> Callable[..., ModelTrace]:
    """Traces a live model: `trace = model_trace(model, *args, **kwargs)`, a `ModelTrace`."""
    from numpyro_lint.testing import trace_model

    return trace_model
