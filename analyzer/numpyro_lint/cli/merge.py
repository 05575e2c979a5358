"""`analyze merge`: the JSON reports of all shards of a run as the report of the whole run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from numpyro_lint.cli.files import UsageError
from numpyro_lint.diagnostic import Severity

Json = dict[str, Any]
_COUNTS = ("count", "fixable")


def run(arguments: Sequence[str]) -> int:
    """Prints the merged report; the exit status is what the whole run would have had."""
    parser = argparse.ArgumentParser(
        prog="analyze merge",
        description="Makes one report of those that `--shard N/M --output-format json` wrote: all "
        "of the M, in any order. The exit status is that of the whole run.",
    )
    parser.add_argument("reports", nargs="+", metavar="REPORT", help="a JSON file")
    merged, status = merge([_read(path) for path in parser.parse_args(arguments).reports])
    print(json.dumps(merged, indent=1, ensure_ascii=False), file=sys.stdout)
    return status


def merge(reports: Sequence[tuple[str, Json]]) -> tuple[Json, int]:
    """The report and exit status of a whole run from those of its shards, each with its path.

    Counts and seconds are sums. Raises UsageError where a shard is missing or stands twice, or
    where they are not of one run.
    """
    _check(reports)
    shards = [report for _, report in reports]
    placed = [
        (place, file, [each for each in report["diagnostics"] if each["path"] == file["path"]])
        for report in shards
        for place, file in zip(report["shard"]["places"], report["files"], strict=True)
    ]
    placed.sort(key=lambda each: each[0])
    first = shards[0]
    # A shard without files does not tell what is held.
    keys = max((each["summary"] for each in shards), key=len)
    summary = {key: sum(each["summary"].get(key, 0) for each in shards) for key in keys}
    summary["seconds"] = round(summary["seconds"], 3)
    whole = {
        "files": [file for _, file, _ in placed],
        "diagnostics": [each for _, _, found in placed for each in found],
        "summary": summary,
        "statistics": _statistics(each.get("statistics", ()) for each in shards),
    }
    merged = {key: whole.get(key, value) for key, value in first.items() if key != "shard"}
    return merged, max(each["shard"]["status"] for each in shards)


def _statistics(shards: Iterable[Iterable[Json]]) -> list[Json]:
    """How often each rule has found something in all shards: in the order of one run."""
    rows: dict[tuple[str, Severity], Json] = {}
    for row in (row for shard in shards for row in shard):
        key = row["rule"], Severity[row["severity"].upper()]
        before = rows.get(key, {"count": 0, "fixable": 0})
        rows[key] = row | {name: row[name] + before[name] for name in before if name in _COUNTS}
    return [row for _, row in sorted(rows.items(), key=lambda each: (-each[1]["count"], each[0]))]


def _check(reports: Sequence[tuple[str, Json]]) -> None:
    """Raises UsageError where reports are not all shards of one run."""
    path, first = reports[0]
    count, tool = first["shard"]["count"], first["tool"]
    by_number: dict[int, str] = {}
    taken: dict[int, str] = {}
    for each, report in reports:
        shard = report["shard"]
        if shard["count"] != count or report["tool"] != tool:
            raise UsageError(f"{each} and {path} are not of one run, or not by one version")
        if shard["number"] in by_number:
            raise UsageError(f"{each} and {by_number[shard['number']]} are the same shard")
        by_number[shard["number"]] = each
        for place in shard["places"]:
            if place in taken:
                raise UsageError(f"{each} and {taken[place]} are not of the same files")
            taken[place] = each
    missing = sorted(set(range(1, count + 1)) - set(by_number))
    if missing:
        raise UsageError(f"shard {missing[0]} of {count} is missing")


def _read(path: str) -> tuple[str, Json]:
    try:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        if report["version"] == 1 and {"number", "count", "places"} <= set(report["shard"]):
            return path, report
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError):
        pass
    raise UsageError(f"{path}: not the report of a shard: `--shard N/M --output-format json`")
