"""What the evidence from data says of the labelled pairs of models and data, against their labels.

The labels come from long NUTS runs in both forms (scripts/label_geometry.py). Prints a row for each
pair and the confusion table, and exits with 1 where fewer than 90 % agree of those that are not
called uncertain, or more than a quarter are. With `--verify` it is the verdict of short runs that
is held against the label, whatever the evidence: 95 % are to agree, and more than a tenth that
cannot be told count as misses.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / name) for name in ("analyzer", "runtime")]

from numpyro_lint.check import check  # noqa: E402
from numpyro_lint.config import Settings  # noqa: E402
from numpyro_lint.diagnostic import Severity  # noqa: E402
from numpyro_lint.jobs import file_request  # noqa: E402
from numpyro_lint.model.attach import Attached, sorted_out  # noqa: E402
from numpyro_lint.model.centring import evidence_of, form_of, scaled_sites  # noqa: E402
from numpyro_lint.model.lift import lift  # noqa: E402
from numpyro_lint.text import Source  # noqa: E402
from numpyro_lint.tracing import trace_file, value_models  # noqa: E402
from numpyro_lint.verifying import SECONDS  # noqa: E402
from numpyro_lint_runtime.host import Host  # noqa: E402
from numpyro_lint_runtime.pilots import Pilot, PilotResult  # noqa: E402
from numpyro_lint_runtime.values import Hierarchy, SiteEvidence  # noqa: E402

FOLDER = ROOT / "tests/geometry"
# The thresholds were chosen on the first two; what they are worth is told by the last.
CHOSEN_ON, SEEN, HELD_OUT = (
    ("pairs", "labels.json"),
    ("seen", "seen.json"),
    ("held_out", "held_out.json"),
)
# What each form that is called for has to be labelled.
AGREES = {"decentred": {"decentre"}, "centred": {"centre", "neutral"}}
LEAST_AGREE, MOST_UNCERTAIN = 0.9, 0.25
# The label that each verdict on decentring stands for, and on centring.
LABELS = {
    False: {"helps": "decentre", "hurts": "centre", "no difference": "neutral"},
    True: {"helps": "centre", "hurts": "decentre", "no difference": "neutral"},
}
LEAST_VERIFIED, MOST_UNTOLD = 0.95, 0.1


@dataclass
class Row:
    """One pair: its label, and what is told of it."""

    name: str
    label: str
    told: str
    seconds: float
    why: str


def traced(path: Path, tracer: Host, timeout: float) -> tuple[Source, list[Attached], list[str]]:
    """The models of a pair with what their data say, and the names that its site may have, the
    likeliest first."""
    module = lift(Source(str(path), path.read_text(encoding="utf-8")))
    traces = list(trace_file(module, Settings(timeout=timeout), tracer))
    valued = list(value_models(module, traces, tracer))
    found = re.search(r'^SITE = "(.*)"', module.source.text, re.MULTILINE)
    site = found[1] if found else ""
    names = [site, f"{site}_decentered", *made_of(module.source.text, site)]
    return module.source, [t for t in traces if not t.ok] + valued, names


def made_of(text: str, site: str) -> list[str]:
    """The sample sites that `model` makes a deterministic of, those of the fewest steps first: one
    that is decentred by hand has a name of its own."""
    models = [each for each in ast.parse(text).body if getattr(each, "name", "") == "model"]
    nodes = [node for model in models for node in ast.walk(model)]
    values = {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    step = [node for node in nodes if _is_site(node, "deterministic", site)]
    found: dict[str, None] = {}
    while step:
        inside = [node for each in step for node in ast.walk(each)]
        found |= {n.args[0].value: None for n in inside if _is_site(n, "sample")}
        used = [node.id for node in inside if isinstance(node, ast.Name)]
        step = [values.pop(name) for name in dict.fromkeys(used) if name in values]
    return list(found)


def _is_site(node: ast.AST, kind: str, name: str | None = None) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
        return False
    first = node.args[0]
    named = isinstance(first, ast.Constant) and name in (None, first.value)
    return node.func.attr == kind and named


def _rank(site: Hierarchy, names: list[str]) -> tuple[int, bool]:
    """Which of the sites of a pair's models is judged: the least."""
    return names.index(site.name) if site.name in names else len(names), not site.standard


def by_evidence(path: Path, label: str, tracer: Host, timeout: float) -> Row:
    """A pair, and the form that its data call for."""
    source, traces, names = traced(path, tracer, timeout)
    found = [each for trace in traces for _, each in evidence_of(trace)]
    found.sort(key=lambda each: _rank(each.site, names))
    seconds = sum(trace.values.seconds for trace in traces if trace.values is not None)
    if found:
        return Row(path.stem, label, form_of(found[0]), seconds, _figures(found[0]))
    report = check(source, traces=sorted_out(traces)[0])
    if any(e.rule == "funnel" and e.severity >= Severity.WARNING for e in report.diagnostics):
        return Row(path.stem, label, "decentred", seconds, "no observation depends on it")
    failures = [t.result.failure for t in traces if not t.ok]
    failures += [t.values.failure for t in traces if t.values is not None]
    why = [t.values.unsettled for t in traces if t.values is not None]
    why += [each.message for each in failures if each is not None]
    return Row(path.stem, label, "silent", seconds, "; ".join(filter(None, why)))


