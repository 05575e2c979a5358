"""How long the check of a text may take: so many times what it takes for the project's own."""

from __future__ import annotations

import time

from fuzzing.examine import PEDANTIC, Failure, examine
from fuzzing.seeds import own
from numpyro_lint.check import check
from numpyro_lint.record import record
from numpyro_lint.text import Source

# Beyond that it takes more than its share: no program of the project's own takes four times it.
_TIMES = 20.0
_SOME = 40


@record
class Pace:
    """The seconds of processor time that a small text takes, and a character of a large one."""

    each: float
    character: float

    def allowed(self, size: int) -> float:
        return _TIMES * (self.each + size * self.character)

    def seconds(self, source: Source) -> tuple[float, tuple[Failure, ...]]:
        """How long the check of a text takes, and whether that is too long, twice in a row."""
        most = self.allowed(len(source.text))
        spent = _spent(source)
        if spent > most:
            spent = min(spent, _spent(source))
        if spent <= most:
            return spent, ()
        said = f"{spent:.2f} s for {len(source.text)} characters, and {most:.2f} s are allowed"
        return spent, (Failure("slow", said),)


def measured() -> Pace:
    """The pace on this machine."""
    texts = own()[:_SOME]
    # What is imported on demand is imported now.
    failures = examine(Source("model.py", texts[0]))
    assert not failures, failures
    spent = sum(_spent(Source("model.py", text)) for text in texts)
    size = sum(map(len, texts))
    return Pace(spent / len(texts), spent / size)


def _spent(source: Source) -> float:
    start = time.process_time()
    try:
        check(source, PEDANTIC)
    except Exception:
        pass  # told by what examines it
    return time.process_time() - start
