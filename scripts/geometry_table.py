"""What the evidence from data says of the labelled pairs of models and data, against their labels.

The labels come from long NUTS runs in both forms (scripts/label_geometry.py). Prints a row for each
pair and the confusion table, and exits with 1 where fewer than 90 % agree of those that are not
called uncertain, or more than a quarter are.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / name) for name in ("analyzer", "runtime")]

from numpyro_lint.config import Settings  # noqa: E402
from numpyro_lint.model.centring import evidence_of, form_of  # noqa: E402
from numpyro_lint.model.lift import lift  # noqa: E402
from numpyro_lint.text import Source  # noqa: E402
from numpyro_lint.tracing import trace_file, value_models  # noqa: E402
from numpyro_lint_runtime.host import Host  # noqa: E402
from numpyro_lint_runtime.values import SiteEvidence  # noqa: E402

FOLDER = ROOT / "tests/geometry"
# The thresholds were chosen on the first; what they are worth is told by the second.
CHOSEN_ON, HELD_OUT = ("pairs", "labels.json"), ("held_out", "held_out.json")
# What each form that is called for has to be labelled.
AGREES = {"decentred": {"decentre"}, "centred": {"centre", "neutral"}}
LEAST_AGREE, MOST_UNCERTAIN = 0.9, 0.25


@dataclass
class Row:
    """One pair: its label, and what is told of it without sampling."""

    name: str
    label: str
    told: str
    found: SiteEvidence | None
    seconds: float
    why: str = ""


def told_of(path: Path, label: str, tracer: Host, timeout: float) -> Row:
    name = path.stem
    module = lift(Source(str(path), path.read_text(encoding="utf-8")))
    settings = Settings(timeout=timeout)
    traces = list(trace_file(module, settings, tracer))
    valued = list(value_models(module, traces, tracer))
    found = [each for trace in valued for _, each in evidence_of(trace)]
    site = re.search(r'^SITE = "(.*)"', module.source.text, re.MULTILINE)
    named = (site[1], f"{site[1]}_decentered") if site else ()
    # One that is decentred by hand has a name of its own.
    found.sort(key=lambda each: (each.name not in named, not each.standard))
    seconds = sum(trace.values.seconds for trace in valued if trace.values is not None)
    why = "; ".join(trace.values.unsettled for trace in valued if trace.values is not None)
    if not found:
        failures = [t.result.failure for t in traces if not t.ok]
        failures += [t.values.failure for t in valued if t.values is not None]
        why = why or "; ".join(each.message for each in failures if each is not None)
        return Row(name, label, "silent", None, seconds, why)
    return Row(name, label, form_of(found[0]), found[0], seconds, why)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="the pairs to look at: all, by default")
    parser.add_argument(
        "--timeout", type=float, default=120.0, help="seconds a model (%(default)s)"
    )
    parser.add_argument(
        "--held-out", action="store_true", help="the pairs that no threshold was chosen on"
    )
    arguments = parser.parse_args()
    folder, table = HELD_OUT if arguments.held_out else CHOSEN_ON
    known = json.loads((FOLDER / table).read_text(encoding="utf-8"))["pairs"]
    labels = {name: each["label"] for name, each in known.items()}
    names = arguments.names or sorted(path.stem for path in (FOLDER / folder).glob("*.py"))
    rows = []
    with Host() as tracer:
        for name in names:
            path = FOLDER / folder / f"{name}.py"
            row = told_of(path, labels.get(name, "?"), tracer, arguments.timeout)
            rows.append(row)
            each = row.found
            figures = (
                f"kappa {each.kappa:.3f}  elements {each.low:.3f}-{each.high:.3f}  "
                f"scale {each.least:.3f}-{each.most:.3f}  n {each.elements}"
                if each
                else row.why
            )
            print(
                f"{name:<24}{row.label:<11}{row.told:<11}{figures}  {row.seconds:.1f} s", flush=True
            )
    return _tell(rows)


def _tell(rows: list[Row]) -> int:
    counted = Counter((row.label, row.told) for row in rows)
    told = ("decentred", "either", "centred", "silent")
    print(f"\n{'':<12}" + "".join(f"{each:>11}" for each in told))
    for label in sorted({row.label for row in rows}):
        print(f"{label:<12}" + "".join(f"{counted[label, each]:>11}" for each in told))
    sure = [row for row in rows if row.told in AGREES]
    agree = [row for row in sure if row.label in AGREES[row.told]]
    unsure = len(rows) - len(sure)
    print(f"\n{len(agree)} of {len(sure)} agree; {unsure} of {len(rows)} uncertain or silent")
    good = len(agree) >= LEAST_AGREE * len(sure) and unsure <= MOST_UNCERTAIN * len(rows)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
