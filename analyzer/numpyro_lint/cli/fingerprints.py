"""What makes a finding the same one when the lines around it have moved."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from numpyro_lint.check import Report
from numpyro_lint.cli.places import relative
from numpyro_lint.diagnostic import Diagnostic
from numpyro_lint.text import Source

_LONGEST = 200


class Identity(NamedTuple):
    """What is the same of a finding in its file, wherever its line stands.

    `line` is the text of the line that it begins in, however that is indented.
    """

    rule: str
    model: str | None
    site: str | None
    line: str


def identity(each: Diagnostic, source: Source) -> Identity:
    """What makes a finding of a file the same one."""
    base, own = source.home(each.span.start)
    line = " ".join(own.line_text(own.line(each.span.start - base)).split())
    return Identity(each.rule, each.model, each.site, _shortened(line))


def _shortened(line: str) -> str:
    """A line that is not endless, as that of a notebook whose JSON is one line."""
    if len(line) <= _LONGEST:
        return line
    return f"{line[: _LONGEST // 2]}... {_digest(line)}"


def fingerprints(report: Report) -> Iterator[tuple[Diagnostic, str, bool]]:
    """All findings of a file in order of place, each with a fingerprint that no other has, and
    whether a baseline holds it."""
    path, held = relative(report.source.path), set(map(id, report.held or ()))
    seen = Counter[Identity]()
    for each in report.found:
        same = identity(each, report.source)
        seen[same] += 1
        yield each, _digest(json.dumps([path, *same, seen[same]])), id(each) in held


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
