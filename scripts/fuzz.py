"""Fuzzing: texts of every kind, read, mended and shown, and what does not hold of them.

    python scripts/fuzz.py --seconds 1800
    python scripts/fuzz.py --only mutant --seed 7 --first 1234 --count 1
    python scripts/fuzz.py --coverage-guided --seconds 600

The kinds of inputs take turns. An input is told by its kind, the seed and its number, and is made
again from these. Exits 1 where anything failed: an exception or internal error, a fix after which
a text no longer parses or that never comes to rest, a process that dies, and time out of
proportion.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import sys
import time
from collections.abc import Iterator, Sequence

from fuzzing.kinds import KINDS, made
from fuzzing.pace import Pace, measured
from fuzzing.shrink import shrunk
from fuzzing.workers import Name, Outcome, outcome, outcomes

from numpyro_lint.record import field, record
from numpyro_lint.text import Source

_SLOWEST = 5


@record(frozen=False)
class Tally:
    """What has been examined, by kind, and each failure with the first input that had it."""

    examined: dict[str, int] = field(default_factory=dict)
    parsed: dict[str, int] = field(default_factory=dict)
    none: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    slowest: list[Outcome] = field(default_factory=list)
    firsts: dict[str, Outcome] = field(default_factory=dict)

    def add(self, one: Outcome) -> list[str]:
        """Counts an outcome; gives what has failed for the first time."""
        kind = one.name[0]
        if one.size is None:
            self.none[kind] = self.none.get(kind, 0) + 1
            return []
        self.examined[kind] = self.examined.get(kind, 0) + 1
        self.parsed[kind] = self.parsed.get(kind, 0) + one.parsed
        self.failed[kind] = self.failed.get(kind, 0) + bool(one.failures)
        self.seconds[kind] = self.seconds.get(kind, 0.0) + one.seconds
        self.slowest = sorted([*self.slowest, one], key=lambda each: -each.share)[:_SLOWEST]
        new = [each.what for each in one.failures if each.what not in self.firsts]
        self.firsts |= dict.fromkeys(new, one)
        return new


def names(kinds: Sequence[str], seed: int, first: int, count: int | None) -> Iterator[Name]:
    """The inputs: the kinds in turn, some of each."""
    for turn in itertools.count():
        for kind in kinds:
            each = KINDS[kind][1]
            numbers = range(turn * each, (turn + 1) * each)
            yield from ((kind, seed, first + n) for n in numbers if count is None or n < count)
        if count is not None and all((turn + 1) * KINDS[kind][1] >= count for kind in kinds):
            return


def table(tally: Tally) -> str:
    """One line a kind."""
    lines = [f"{'kind':10} {'examined':>8} {'parsed':>8} {'no text':>8} {'check':>9} {'failed':>7}"]
    for kind in KINDS:
        if kind in tally.examined or kind in tally.none:
            told = (kind, *(d.get(kind, 0) for d in (tally.examined, tally.parsed, tally.none)))
            spent, failed = tally.seconds.get(kind, 0.0), tally.failed.get(kind, 0)
            lines.append("{:10} {:8} {:8} {:8}".format(*told) + f" {spent:7.1f} s {failed:7}")
    total = sum(tally.examined.values())
    lines.append(f"{total} inputs, {sum(tally.failed.values())} with {len(tally.firsts)} failures")
    for each in tally.slowest:
        lines.append(
            f"slow: {_told(each.name)}: {each.seconds:.2f} s for {each.size} characters, "
            f"{each.share:.0%} of what is allowed"
        )
    return "\n".join(lines)


def _told(name: Name) -> str:
    return f"--only {name[0]} --seed {name[1]} --first {name[2]} --count 1"


def smallest(one: Outcome, what: str, pace: Pace) -> str:
    """The input of a failure as small as it was found to have it still."""
    given = made(*one.name)
    if given is None:
        return ""
    source = given.source
    if what.startswith(("dies", "hangs")) or source.cells or source.damage:
        return source.text

    def fails(text: str) -> bool:
        small = type(given)(Source(source.path, text), given.before)
        return any(each.what == what for each in outcome(one.name, small, pace).failures)

    return shrunk(source.text, fails)


def failure(one: Outcome, what: str, pace: Pace) -> str:
    """All there is to say of a failure."""
    detail = next(each.detail for each in one.failures if each.what == what)
    text = smallest(one, what, pace)
    return f"\n== {what}\n{_told(one.name)}\n{detail}\n-- {len(text)} characters\n{text[:3000]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints what was examined and what failed; 1 where anything has."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (60)")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other inputs (0)")
    parser.add_argument("--only", action="append", choices=KINDS, help="a kind (or several)")
    parser.add_argument("--first", type=int, default=0, help="the first number of each kind (0)")
    parser.add_argument("--count", type=int, help="so many of each kind, and no more")
    parser.add_argument("--coverage-guided", action="store_true", help="by atheris")
    options = parser.parse_args(arguments)
    # Half a character may be what fails.
    sys.stdout.reconfigure(errors="backslashreplace")
    pace, tally, kinds = measured(), Tally(), options.only or list(KINDS)
    if options.coverage_guided:
        from fuzzing import guided

        guided.run(options.seconds, options.seed, kinds, pace)
    todo = names(kinds, options.seed, options.first, options.count)
    # Ctrl-C ends it early, and what there was is told.
    with contextlib.suppress(KeyboardInterrupt):
        for one in outcomes(todo, time.monotonic() + options.seconds, pace):
            for what in tally.add(one):
                print(failure(one, what, pace), flush=True)
    print(f"\n{table(tally)}")
    return int(bool(tally.firsts))


if __name__ == "__main__":
    sys.exit(main())