def _figures(found: SiteEvidence) -> str:
    return (
        f"kappa {found.kappa:.3f}  elements {found.low:.3f}-{found.high:.3f}  "
        f"scale {found.least:.3f}-{found.most:.3f}  n {found.elements}"
    )


def by_runs(path: Path, label: str, tracer: Host, timeout: float) -> Row:
    """A pair, and the label that short runs of NUTS give it."""
    source, traces, names = traced(path, tracer, max(timeout, SECONDS))
    found = [(trace, site) for trace in traces if trace.ok for site in scaled_sites(trace)]
    found.sort(key=lambda each: _rank(each[1], names))
    if not found:
        return Row(path.stem, label, "cannot tell", 0.0, "no site is scaled by another")
    began = time.perf_counter()
    result = _settled(source, *found[0], tracer, timeout)
    seconds = time.perf_counter() - began
    told = LABELS[found[0][1].standard].get(result.verdict, "cannot tell")
    failed = result.failure.message if result.failure is not None else ""
    return Row(path.stem, label, told, seconds, failed or result.reason)


def _settled(
    source: Source, trace: Attached, site: Hierarchy, tracer: Host, timeout: float
) -> PilotResult:
    assert trace.request is not None
    pilot = Pilot((site,), decentred=site.standard)
    request = dataclasses.replace(trace.request, id="0", deadline=timeout, pilot=pilot)
    answers = tracer.verify(file_request(source, [request]))
    return next(each for each in answers if isinstance(each, PilotResult))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="the pairs to look at: all, by default")
    parser.add_argument(
        "--timeout", type=float, default=SECONDS, help="seconds a model (%(default)s)"
    )
    parser.set_defaults(which=CHOSEN_ON)
    others = parser.add_mutually_exclusive_group()
    for option, which, told in (
        ("--held-out", HELD_OUT, "the pairs that no threshold was chosen on"),
        ("--seen", SEEN, "the pairs that were held out once"),
    ):
        others.add_argument(option, dest="which", action="store_const", const=which, help=told)
    parser.add_argument("--verify", action="store_true", help="by short runs of NUTS, not evidence")
    arguments = parser.parse_args()
    folder, table = arguments.which
    known = json.loads((FOLDER / table).read_text(encoding="utf-8"))["pairs"]
    names = arguments.names or sorted(path.stem for path in (FOLDER / folder).glob("*.py"))
    look = by_runs if arguments.verify else by_evidence
    rows = []
    with Host() as tracer:
        for name in names:
            path, label = FOLDER / folder / f"{name}.py", known.get(name, {}).get("label", "?")
            row = look(path, label, tracer, arguments.timeout)
            rows.append(row)
            print(
                f"{name:<24}{row.label:<11}{row.told:<13}{row.why}  {row.seconds:.1f} s", flush=True
            )
    return _verdicts(rows) if arguments.verify else _evidence(rows)


def _evidence(rows: list[Row]) -> int:
    _table(rows, "decentred", "either", "centred", "silent")
    sure = [row for row in rows if row.told in AGREES]
    agree = [row for row in sure if row.label in AGREES[row.told]]
    unsure = len(rows) - len(sure)
    print(f"\n{len(agree)} of {len(sure)} agree; {unsure} of {len(rows)} uncertain or silent")
    good = len(agree) >= LEAST_AGREE * len(sure) and unsure <= MOST_UNCERTAIN * len(rows)
    return 0 if good else 1


def _verdicts(rows: list[Row]) -> int:
    _table(rows, "decentre", "neutral", "centre", "cannot tell")
    told = [row for row in rows if row.told != "cannot tell"]
    # Where both forms fail there is nothing to tell.
    rightly_untold = [r for r in rows if r.told == "cannot tell" and r.label == "both-fail"]
    agree = [row for row in told if row.told == row.label] + rightly_untold
    untold = len(rows) - len(told) - len(rightly_untold)
    over = max(untold - int(MOST_UNTOLD * len(rows)), 0)
    judged = len(rows) - untold + over
    print(f"\n{len(agree)} of {judged} agree; {untold} of {len(rows)} cannot be told")
    return 0 if len(agree) >= LEAST_VERIFIED * judged else 1


def _table(rows: list[Row], *told: str) -> None:
    counted = Counter((row.label, row.told) for row in rows)
    print(f"\n{'':<12}" + "".join(f"{each:>13}" for each in told))
    for label in sorted({row.label for row in rows}):
        print(f"{label:<12}" + "".join(f"{counted[label, each]:>13}" for each in told))


if __name__ == "__main__":
    sys.exit(main())
