"""Colour, on a terminal only."""

from __future__ import annotations

import os
from typing import TextIO

from numpyro_lint.diagnostic import Severity
from numpyro_lint.record import record

_CODES = {"red": 31, "yellow": 33, "blue": 34, "cyan": 36, "bold": 1, "dim": 2}
_SEVERITIES = {
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.INFO: "blue",
    Severity.HINT: "cyan",
}


@record
class Colour:
    """Paints text, or leaves it as it is."""

    on: bool

    @staticmethod
    def of(stream: TextIO) -> Colour:
        """On where the stream is a terminal, unless NO_COLOR says otherwise (no-color.org)."""
        forced = bool(os.environ.get("FORCE_COLOR"))
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        return Colour(forced or (stream.isatty() and not plain))

    def paint(self, text: str, *styles: str) -> str:
        if not self.on or not styles:
            return text
        codes = ";".join(str(_CODES[style]) for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"

    def severity(self, text: str, severity: Severity) -> str:
        return self.paint(text, "bold", _SEVERITIES[severity])
