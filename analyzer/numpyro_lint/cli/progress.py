"""How far a long run is, on a terminal."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich import progress

# Seconds before a run says how far it is, and between two times that it does.
QUIET = 1.0
_EVERY = 0.1


class Progress:
    """A bar on the terminal that says how far a long run is; nothing elsewhere, or before a second.

    `waits`: whether one file may take long by itself, so that the bar is not to wait for the next.
    """

    def __init__(self, total: int, waits: bool = True) -> None:
        self.total, self.done, self.text = total, 0, ""
        self.on = sys.stderr.isatty()
        self.start = self.shown = time.perf_counter()
        self.bar: progress.Progress | None = None
        self._lock = threading.Lock()
        self.timer = threading.Timer(QUIET, self._draw) if self.on and waits else None

    def __enter__(self) -> Progress:
        if self.timer is not None:
            self.timer.daemon = True
            self.timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.on = False
        if self.timer is not None:
            self.timer.cancel()
            self.timer.join()
        if self.bar is not None:
            self.bar.stop()

    def show(self, done: int, text: str, at_once: bool = False) -> None:
        """Say how many files are done and what is at work: `at_once`, or once a second is over."""
        self.done, self.text = done, text
        now = time.perf_counter()
        if self.on and (at_once or (now - self.start > QUIET and now - self.shown > _EVERY)):
            self._draw()

    def _draw(self) -> None:
        with self._lock:
            if not self.on:
                return
            self.shown = time.perf_counter()
            if self.bar is None:
                self.bar = _bar(self.total)
            task = self.bar.task_ids[0]
            self.bar.update(task, completed=self.done, description=self.text)
            if self.bar.live.is_started:
                self.bar.refresh()
            else:
                self.bar.start()


def _bar(total: int) -> progress.Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn
    from rich.table import Column

    line = Column(no_wrap=True)
    text = "{task.completed}/{task.total} {task.description}"
    bar = Progress(
        BarColumn(20), TextColumn(text, markup=False, table_column=line),
        console=Console(file=sys.stderr, highlight=False), transient=True, auto_refresh=False,
        redirect_stdout=False, redirect_stderr=False,
    )  # fmt: skip
    bar.add_task("", total=total)
    return bar
