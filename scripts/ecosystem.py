"""numpyro-lint on programs of others: packages of PyPI and clones of repositories.

    python scripts/ecosystem.py [--wheels FOLDER] [--only NAME] [NAME=PATH...]

Downloads the wheels that tests/ecosystem/sources.toml pins, analyses each by text as `analyze`
does with nothing configured, and writes what came of it to tests/ecosystem/figures.json and
docs/ecosystem.md. Folders that are given are analysed too: clones of its repositories, or any.

Exits 1 where a warning or error has no verdict in tests/ecosystem/verdicts.toml, or is a false
alarm by it, where one that has a verdict is no longer found, and where an analysis fails.
"""

from __future__ import annotations

import argparse
import datetime
import json
import platform
import re
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ecosystem_page

import numpyro_lint
from numpyro_lint.record import field, record

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests/ecosystem"
FIGURES = DATA / "figures.json"
ANALYZE = (
    "-m numpyro_lint --static --no-cache --no-baseline --jobs 1 --output-format json .".split()
)
DOWNLOAD = (
    "-m pip --disable-pip-version-check --quiet download --no-deps --only-binary :all:".split()
)
# Verdicts on warnings and errors, and on information.
LOUD, QUIET = ("true", "meant", "false"), ("useful", "noise")


@record
class Verdict:
    """What a reader of the code made of a finding, and why."""

    kind: str
    why: str


@record
class Outcome:
    """What the analysis of one folder came to. `failure`: why there is no report."""

    findings: list[dict[str, Any]] = field(default_factory=list)
    files: int = 0
    with_models: int = 0
    models: int = 0
    seconds: float = 0.0
    failure: str = ""

    @property
    def figures(self) -> dict[str, Any]:
        """What is kept of it: counts, by severity and by rule."""
        severities = Counter(each["severity"] for each in self.findings)
        rules = Counter(each["rule"] for each in self.findings)
        return {
            "files": self.files,
            "with_models": self.with_models,
            "models": self.models,
            "seconds": round(self.seconds, 1),
            **{f"{each}s": severities[each] for each in ("error", "warning", "info")},
            "rules": dict(sorted(rules.items())),
        }


def sources() -> dict[str, Any]:
    """The packages and repositories, each with its version or commit."""
    return tomllib.loads((DATA / "sources.toml").read_text(encoding="utf-8"))


def verdicts(text: str | None = None) -> dict[str, dict[str, Verdict]]:
    """The verdicts on the findings of each source, by place and rule.

    Raises ValueError for what is none.
    """
    text = (DATA / "verdicts.toml").read_text(encoding="utf-8") if text is None else text
    found: dict[str, dict[str, Verdict]] = {}
    for source, judged in tomllib.loads(text).items():
        found[source] = {}
        for finding, said in judged.items():
            kind, _, why = said.partition(": ")
            if kind not in LOUD + QUIET or not why:
                raise ValueError(f"{source}: {finding}: {said!r} is no verdict")
            found[source][finding] = Verdict(kind, why)
    return found


def analyse(folder: Path) -> Outcome:
    """Analyses a folder by text, in one process, as a user has it."""
    start = time.perf_counter()
    # Its modules must not stand in the way of ours: `-P` leaves the current folder out.
    run = [sys.executable, "-P", *ANALYZE]
    done = subprocess.run(run, cwd=folder, capture_output=True, encoding="utf-8")
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        return Outcome(failure=done.stderr.strip() or f"exit status {done.returncode}")
    report = json.loads(done.stdout)
    models = [sum(m["role"] == "model" for m in each["models"]) for each in report["files"]]
    with_models = sum(map(bool, models))
    return Outcome(report["diagnostics"], len(models), with_models, sum(models), seconds)


def key(finding: Mapping[str, Any]) -> str:
    """By what a finding is known to the verdicts: its place and rule."""
    cell = "" if finding["cell"] is None else f"#{finding['cell']}"
    return f"{finding['path']}{cell}:{finding['line']} {finding['rule']}"


