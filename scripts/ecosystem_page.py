"""docs/ecosystem.md: what ecosystem.py found in programs of others, and what was made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecosystem import Verdict

    Verdicts = Mapping[str, Mapping[str, Verdict]]

PAGE = Path(__file__).resolve().parent.parent / "docs/ecosystem.md"
TEXT = """\
# On programs of others

numpyro-lint VERSION on packages of PyPI and clones of repositories that use NumPyro: by text alone
(`--static`), with nothing configured, each in one process on Python PYTHON. Last run on DATE.

FILES files and MODELS models in SECONDS s, none with a crash or an internal error: ERRORS errors,
WARNINGS warnings, INFOS pieces of information.

## What it said, judged

Every warning and error was judged by reading the code, and by running NumPyro where in doubt.

JUDGED

Meant is what is true, and there on purpose or of no consequence, as in a test of the library or a
lesson. What was false has been mended since:

MENDED

Of the information a sample was judged, at most two of a rule from each source: of QUIET pieces
USEFUL are useful, NOISE noise. The noise:

NOISY

What was missed is not told by all this: `make faults` is for that.

## The mistakes

LISTED

## Packages

PACKAGES

Looked at as well, with no file that names numpyro in the wheel: NONE. WITHOUT has no wheel.

## Repositories

REPOSITORIES

## How it is done

`make ecosystem` downloads the wheels that tests/ecosystem/sources.toml pins, and analyses them;
`make ecosystem FOLDERS="pyro-ppl/numpyro=/path/of/a/clone"` a clone besides: the figures of
repositories are those of the last run that was given them. It writes this page, and fails where a
warning or error has no verdict in tests/ecosystem/verdicts.toml or is a false alarm, where one that
was judged is no longer found, and where an analysis fails.

Files count as they are found; many of a package do not use NumPyro. Nothing is traced: that needs
what each package imports, installed. Functions in a syntax newer than the Python that reads are not
checked, which is `invalid-syntax` as information. LACKING
"""


def page(figures: Mapping[str, Any], listed: Mapping[str, Any], verdicts: Verdicts) -> str:
    """The page, from figures of a run, the list of sources and the verdicts."""
    rows = [*figures["packages"].values(), *figures["repositories"].values()]
    kinds = [each.kind for judged in verdicts.values() for each in judged.values()]
    totals = ("files", "models", "seconds", "errors", "warnings", "infos")
    words = {name.upper(): f"{sum(row[name] for row in rows):.0f}" for name in totals}
    words |= {kind.upper(): str(kinds.count(kind)) for kind in ("useful", "noise")}
    words |= {
        "VERSION": figures["version"],
        "PYTHON": figures["python"].rpartition(".")[0],
        "DATE": figures["date"],
        "QUIET": str(kinds.count("useful") + kinds.count("noise")),
        "JUDGED": "\n".join(_judged(listed, verdicts)),
        "LACKING": listed["lacking"],
        "MENDED": "\n".join(_lines("false", verdicts)),
        "NOISY": "\n".join(_lines("noise", verdicts)),
        "LISTED": "\n".join(_lines("true", verdicts)),
        "PACKAGES": "\n".join(_table(figures["packages"])),
        "REPOSITORIES": "\n".join(_table(figures["repositories"], "commit")),
        "NONE": ", ".join(each.replace("==", " ") for each in listed["none"].split()),
        "WITHOUT": listed["without_wheel"],
    }
    return re.sub(r"\b[A-Z]{4,}\b", lambda each: words.get(each[0], each[0]), TEXT)


def _judged(listed: Mapping[str, Any], verdicts: Verdicts) -> Iterator[str]:
    """The table of what became of warnings and errors, with those that were false at first."""
    yield "| | true | meant | false | true or meant |"
    yield "|-|-|-|-|-|"
    everything = dict.fromkeys((*listed["packages"], *listed["repositories"]))
    parts = {"packages": listed["packages"], "repositories": listed["repositories"]}
    for what, names in {**parts, "all": everything}.items():
        kinds = [each.kind for name in names for each in verdicts.get(name, {}).values()]
        true, meant, false = map(kinds.count, ("true", "meant", "false"))
        share = (true + meant) / max(true + meant + false, 1)
        yield f"| {what} | {true} | {meant} | {false} | {share:.0%} |"


def _lines(kind: str, verdicts: Verdicts) -> Iterator[str]:
    """A line for each verdict of a kind, those of one source and reason together."""
    for source, judged in verdicts.items():
        together: dict[tuple[str, str], list[str]] = {}
        for finding, verdict in judged.items():
            if verdict.kind == kind:
                place, _, rule = finding.rpartition(" ")
                together.setdefault((rule, verdict.why), []).append(place)
        for (rule, why), places in together.items():
            shown = ", ".join(f"`{each}`" for each in _shortened(places))
            yield f"- **{source}**, {shown}: {why} ([{rule}](rules/{rule}.md))"


def _shortened(places: Sequence[str]) -> Iterator[str]:
    """Places of one file after the other, the path told once."""
    before = ""
    for place in places:
        path, divider, where = re.match(r"([^:#]+)([:#])(.*)", place).groups()  # type: ignore[union-attr]
        yield f"{divider}{where}" if path == before else place
        before = path


def _table(rows: Mapping[str, Mapping[str, Any]], version: str = "version") -> Iterator[str]:
    """The figures of packages, or of repositories with a link to the commit."""
    yield f"| | {version} | files | with models | models | s | errors | warnings | infos | rules |"
    yield "|-|-|-|-|-|-|-|-|-|-|"
    for name, row in rows.items():
        rules = ", ".join(f"{rule} {count}" for rule, count in row["rules"].items())
        counts = ("files", "with_models", "models", "seconds", "errors", "warnings", "infos")
        numbers = " | ".join(str(row[each]) for each in counts)
        shown = row["version"]
        if version == "commit":
            shown = f"[{shown[:8]}](https://github.com/{name}/tree/{shown})"
        yield f"| {name} | {shown} | {numbers} | {rules} |"
