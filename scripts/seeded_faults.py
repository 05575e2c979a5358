"""Seeded faults: plants one mistake at a time into correct programs, and counts those found.

    python scripts/seeded_faults.py FOLDER...

Every program of the folders in which a fault can be planted is a host; so are the project's own. A
fault is found when its rule reports at the line where the mistake stands. What the programs report
before anything is planted is printed too: nothing in the default tier, if they are correct.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from plants import FAULTS, Fault, Host, read
from plants.models import written
from plants.single import as_program

from numpyro_lint.check import check
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Diagnostic, Severity
from numpyro_lint.model.attach import sorted_out
from numpyro_lint.model.lift import lift
from numpyro_lint.model.project import Project
from numpyro_lint.record import field, record
from numpyro_lint.text import Source, load
from numpyro_lint.tracing import Tracer, trace_file, value_models
from numpyro_lint_runtime.host import Host as Worker

ROOT = Path(__file__).resolve().parent.parent
OWN = ("tests/faults/hosts", "tests/agreement/programs", "examples")


@record
class Attempt:
    """One fault in one host: the text with it, the line it is at, and whether it was found."""

    fault: Fault
    path: str
    text: str
    line: int
    found: bool
    others: tuple[str, ...] = ()


@record(frozen=False)
class Tally:
    """What became of all faults, and what the hosts report without any.

    `untraced`: those that only a trace shows, in models that cannot be traced as they are called.
    """

    attempts: list[Attempt] = field(default_factory=list)
    untraced: int = 0
    originals: list[tuple[str, int, Diagnostic]] = field(default_factory=list)
    hosts: int = 0

    @property
    def rate(self) -> float:
        """The share of faults that were found."""
        return sum(each.found for each in self.attempts) / max(len(self.attempts), 1)

    @property
    def missed(self) -> list[Attempt]:
        return [each for each in self.attempts if not each.found]


def hosts(folders: Sequence[Path]) -> Iterator[Host]:
    """The programs of folders that can be hosts, in order of their paths."""
    for folder in folders:
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
            if path.suffix in (".py", ".ipynb") and path.is_file():
                # The cells of a notebook, one after the other, are a program too.
                name = str(path) if path.suffix == ".py" else f"{path}.py"
                text = load(str(path)).text
                host = read(name, text if path.suffix == ".py" else as_program(text))
                if host is not None and written(host):
                    yield host


def seed(
    programs: Sequence[Host], places: int = 2, most: int = 60, tracer: Tracer | None = None
) -> Tally:
    """Plants every fault in the programs: at some `places` of each, until `most` have had it.

    What only a trace shows is planted where there is a `tracer`.
    """
    tally = Tally(hosts=len(programs))
    project = Project()
    before: dict[str, set[str]] = {}
    for host in programs:
        found = _located(host.path, host.text, project)
        before[host.path] = {diagnostic.rule for _, diagnostic in found}
        loud = [each for each in found if each[1].severity >= Severity.WARNING]
        tally.originals += [(host.path, line, diagnostic) for line, diagnostic in loud]
    for fault in FAULTS:
        if fault.traced and tracer is None:
            continue
        by = tracer if fault.traced else None
        taken = 0
        for host in _shuffled(programs, fault):
            if fault.rule in before[host.path] or taken == most:
                continue
            chosen = _chosen(host, fault, places)
            if by is not None and chosen:
                traced = _traced(host, by)
                homes = {each: _home(host, *each, project) for each in chosen}
                within = [e for e in chosen if homes[e] in traced or (traced and not homes[e])]
                tally.untraced += len(chosen) - len(within)
                chosen = within
            taken += bool(chosen)
            tally.attempts += [_attempt(fault, host, *each, project, by) for each in chosen]
    return tally


def _shuffled(programs: Sequence[Host], fault: Fault) -> list[Host]:
    """The programs in an order that differs from fault to fault, and never from run to run."""
    return random.Random(fault.what).sample(list(programs), len(programs))


def _chosen(host: Host, fault: Fault, places: int) -> list[tuple[str, int]]:
    planted = sorted(set(fault.plant(host)))
    return random.Random(host.text).sample(planted, min(places, len(planted)))


@cache
def _traced(host: Host, tracer: Tracer) -> set[str]:
    """The models of a correct program that are traced as they are called, with their data."""
    module = lift(Source(host.path, host.text), project=Project())
    found = trace_file(module, Settings(timeout=60.0), tracer)
    known = [each for each in found if each.ok and each.is_users]
    good = {each.function for each in known if any(site.traced.observed for site in each.sites)}
    return {each.qualname for key, each in module.functions.items() if key in good}


def _home(host: Host, text: str, line: int, project: Project) -> str:
    """The model that a line of a changed program stands in; empty where that is none."""
    module = lift(Source(host.path, text), project=project)
    at = module.source.line_starts[line - 1]
    homes = [each for each in module.functions.values() if each.span.start <= at < each.span.end]
    return min(homes, key=lambda each: each.span.end - each.span.start).qualname if homes else ""


def _attempt(
    fault: Fault, host: Host, text: str, line: int, project: Project, tracer: Tracer | None
) -> Attempt:
    found = _located(host.path, text, project, tracer, fault.valued)
    hit = any(at == line and diagnostic.rule == fault.rule for at, diagnostic in found)
    others = tuple(f"{at}:{diagnostic.rule}" for at, diagnostic in found)
    return Attempt(fault, host.path, text, line, hit, others)


def _located(
    path: str, text: str, project: Project, tracer: Tracer | None = None, values: bool = False
) -> list[tuple[int, Diagnostic]]:
    source = Source(path, text)
    module = lift(source, project=project)
    # What is compiled takes its time where others work beside it.
    settings = Settings(timeout=60.0) if values else Settings()
    found = list(trace_file(module, settings, tracer)) if tracer is not None else []
    if tracer is not None and values:
        found += value_models(module, found, tracer)
    traces, stacks = sorted_out(found)
    report = check(source, settings, traces, module, stacks=stacks)
    return [(source.location(each.span).line, each) for each in report.diagnostics]


def table(tally: Tally, own: Path = ROOT) -> str:
    """One line a rule: hosts of the project and of others, faults planted and found."""
    lines = [f"{'rule':32} {'own':>4} {'public':>6} {'planted':>7} {'found':>6}"]
    for rule in sorted({fault.rule for fault in FAULTS}):
        tried = [each for each in tally.attempts if each.fault.rule == rule]
        paths = {each.path for each in tried}
        ours = sum(Path(path).resolve().is_relative_to(own) for path in paths)
        found = sum(each.found for each in tried)
        short = "" if found >= 0.95 * len(tried) and len(paths) >= 5 else "  <-"
        counts = f"{ours:4} {len(paths) - ours:6} {len(tried):7} {found:6}"
        lines.append(f"{rule:32} {counts}{short}")
    found = sum(each.found for each in tally.attempts)
    lines.append(
        f"{found} of {len(tally.attempts)} found ({tally.rate:.1%}) in {tally.hosts} programs"
    )
    if tally.untraced:
        lines.append(f"{tally.untraced} not planted: no trace of their models as they are called")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; fails where fewer than 95 % are found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, help="programs of others")
    parser.add_argument("--only", action="append", help="a rule (may be given several times)")
    parser.add_argument("--missed", action="store_true", help="say which faults were not found")
    parser.add_argument("--keep", type=Path, help="a folder for the texts with missed faults")
    parser.add_argument("--places", type=int, default=2, help="faults of a kind in one program")
    parser.add_argument("--most", type=int, default=60, help="programs for a kind of fault")
    parser.add_argument("--static", action="store_true", help="leave out what a trace shows")
    options = parser.parse_args(arguments)
    if options.only:
        FAULTS[:] = [fault for fault in FAULTS if fault.rule in options.only]
    programs = list(hosts([*(ROOT / each for each in OWN), *options.folders]))
    with Worker(sys.executable) as worker:
        tally = seed(programs, options.places, options.most, None if options.static else worker)
    print(table(tally))
    for path, line, diagnostic in tally.originals:
        print(f"original: {path}:{line}: {diagnostic.rule}: {diagnostic.message}")
    for number, each in enumerate(tally.missed):
        if options.missed:
            rest = ", ".join(each.others)
            print(f"missed {number}: {each.fault.what}: {each.path}:{each.line} ({rest})")
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{number:03}_{each.fault.rule}.py").write_text(each.text)
    return 0 if tally.rate >= 0.95 else 1


if __name__ == "__main__":
    sys.exit(main())
