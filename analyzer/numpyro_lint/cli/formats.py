"""The formats that a run is written in: each is a module of its own, imported when it is asked for.

What programs read is written as UTF-8 whatever the locale: a path that is no text stands in it with
escapes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from numpyro_lint.record import field, record

if TYPE_CHECKING:
    from numpyro_lint.check import Report
    from numpyro_lint.cli.models import Detail
    from numpyro_lint.diagnostic import Severity


@record
class Outcome:
    """What a run has come to, for who writes it.

    `traced_by` says what traced the models, empty where none was; `fail_on` from which severity on
    a finding fails; `given` holds the bytes of what is in no file, as standard input, by its name;
    `shard` tells which part of a run it is, if it is one.
    """

    reports: Sequence[Report]
    seconds: float
    traced_by: str
    detail: Detail
    fail_on: Severity
    statistics: bool = False
    given: Mapping[str, bytes] = field(default_factory=dict)
    shard: Mapping[str, Any] | None = None


def write(outcome: Outcome, name: str, to: TextIO) -> None:
    """Writes a run in the format of this name."""
    if name == "text":
        from numpyro_lint.cli import text
        from numpyro_lint.cli.colour import Colour

        print(text.render(outcome, Colour.of(to)), file=to)
        return
    written = _WRITERS[name](outcome)
    if isinstance(to, io.TextIOWrapper):
        to.reconfigure(encoding="utf-8", errors="backslashreplace")
    print(written, end="\n" if written and not written.endswith("\n") else "", file=to)


def _concise(outcome: Outcome) -> str:
    from numpyro_lint.cli import concise

    return concise.render(outcome.reports)


def _json(outcome: Outcome) -> str:
    import json

    from numpyro_lint.document import document

    loaded = document(outcome.reports, outcome.seconds, outcome.statistics)
    if outcome.shard is not None:
        loaded["shard"] = outcome.shard
    return json.dumps(loaded, indent=1, ensure_ascii=False)


def _html(outcome: Outcome) -> str:
    from numpyro_lint.cli.html.render import render

    return render(outcome.reports, outcome.traced_by, outcome.detail)


def _github(outcome: Outcome) -> str:
    from numpyro_lint.cli import github

    return github.render(outcome)


def _sarif(outcome: Outcome) -> str:
    from numpyro_lint.cli import sarif

    return sarif.render(outcome)


def _gitlab(outcome: Outcome) -> str:
    from numpyro_lint.cli import gitlab

    return gitlab.render(outcome)


def _junit(outcome: Outcome) -> str:
    from numpyro_lint.cli import junit

    return junit.render(outcome)


_WRITERS: dict[str, Callable[[Outcome], str]] = {
    "concise": _concise,
    "json": _json,
    "html": _html,
    "github": _github,
    "sarif": _sarif,
    "gitlab": _gitlab,
    "junit": _junit,
}
FORMATS = ("text", *_WRITERS)
# Those that show findings, and neither models nor what would mend something.
FINDINGS = ("concise", "github", "gitlab")
# Those that have a place for `--statistics`.
COUNTED = ("text", "json")
