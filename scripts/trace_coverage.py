"""How many models can be traced with nothing configured, in which way, and why the others cannot.

    python scripts/trace_coverage.py [--verbose] [--python PATH] FOLDER...

Models whose arguments are made up are counted apart: they show names and structure, not shapes.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from agreement import files

from numpyro_lint.config import Settings
from numpyro_lint.model.attach import Attached, reason_of
from numpyro_lint.model.lift import lift
from numpyro_lint.model.program import Function, Module
from numpyro_lint.model.project import Project
from numpyro_lint.record import field, record
from numpyro_lint.text import concerns_us, load
from numpyro_lint.tracing import Tracer, trace_models
from numpyro_lint_runtime.protocol import Failure

WAYS = ("comment", "config", "call", "captured", "none", "synthesized")
_QUOTED = re.compile(r"""(['"`]).*?\1""")
_PLACE = re.compile(r"(\bcell \d+, )?\bline \d+( of \S+)?|/\S+")


@record
class Row:
    """One model: where it is, and the way in which it was traced.

    `why`: the reason why it was not, or with made-up arguments alone.
    """

    path: str
    line: int
    model: str
    way: str
    why: str = ""
    group: str = ""
    seconds: float = 0.0

    @property
    def traced(self) -> bool:
        return not self.why or self.way == "synthesized"


@record(frozen=False)
class Coverage:
    """The models of some files, and how long the files took."""

    rows: list[Row] = field(default_factory=list)
    seconds: float = 0.0

    def by_way(self, *ways: str) -> int:
        return sum(row.traced and row.way in ways for row in self.rows)

    @property
    def share(self) -> float:
        """The part of the models that are traced with arguments that nobody made up."""
        known = sum(row.traced and row.way != "synthesized" for row in self.rows)
        return known / len(self.rows) if self.rows else 1.0


def coverage(paths: Iterable[Path], tracer: Tracer, settings: Settings | None = None) -> Coverage:
    """Traces every model of the files."""
    found = Coverage()
    start = time.perf_counter()
    for path in paths:
        found.rows += _rows(path, tracer, settings or Settings())
    found.seconds = time.perf_counter() - start
    return found


def _rows(path: Path, tracer: Tracer, settings: Settings) -> list[Row]:
    try:
        source = load(str(path))
    except (OSError, ValueError):
        return []
    if not concerns_us(source.text):
        return []
    module = lift(source, project=Project())
    traces = {each.function: each for each in trace_models(module, settings, tracer)}
    models = [each for each in module.functions.values() if each.role == "model"]
    return [_row(module, path, each, traces.get(each.key)) for each in models]


def _row(module: Module, path: Path, function: Function, trace: Attached | None) -> Row:
    place = module.source.location(function.name_span)
    name = f"{path}#{place.cell}" if place.cell is not None else str(path)
    if trace is None:
        return Row(name, place.line, function.qualname, "none", "not tried", "not tried")
    seconds, way = trace.result.seconds, trace.origin.kind
    failure = trace.lacking if trace.ok else trace.result.failure
    if trace.ok and trace.is_users:
        return Row(name, place.line, function.qualname, way, seconds=seconds)
    said = reason_of(failure)
    return Row(name, place.line, function.qualname, way, said, group(failure), seconds)


def group(failure: Failure | None) -> str:
    """The kind of a reason: that of all which differ in names and places alone."""
    if failure is not None and failure.exception == "ModuleNotFoundError":
        return f"import: {failure.message.partition(chr(10))[0]}"
    stage = failure.stage if failure is not None else "none"
    said = _PLACE.sub("...", _QUOTED.sub("'...'", reason_of(failure)))
    return f"{stage}: {said[:100]}"


def table(found: Coverage, verbose: bool = False) -> Iterator[str]:
    """The lines of the report: ways, then reasons, each by number."""
    total = len(found.rows)
    yield f"{total} models in {found.seconds:.0f} s"
    for way in WAYS:
        yield _line(found.by_way(way), total, way)
    known = found.by_way(*WAYS[:-1])
    yield _line(known, total, "traced, nothing made up")
    made_up = found.by_way("synthesized")
    yield _line(total - known - made_up, total, "not traced")
    yield "not traced, or with made-up arguments alone, since"
    groups: dict[str, list[Row]] = {}
    for row in found.rows:
        if row.why:
            groups.setdefault(row.group, []).append(row)
    for why, rows in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        yield f"  {len(rows):4}  {why}"
        for row in rows if verbose else rows[:0]:
            yield f"          {row.path}:{row.line}: {row.model}: {row.why}"


def _line(count: int, total: int, what: str) -> str:
    return f"{count:6}  {count / max(total, 1):6.1%}  {what}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the ways and reasons of each folder, and of all where there are several."""
    from numpyro_lint_runtime.host import Host

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--verbose", action="store_true", help="name the models of each reason")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that traces")
    options = parser.parse_args(arguments)
    total = Coverage()
    # As their authors do it, programs are run in their own folder.
    with Host(options.python) as tracer:
        for folder in [os.path.abspath(each) for each in options.folders]:
            os.chdir(folder if os.path.isdir(folder) else os.path.dirname(folder) or ".")
            found = coverage(files([folder]), tracer)
            total.rows += found.rows
            total.seconds += found.seconds
            print(f"\n{folder}: ", end="")
            print("\n".join(table(found, options.verbose)), flush=True)
    if len(options.folders) > 1:
        print("\nall: ", end="")
        print("\n".join(table(total)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
