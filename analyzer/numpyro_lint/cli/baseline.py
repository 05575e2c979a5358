"""`--baseline`: the findings that are known, so that only new ones count.

The file is JSON to be read and reviewed: by path, from its own folder, a line for each known
finding, with what makes it the same one when lines move, and how often it is found there.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from numpyro_lint.check import Report, have_looked
from numpyro_lint.cli.files import UsageError
from numpyro_lint.cli.fingerprints import Identity, identity
from numpyro_lint.cli.models import many
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Diagnostic, Origin
from numpyro_lint.record import record, replace

VERSION = 1
_STATIC = Origin.STATIC.value
# What tells of this program is never held.
_INTERNAL = "internal-error"


@record
class Known:
    """How often a finding is known in a file, and what it was seen by."""

    count: int
    source: str = _STATIC


@record
class Baseline:
    """The known findings by the paths of their files, as seen from the folder of `path`."""

    path: str
    known: Mapping[str, Mapping[Identity, Known]]

    def holding(self, report: Report) -> Report:
        """A report with its known findings set aside; of several that are the same, the first."""
        known = self.known.get(self._key(report.source.path), {})
        left = Counter({same: each.count for same, each in known.items()})
        held: list[Diagnostic] = []
        kept: list[Diagnostic] = []
        for each in report.diagnostics:
            same = identity(each, report.source)
            is_known = left[same] > 0 and each.rule != _INTERNAL
            left[same] -= is_known
            (held if is_known else kept).append(each)
        return replace(report, diagnostics=tuple(kept), held=tuple(held))

    def pruned(self, reports: Sequence[Report], settings: Settings) -> Baseline:
        """Without what is gone: what the rules would report that have looked, and files that are
        no more. What a run has not looked at stays, as what a trace saw where none is made."""
        read = {self._key(report.source.path): report for report in reports}
        left = {
            path: dict(known)
            for path, known in self.known.items()
            if path in read or self._exists(path)
        }
        for path, report in read.items():
            known = left.get(path, {})
            now = _known(report)
            by_text, looked = (have_looked(report, settings, each) for each in (True, False))
            for same, each in known.items():
                if same.rule in (by_text if each.source == _STATIC else looked):
                    seen = now[same].count if same in now else 0
                    known[same] = replace(each, count=min(each.count, seen))
        return Baseline(self.path, _without_none(left))

    def grown(self, reports: Iterable[Report]) -> Baseline:
        """With all that is found."""
        known = {path: dict(each) for path, each in self.known.items()}
        for report in reports:
            here = known.setdefault(self._key(report.source.path), {})
            for same, seen in _known(report).items():
                if same not in here or here[same].count < seen.count:
                    here[same] = seen
        return Baseline(self.path, _without_none(known))

    @property
    def count(self) -> int:
        """How many findings are known."""
        return sum(each.count for known in self.known.values() for each in known.values())

    def _key(self, path: str) -> str:
        """A path as seen from the folder of the baseline; as it is where there is no way."""
        folder = os.path.dirname(os.path.abspath(self.path))
        try:
            seen = os.path.relpath(os.path.realpath(path), os.path.realpath(folder))
        except ValueError:
            seen = os.path.abspath(path)  # on another drive
        return seen.replace(os.sep, "/")

    def _exists(self, key: str) -> bool:
        return os.path.exists(os.path.join(os.path.dirname(os.path.abspath(self.path)), key))


def _known(report: Report) -> dict[Identity, Known]:
    """What is found in a file; what only a trace saw once is what only a trace sees."""
    found: dict[Identity, Known] = {}
    for each in report.found:
        if each.rule != _INTERNAL:
            same = identity(each, report.source)
            before = found.get(same, Known(0))
            source = each.source.value if before.source == _STATIC else before.source
            found[same] = Known(before.count + 1, source)
    return found


def _without_none(
    known: Mapping[str, Mapping[Identity, Known]],
) -> dict[str, dict[Identity, Known]]:
    left = {
        path: {same: each for same, each in found.items() if each.count}
        for path, found in known.items()
    }
    return {path: found for path, found in left.items() if found}


def load(path: str, may_lack: bool = False) -> Baseline:
    """Reads a baseline; an empty one where there is no file and there `may_lack` one.

    Raises UsageError for what is no baseline, or cannot be read.
    """
    if not os.path.exists(path):
        if may_lack:
            return Baseline(path, {})
        raise UsageError(f"{path}: there is no such baseline; --write-baseline writes it")
    if not os.path.isfile(path):
        raise UsageError(f"{path}: no file")
    try:
        with open(path, encoding="utf-8") as file:
            loaded = json.load(file)
        if loaded["version"] != VERSION:
            said = f"a baseline of version {loaded['version']}, and only {VERSION} is read"
            raise UsageError(f"{path}: {said}")
        return Baseline(path, {name: _read(each) for name, each in loaded["files"].items()})
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        said = f"{type(error).__name__}: {error}"
        raise UsageError(f"{path}: not a baseline of numpyro-lint ({said})") from error


def _read(entries: Iterable[Mapping[str, Any]]) -> dict[Identity, Known]:
    known: dict[Identity, Known] = {}
    for each in entries:
        same = Identity(each["rule"], each.get("model"), each.get("site"), each["line"])
        # Two branches of a repository may each have added it.
        count = int(each.get("count", 1)) + (known[same].count if same in known else 0)
        known[same] = Known(count, each.get("source", _STATIC))
    return known


def save(baseline: Baseline) -> None:
    """Writes a baseline, whole or not at all. Raises UsageError where it cannot be written."""
    from numpyro_lint.cli.save import save_whole

    files = ",\n".join(
        f"  {_dumped(path)}: [\n{_entries(known)}\n  ]"
        for path, known in sorted(baseline.known.items())
    )
    body = f"{{\n{files}\n }}" if files else "{}"
    text = f'{{\n "version": {VERSION},\n "files": {body}\n}}\n'
    try:
        save_whole(baseline.path, text.encode(errors="backslashreplace"))
    except OSError as error:
        raise UsageError(f"{baseline.path}: not written: {error.strerror}") from error


def _entries(known: Mapping[Identity, Known]) -> str:
    lines = (f"   {_dumped(_entry(*each))}" for each in sorted(known.items(), key=repr))
    return ",\n".join(lines)


def _entry(same: Identity, known: Known) -> dict[str, Any]:
    """A known finding, without what there is to say nothing of."""
    told = {
        **same._asdict(),
        "count": known.count if known.count > 1 else None,
        "source": known.source if known.source != _STATIC else None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def kept(
    baseline: Baseline, reports: Sequence[Report], settings: Settings, write: bool, prune: bool
) -> Iterator[str]:
    """Writes the baseline anew where that is asked for. Gives lines for the user: what was written,
    or that some of what is known is gone. Raises UsageError."""
    pruned = baseline.pruned(reports, settings)
    gone = many(baseline.count - pruned.count, "known finding")
    if write:
        grown = pruned.grown(reports)
        save(grown)
        yield f"{many(grown.count, 'finding')} written to {baseline.path}"
    elif pruned.count == baseline.count:
        return
    elif prune:
        save(pruned)
        yield f"{gone} removed from {baseline.path}, {pruned.count} left"
    else:
        yield f"{gone} of {baseline.path} no longer found; --prune-baseline removes them"
