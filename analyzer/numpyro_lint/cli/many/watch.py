"""`--watch`: a report again whenever a file changes, of which no more is read than has changed.

A file is read anew where it has changed, or one that it was read with, or one that may lead to it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from numpyro_lint import configuration
from numpyro_lint.check import Report
from numpyro_lint.cli import run as runs
from numpyro_lint.cli.files import ENDINGS, UsageError, walk
from numpyro_lint.cli.many.crew import Crew
from numpyro_lint.config import ConfigError
from numpyro_lint.importers import importers
from numpyro_lint.model.project import Project
from numpyro_lint.text import Source

if TYPE_CHECKING:
    from numpyro_lint.cli.progress import Progress

NEEDED = "the package watchfiles: pip install 'numpyro-lint[watch]'"
_SETTINGS = ("pyproject.toml", "numpyro-lint.toml")
# Milliseconds between two looks at whether something has changed.
_LOOK = 100
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"
Tell = Callable[[argparse.Namespace, Crew, list[Source], list[str], float], int]


def run(options: argparse.Namespace, tell: Tell) -> int:
    """Reports until Ctrl-C, which is 0. Raises UsageError and ConfigError before the first."""
    try:
        import watchfiles  # noqa: F401
    except ImportError:
        raise UsageError(f"--watch needs {NEEDED}") from None
    crew: Following | None = None

    def folders() -> list[str]:
        return _folders(options, crew)

    try:
        for changed in _changes(folders):
            try:
                before, crew = crew, _report(options, tell, crew, changed)
                if before is not None and before is not crew:
                    before.close()
            except (UsageError, ConfigError) as error:
                if crew is None:
                    raise
                print(f"analyze: {error}", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        return 0
    finally:
        if crew is not None:
            crew.close()
    return 0


def _report(
    options: argparse.Namespace, tell: Tell, crew: Following | None, changed: Collection[str]
) -> Following:
    """A report, if there is anything new: by the crew that stays, or one for new settings."""
    start = time.perf_counter()
    settings = runs.settings_of(options)
    sources, failed = runs.sources_of(options, settings)
    if crew is None or crew.settings != settings:
        here = runs.traces_here(options)
        python, worker = runs.worker(sources, settings) if here else ("", None)
        crew = Following(options, settings, python, worker)
    crew.forget(changed)
    if crew.told != (told := ([each.path for each in sources], failed)) or crew.unread(sources):
        crew.told = told
        if sys.stdout.isatty():
            print(_CLEAR, end="")
        tell(options, crew, sources, failed, start)
        sys.stdout.flush()
        print("Watching for changes; Ctrl-C ends it.", file=sys.stderr, flush=True)
    return crew


class Following(Crew):
    """A crew that knows what it has reported, until it is told to forget."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.known: dict[str, Report] = {}
        # The files that may run the models of each with their own arguments, where it is traced.
        self.run_by: dict[str, frozenset[str]] = {}
        # The files of the last report, and those that could not be read.
        self.told: tuple[list[str], list[str]] | None = None

    def forget(self, changed: Collection[str]) -> None:
        """Forget the reports that may rest on files that have changed, by their absolute paths."""
        stale = {*changed, *(each for path in changed for each in importers().reach(path))}
        project = Project()
        self.known = {
            path: report
            for path, report in self.known.items()
            if os.path.abspath(path) not in stale and _holds(report, project)
            if self.options.static or not self._is_run_by(path, changed)
        }

    def _is_run_by(self, path: str, changed: Collection[str]) -> bool:
        """Whether one of some files may run the models of another, now or before it changed."""
        before = self.run_by.get(path, frozenset())
        return any(each in before or importers().may_import(each, path) for each in changed)

    def unread(self, sources: Sequence[Source]) -> list[Source]:
        """The texts of which nothing is known."""
        return [
            each
            for each in sources
            if (report := self.known.get(each.path)) is None or report.source != each
        ]

    def reports(self, sources: Sequence[Source], progress: Progress) -> list[Report]:
        left = self.unread(sources)
        for report in super().reports(left, progress):
            path = report.source.path
            self.known[path] = report
            if not self.options.static and report.module.models:
                self.run_by[path] = frozenset(importers().of(path))
        return [self.known[each.path] for each in sources]


def _holds(report: Report, project: Project) -> bool:
    """Whether the other files that a report was read with are what they were."""
    return all(
        project.text(os.path.abspath(source.path)) == source.text
        for _, source in report.source.elsewhere
    )


def _changes(folders: Callable[[], list[str]]) -> Iterator[set[str]]:
    """The paths of what has changed: nothing at first, or where there are other folders to watch.

    A watch is on before a report is made, so that nothing is missed meanwhile.
    """
    changed: set[str] = set()
    while True:
        watched = folders()
        watch = _watch(watched)
        next(watch)
        yield changed
        while folders() == watched:
            changed = next(each for each in watch if each)
            yield changed
        watch.close()
        changed = set()


def _watch(folders: Sequence[str]) -> Generator[set[str]]:
    """The paths of what changes in some folders, again and again, also where there is nothing."""
    from watchfiles import Change, watch

    def concerns_us(change: Change, path: str) -> bool:
        name = os.path.basename(path)
        return name.endswith(ENDINGS) or name in _SETTINGS or os.path.isdir(path)

    for changes in watch(
        *folders, recursive=False, watch_filter=concerns_us, yield_on_timeout=True,
        rust_timeout=_LOOK,
    ):  # fmt: skip
        yield {path for _, path in changes}


def _folders(options: argparse.Namespace, crew: Following | None) -> list[str]:
    """The folders to watch, each by itself: what is searched, and where files and settings are."""
    known = crew.known.values() if crew is not None else ()
    files = [path for path in options.paths if not os.path.isdir(path)]
    files += [source.path for report in known for _, source in report.source.elsewhere]
    files += filter(None, (options.config or configuration.find("."),))
    found = {root for path in options.paths if os.path.isdir(path) for root, _ in walk(path)}
    found |= {os.path.dirname(os.path.abspath(path)) for path in files}
    return sorted({os.path.abspath(each) for each in found if os.path.isdir(each)})
