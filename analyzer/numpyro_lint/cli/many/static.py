"""The static reports of many files: what is kept of them, and the others by several processes."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from numpyro_lint.check import Report, check, unread
from numpyro_lint.cli.many import amount
from numpyro_lint.cli.many.packed import Noting, Wants, pack, reduced, unpack
from numpyro_lint.config import Settings
from numpyro_lint.text import Source, concerns_us

if TYPE_CHECKING:
    from numpyro_lint.cli.many.cache import Cache

_Landed = Iterator[tuple[int, Report]]


def landing(
    sources: Sequence[Source], settings: Settings, wants: Wants, jobs: int, cache: Cache | None
) -> _Landed:
    """The report of each source with its number, as it lands: by up to `jobs` processes."""
    left = []
    for number, source in enumerate(sources):
        report = cache.get(source) if cache is not None and concerns_us(source.text) else None
        if report is None:
            left.append(number)
        else:
            yield number, report
    ours = [each for each in left if concerns_us(sources[each].text)]
    processes = min(jobs, amount.processes([sources[each] for each in ours]))
    if processes > 1:
        for number, report in _by_others(sources, ours, settings, wants, processes, cache):
            left.remove(number)
            yield number, report
    for number in left:
        yield number, _here(sources[number], settings, wants, cache)


def _by_others(
    sources: Sequence[Source], numbers: Sequence[int], settings: Settings, wants: Wants,
    processes: int, cache: Cache | None,
) -> _Landed:  # fmt: skip
    """Those reports that other processes can send."""
    from numpyro_lint.cli.many import pool
    from numpyro_lint.rules import all_rules

    all_rules()  # once, and not in each of them
    work = partial(sent, settings, wants)
    tasks = [sources[each] for each in numbers]
    weights = [len(each.text) for each in tasks]
    for place, answer in pool.answers(work, tasks, weights, processes):
        source = tasks[place]
        if isinstance(answer, pool.Ended):
            yield numbers[place], unread(source, f"the process that read it {answer}")
        elif answer:
            report, _ = unpack(answer, source)
            _keep(cache, report, answer)
            yield numbers[place], report


def sent(settings: Settings, wants: Wants, source: Source) -> bytes:
    """The report of a file as another process sends it; empty where it cannot be sent."""
    try:
        return _read(source, settings, wants, _project())[1]
    except Exception:
        return b""  # told by the process that asked, which meets the same


@lru_cache(maxsize=1)
def _project() -> Noting:
    """That of this process."""
    return Noting()


def _here(source: Source, settings: Settings, wants: Wants, cache: Cache | None) -> Report:
    """A report that this process makes."""
    try:
        project = _project() if cache is None else cache.project
        if cache is None or not concerns_us(source.text):
            return check(source, settings, project=project)
        report, data = _read(source, settings, wants, project)
    except Exception as error:
        return unread(source, error)
    _keep(cache, report, data)
    return report


def _keep(cache: Cache | None, report: Report, data: bytes) -> None:
    """Keep a report, unless this program has failed: it may do better the next time."""
    if cache is not None and data:
        if not any(each.rule == "internal-error" for each in report.diagnostics):
            cache.put(report.source, data)


def _read(
    source: Source, settings: Settings, wants: Wants, project: Noting
) -> tuple[Report, bytes]:
    """A report with what is wanted, and as bytes: empty where it is not to be kept or sent."""
    project.taken()
    report = check(source, settings, project=project)
    notes = project.taken()
    report = reduced(report, wants)
    try:
        return report, pack(report, notes)
    except (RecursionError, pickle.PicklingError, TypeError, AttributeError):
        return report, b""