def problems(outcome: Outcome, judged: Mapping[str, Verdict]) -> Iterator[str]:
    """What must not be: findings without a verdict, false alarms, lost findings, failures."""
    if outcome.failure:
        yield outcome.failure
        return
    for each in outcome.findings:
        verdict = judged.get(key(each))
        if each["severity"] in ("warning", "error"):
            if verdict is None or verdict.kind in QUIET:
                yield f"no verdict on: {key(each)}: {each['message']}"
            elif verdict.kind == "false":
                yield f"a false alarm: {key(each)}: {each['message']}"
    found = {key(each) for each in outcome.findings}
    for finding, verdict in judged.items():
        if finding not in found and verdict.kind != "false":
            yield f"no longer found: {finding}"


def unpacked(name: str, version: str, wheels: Path, into: Path) -> Path:
    """The programs and notebooks of a package's wheel, in a folder.

    Raises RuntimeError where it cannot be had.
    """
    pattern = f"{name.replace('-', '_')}-{version}-*.whl"
    if not any(wheels.glob(pattern)):
        # What is read needs no Python of its own version.
        wanted = ["--ignore-requires-python", "--dest", str(wheels), f"{name}=={version}"]
        done = subprocess.run(
            [sys.executable, *DOWNLOAD, *wanted], capture_output=True, encoding="utf-8"
        )
        if done.returncode or not any(wheels.glob(pattern)):
            raise RuntimeError(f"no wheel of {name} {version}: {done.stderr.strip()}")
    folder = into / name
    with zipfile.ZipFile(next(wheels.glob(pattern))) as wheel:
        texts = [each for each in wheel.namelist() if each.endswith((".py", ".ipynb"))]
        wheel.extractall(folder, texts)
    return folder


def _packages(only: Sequence[str], wheels: Path) -> Iterator[tuple[str, str, Outcome]]:
    for name, version in sources()["packages"].items():
        if only and name not in only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                yield name, version, analyse(unpacked(name, version, wheels, Path(folder)))
            except RuntimeError as error:
                yield name, version, Outcome(failure=str(error))


def _folders(given: Sequence[str]) -> Iterator[tuple[str, str, Outcome]]:
    commits = sources()["repositories"]
    for each in given:
        name, _, path = each.partition("=")
        yield name, commits.get(name, ""), analyse(Path(path))


def _kept(before: Mapping[str, Any], new: Mapping[str, Any], listed: Sequence[str]) -> dict:
    """Figures of all that is listed: the new ones, and else those of an earlier run."""
    both = {**before, **new}
    return {name: both[name] for name in listed if name in both}


def _in_lines(figures: Mapping[str, Any]) -> str:
    """JSON with a line for each source."""
    return re.sub(r"\n {3,}|\n {2}(?=\})", " ", json.dumps(figures, indent=1)) + "\n"


def write(packages: Mapping[str, Any], repositories: Mapping[str, Any]) -> None:
    """Writes the figures of a run over those of the one before, and the page."""
    before, listed = json.loads(FIGURES.read_text(encoding="utf-8")), sources()
    figures = {
        "date": datetime.date.today().isoformat(),
        "version": numpyro_lint.__version__,
        "python": platform.python_version(),
        "packages": _kept(before["packages"], packages, listed["packages"]),
        "repositories": _kept(before["repositories"], repositories, listed["repositories"]),
    }
    FIGURES.write_text(_in_lines(figures), encoding="utf-8")
    text = ecosystem_page.page(figures, listed, verdicts())
    ecosystem_page.PAGE.write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each source and what is wrong with it, and writes figures and page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", metavar="NAME=PATH", help="analysed as well")
    parser.add_argument("--wheels", type=Path, help="a folder that keeps what is downloaded")
    parser.add_argument("--only", action="append", default=[], help="these packages alone")
    options = parser.parse_args(arguments)
    judged, wrong = verdicts(), 0
    found: dict[str, dict[str, Any]] = {"packages": {}, "repositories": {}}
    with tempfile.TemporaryDirectory() as folder:
        runs = {
            "packages": _packages(options.only, options.wheels or Path(folder)),
            "repositories": _folders(options.folders),
        }
        for kind, outcomes in runs.items():
            for name, version, outcome in outcomes:
                print(name, version, outcome.figures, flush=True)
                for each in problems(outcome, judged.get(name, {})):
                    wrong += 1
                    print(f"  {each}")
                if not outcome.failure:
                    found[kind][name] = {"version": version, **outcome.figures}
    write(found["packages"], found["repositories"])
    print(f"{wrong} problems")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
