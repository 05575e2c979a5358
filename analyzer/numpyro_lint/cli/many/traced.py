"""Files that are traced at the same time: each analyst has a worker of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING

from numpyro_lint.analyst import Analyst
from numpyro_lint.check import Report
from numpyro_lint.cli.progress import Progress
from numpyro_lint.cli.run import at_work, read
from numpyro_lint.text import Source

if TYPE_CHECKING:
    from numpyro_lint_runtime.pilots import Progress as Step


def reports(
    sources: Sequence[Source], analysts: Sequence[Analyst], progress: Progress
) -> list[Report]:
    """The report of each source, in their order: threads wait for the workers, which trace.

    Ctrl-C ends runs of NUTS alone, where there may be any, and the next time everything.
    """
    found: list[Report] = []
    free: SimpleQueue[Analyst] = SimpleQueue()
    for each in analysts:
        free.put(each)

    def report(source: Source) -> Report:
        def said(step: Step) -> None:
            progress.show(len(found), at_work(source.path, step), at_once=True)

        analyst = free.get()
        try:
            return read(partial(analyst.report, said=said), source)
        finally:
            free.put(analyst)

    progress.show(0, sources[0].path)
    pool = ThreadPoolExecutor(len(analysts))
    try:
        for waited in [pool.submit(report, source) for source in sources]:
            landed = _landed(waited, analysts)
            found.append(landed)
            progress.show(len(found), landed.source.path)
        return found
    except BaseException:
        # Ctrl-C, most of all: what waits for a worker ends with it.
        for analyst in analysts:
            analyst.close()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _landed(waited: Future[Report], analysts: Iterable[Analyst]) -> Report:
    while True:
        try:
            return waited.result()
        except KeyboardInterrupt:
            told = [analyst.interrupt() for analyst in analysts]
            if not any(told):
                raise
