"""Inputs whose choices go after what code they reach, by atheris; ends at the first failure."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence

from fuzzing.kinds import KINDS
from fuzzing.pace import Pace, examined
from fuzzing.pick import T

# libFuzzer begins with short inputs; one of so many bytes makes some dozens of choices.
_BYTES = 4096
_DEADLINE = 120


def run(seconds: float, seed: int, kinds: Sequence[str], pace: Pace) -> None:
    """Does not return: the process ends after so many seconds, or with a status that is not 0."""
    import atheris

    def one(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)

        def pick(options: Sequence[T], /) -> T:
            return options[provider.ConsumeIntInRange(0, len(options) - 1)]

        given = KINDS[pick(kinds)][0](pick, pick(range(1 << 16)))
        found = examined(given.source, given.before, pace) if given else None
        if found and given and found.failures:
            what = "\n".join(f"== {each.what}\n{each.detail}" for each in found.failures)
            raise AssertionError(f"{what}\n-- the text\n{given.source.text}")

    atheris.instrument_all()
    folder = tempfile.mkdtemp(prefix="fuzz-")
    limits = (f"-max_total_time={seconds:.0f}", f"-timeout={_DEADLINE}", "-rss_limit_mb=0")
    limits += (f"-seed={seed + 1}", f"-max_len={_BYTES}", "-len_control=0")
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/"], one)
    atheris.Fuzz()
