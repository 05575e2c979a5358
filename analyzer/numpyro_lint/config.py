"""What a project decides, as frozen `Settings`; `configuration` reads them from files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from numpyro_lint.diagnostic import Severity
from numpyro_lint.record import field, record


class ConfigError(Exception):
    """A configuration that cannot be used; the message says file, key and the near name."""


@record
class Settings:
    """Everything that the user decides; `config_schema` says what each may be.

    `models` maps `path.py:model` to its arguments; `root` is the folder that patterns start from.
    """

    select: tuple[str, ...] = ("ALL",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    pedantic: bool = False
    min_severity: Severity | None = None
    fail_on: Severity = Severity.WARNING
    exclude: tuple[str, ...] = ()
    python: str | None = None
    platform: str = "cpu"
    seed: int = 0
    timeout: float = 20.0
    baseline: str | None = None
    models: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    root: str | None = None

    def excludes(self, path: str) -> bool:
        """Whether a file is left out."""
        return bool(self.exclude) and matches(path, self.exclude, self.root)

    def ignored_in(self, path: str) -> tuple[str, ...]:
        """The names of the rules that are not run in a file."""
        if not self.per_file_ignores:
            return self.ignore
        own = (
            names
            for pattern, names in self.per_file_ignores.items()
            if matches(path, (pattern,), self.root)
        )
        return (*self.ignore, *(name for names in own for name in names))


def matches(path: str, patterns: Iterable[str], root: str | None) -> bool:
    """Whether a pattern names a path, a part of it, or a folder that holds it.

    Patterns are of paths as they are seen from `root`, where they stand below it. `*` also crosses
    folders.
    """
    import fnmatch

    seen = path if root is None else os.path.relpath(os.path.abspath(path), root)
    name = os.path.normpath(path if seen.startswith("..") else seen).replace(os.sep, "/")
    for pattern in patterns:
        plain = pattern.removeprefix("./").rstrip("/")
        for form in {plain, plain.replace("**/", "")}:
            whole = (form, f"{form}/*")
            if any(fnmatch.fnmatchcase(name, each) for each in whole):
                return True
            if any(fnmatch.fnmatchcase(part, form) for part in name.split("/")):
                return True
    return False


def near(name: object, known: Iterable[str]) -> str:
    """`; did you mean '...'?` where a known name is close, else nothing."""
    if not isinstance(name, str):
        return ""
    from difflib import get_close_matches

    found = get_close_matches(name, known, n=1)
    return f"; did you mean '{found[0]}'?" if found else ""
