"""How long the check of a text may take: so many times what it takes for the project's own."""

from __future__ import annotations

import time
from collections.abc import Iterator

from fuzzing.examine import PEDANTIC, Failure, examine, guarded
from fuzzing.seeds import own
from numpyro_lint.check import Report, check
from numpyro_lint.record import record
from numpyro_lint.text import Source

# Beyond that it takes more than its share: no program of the project's own takes four times it.
# Nobody minds what is over in a second.
_TIMES, _LEAST = 20.0, 1.0
_SOME, _FEW = 40, 4
_NEWER = "import numpyro\ndef first[T](x: T) -> T:\n    return x\n"


@record
class Pace:
    """The seconds of processor time that a small text takes, and a character of a large one."""

    each: float
    character: float

    def allowed(self, size: int) -> float:
        return max(_LEAST, _TIMES * (self.each + size * self.character))


@record
class Examined:
    """How long the check of a text took, in seconds and of what is allowed, and what failed."""

    seconds: float
    share: float
    failures: tuple[Failure, ...]


def examined(source: Source, before: str, pace: Pace) -> Examined:
    """A text read and examined; it is too slow where it is twice in a row."""
    start, reports = time.process_time(), list[Report]()
    failures = list(guarded("check", _read(source, reports)))
    spent = time.process_time() - start
    allowed = pace.allowed(len(source.text))
    if spent > allowed:
        spent = min(spent, _spent(source))
    if spent > allowed:
        said = f"{spent:.2f} s for {len(source.text)} characters, and {allowed:.2f} s are allowed"
        failures.append(Failure("slow", said))
    elif reports:
        failures += examine(reports[0], before)
    return Examined(spent, spent / allowed, tuple(failures))


def measured() -> Pace:
    """The pace on this machine."""
    sources = [Source("model.py", text) for text in own()[:_SOME]]
    # What is imported on demand is imported now.
    for source in (*sources[:_FEW], Source("model.py", _NEWER)):
        examine(check(source, PEDANTIC))
    spent = sum(map(_spent, sources))
    return Pace(spent / len(sources), spent / sum(len(each.text) for each in sources))


def _read(source: Source, reports: list[Report]) -> Iterator[str]:
    reports.append(check(source, PEDANTIC))
    yield from ()


def _spent(source: Source) -> float:
    start = time.process_time()
    check(source, PEDANTIC)
    return time.process_time() - start
