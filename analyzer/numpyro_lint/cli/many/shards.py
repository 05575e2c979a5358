"""`--shard 2/8`: a part of the files of a run, and what tells it in the report of one.

All shards together have every file once. A shard does not change how its files are read: what they
import from others is read where it stands, in whichever shard that is.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from numpyro_lint.record import record

if TYPE_CHECKING:
    from numpyro_lint.check import Report


@record
class Shard:
    """The shard `number`, from 1, of `count`."""

    number: int
    count: int


def shard(text: str) -> Shard:
    """A shard as it is written. Raises argparse.ArgumentTypeError."""
    number, _, count = text.partition("/")
    if number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
        return Shard(int(number), int(count))
    raise argparse.ArgumentTypeError(f"'{text}' is no shard: 2/8 is the second of eight")


def part(paths: Sequence[str], shard: Shard) -> dict[str, int]:
    """The files of a shard, each with its place among all, in their order.

    The largest files are dealt out first, each to the shard that has least to read so far: that
    depends on nothing but the paths and sizes.
    """
    sizes = {path: _size(path) for path in paths}
    loads = [0] * shard.count
    own = set()
    for path in sorted(sizes, key=lambda each: (-sizes[each], each)):
        least = loads.index(min(loads))
        # What is empty is dealt out as well.
        loads[least] += sizes[path] + 1
        if least == shard.number - 1:
            own.add(path)
    return {path: place for place, path in enumerate(paths) if path in own}


def told(
    shard: Shard, places: Mapping[str, int], reports: Sequence[Report], status: int
) -> dict[str, Any]:
    """What the JSON report of a shard says of it: `places` are those of its files among all."""
    return {
        "number": shard.number,
        "count": shard.count,
        "places": [places[report.source.path] for report in reports],
        "status": status,
    }


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0
