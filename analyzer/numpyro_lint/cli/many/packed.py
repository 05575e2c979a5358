"""Static reports as bytes, for other processes and later runs, with what they rest on.

Pickle, since a report is a graph of records: to read it back takes a twentieth of the time that it
takes to check the file. What is read back may name classes of this program and of `ast` alone, and
is no more than data.
"""

from __future__ import annotations

import ast
import hashlib
import io
import pickle
from enum import Enum
from typing import Any

from numpyro_lint.check import Report
from numpyro_lint.context import Context
from numpyro_lint.diagnostic import fix_of
from numpyro_lint.model.program import Module
from numpyro_lint.model.project import Found, Project
from numpyro_lint.record import record, replace
from numpyro_lint.syntax.parse import Tree
from numpyro_lint.text import Source

_PLAIN = {("builtins", name) for name in ("complex", "Ellipsis", "frozenset", "set")}
_OWN = "numpyro_lint."
_DATA = (Enum, tuple, ast.AST)
_SOURCE = "source"


@record
class Wants:
    """What a run shows of files besides findings: their models, and what would mend findings."""

    models: bool = True
    fixes: bool = True


@record
class Notes:
    """What a report rests on besides its own file: which file each name led to from a path, if
    any, and what was read of others, as digests."""

    found: tuple[tuple[str, str, Found | None], ...] = ()
    read: tuple[tuple[str, str | None], ...] = ()


class Noting(Project):
    """A project that notes what it is asked, from one `taken` to the next."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[tuple[str, str], Found | None] = {}
        self._read: dict[str, str | None] = {}
        self._digests: dict[str, str | None] = {}

    def find(self, path: str, qualified: str) -> Found | None:
        found = super().find(path, qualified)
        self._found[path, qualified] = found
        return found

    def read(self, path: str) -> tuple[Source, Tree] | None:
        read = super().read(path)
        self._read[path] = None if read is None else digest(read[0].text)
        return read

    def taken(self) -> Notes:
        """What was asked since this was last called."""
        found = tuple((*asked, answer) for asked, answer in self._found.items())
        notes = Notes(found, tuple(self._read.items()))
        self._found.clear()
        self._read.clear()
        return notes

    def holds(self, notes: Notes) -> bool:
        """Whether all that was noted would be answered alike; each file is read once for it."""
        if any(super(Noting, self).find(*asked) != found for *asked, found in notes.found):
            return False
        return all(self._digest_of(path) == known for path, known in notes.read)

    def _digest_of(self, path: str) -> str | None:
        if path not in self._digests:
            text = self.text(path)
            self._digests[path] = None if text is None else digest(text)
        return self._digests[path]


def digest(text: str) -> str:
    """What tells a text from all others."""
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=20).hexdigest()


def reduced(report: Report, wants: Wants) -> Report:
    """A report with what is wanted alone: its fixes are written, and not to be asked for."""
    found = tuple(
        replace(each, fix=fix_of(each) if wants.fixes else None, rewrite=None)
        for each in report.diagnostics
    )
    if wants.models:
        return replace(report, diagnostics=found)
    module = Module(report.source, {})
    return Report(report.source, module, Context(module), found)


def pack(report: Report, notes: Notes) -> bytes:
    """A static report that is reduced, as bytes.

    Raises RecursionError for what is nested too deep, and pickle.PicklingError.
    """
    source, stream = report.source, io.BytesIO()
    pickler = _Pickler(stream, source)
    pickler.dump((notes, source.elsewhere, report.module, report.diagnostics))
    return stream.getvalue()


def unpack(data: bytes, source: Source) -> tuple[Report, Notes]:
    """The report of `source`, and what it rests on. Raises ValueError where `data` is none."""
    try:
        notes, elsewhere, module, diagnostics = _Unpickler(io.BytesIO(data), source).load()
        if elsewhere:
            source = replace(source, elsewhere=elsewhere)
            module = replace(module, source=source)
        return Report(source, module, Context(module), diagnostics), notes
    except Exception as error:  # pickle names no end of them
        raise ValueError(f"no report: {error}") from error


class _Pickler(pickle.Pickler):
    """Leaves the source out: who reads a report has it."""

    def __init__(self, stream: io.BytesIO, source: Source) -> None:
        super().__init__(stream, protocol=5)
        self._source = source

    def persistent_id(self, thing: Any) -> str | None:
        return _SOURCE if thing is self._source else None


class _Unpickler(pickle.Unpickler):
    """Puts the source back, and makes nothing but records of this program and trees of Python."""

    def __init__(self, stream: io.BytesIO, source: Source) -> None:
        super().__init__(stream)
        self._source = source

    def persistent_load(self, name: Any) -> Source:
        return self._source

    def find_class(self, module: str, name: str) -> Any:
        # The condition of a handler stands in a report as it is written: a tree.
        known = module.startswith(_OWN) or module == ast.__name__
        found = super().find_class(module, name) if known else None
        if isinstance(found, type) and (_is_record(found) or issubclass(found, _DATA)):
            return found
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not part of a report")


def _is_record(found: type) -> bool:
    return hasattr(found, "__record_fields__")
