"""What the names mean that a file imports from others of its project.

All files that one file leads to are read into one space of offsets: the file itself begins at 0,
each other one far above, so that a span tells the file that it stands in.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from numpyro_lint.model.files import File
from numpyro_lint.model.ir import ClassRef, Symbol, Value
from numpyro_lint.model.project import Project
from numpyro_lint.model.scope import Body
from numpyro_lint.syntax.parse import Tree
from numpyro_lint.text import ELSEWHERE, Elsewhere, Source

_MOST_FILES = 200

Execute = Callable[[File, Tree], Body]


class Imports:
    """The files that were read on the way from one file, by their paths."""

    def __init__(self, project: Project, execute: Execute) -> None:
        self.project = project
        self.execute = execute
        self.files: dict[str, tuple[File, Body | None]] = {}
        self.known: dict[tuple[str, str], Value | None] = {}

    @property
    def sources(self) -> tuple[Elsewhere, ...]:
        """Every other file, with the offset at which it begins."""
        return tuple(Elsewhere(file.base, file.source) for file, _ in self.files.values())

    def value(self, file: File, qualified: str) -> Value | None:
        """What a name means in another file of the project; None where it is not of the project,
        or is a module itself."""
        key = file.source.path, qualified
        if key in self.known:
            return self.known[key]
        found = self.project.find(file.source.path, qualified)
        value = None
        if found is not None:
            body = self._body(file, found[0])
            if body is None:
                return None
            value = self._member(file, body, found[1])
        self.known[key] = value
        return value

    def names(self, file: File, qualified: str) -> dict[str, Value]:
        """What `from module import *` binds."""
        found = self.project.find(file.source.path, qualified)
        body = self._body(file, found[0]) if found is not None and not found[1] else None
        if body is None:
            return {}
        return {name: value for name, value in body.variables.items() if name[0] != "_"}

    def _body(self, file: File, path: str) -> Body | None:
        """The statements of a file, read; None while they are being read, and where they cannot."""
        if path in self.files:
            return self.files[path][1]
        read = self.project.read(path) if len(self.files) < _MOST_FILES else None
        if read is None or path == os.path.abspath(file.main.source.path):
            return None
        source, tree = read
        other = _beside(file, source, ELSEWHERE * (len(self.files) + 1))
        self.files[path] = other, None
        body = self.execute(other, tree)
        self.files[path] = other, body
        return body

    def _member(self, file: File, body: Body, parts: tuple[str, ...]) -> Value | None:
        if not parts:
            return None
        value = body.variables.get(parts[0])
        if isinstance(value, Symbol):
            further = ".".join((value.qualified, *parts[1:]))
            return self.value(body.file, further) or Symbol(further)
        if len(parts) == 1 or value is None:
            return value
        if isinstance(value, ClassRef) and len(parts) == 2:
            return file.attributes_of(value.key).get(parts[1])
        return None


def _beside(file: File, source: Source, base: int) -> File:
    """Another file, whose definitions are found like one's own."""
    main = file.main
    return File(
        source,
        main.read_function,
        definitions=main.definitions,
        functions=main.functions,
        classes=main.classes,
        reading=main.reading,
        walrus=":=" in source.text,
        yields="yield" in source.text,
        base=base,
        imports=main.imports,
        first=main,
    )
