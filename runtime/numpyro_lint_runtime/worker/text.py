"""The text of a request as a tree, whose statements are compiled at their own positions."""

from __future__ import annotations
import __future__

import ast
from types import CodeType

from ..protocol import Failure, FileRequest, Position
from .failure import failure_of

_NO_ANNOTATIONS = __future__.annotations.compiler_flag


class SliceError(Exception):
    """What is asked for could not be had; `failure` tells why and where."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Text:
    """A parsed file, whose statements are found by where they start."""

    def __init__(self, request: FileRequest) -> None:
        self.path = request.path
        self.tree = ast.parse(request.text, request.path)
        self.flags = _future_flags(self.tree)
        self._codes: dict[tuple[ast.stmt, bool], CodeType] = {}
        self._statements: dict[tuple[int, int], ast.stmt] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.stmt):
                self._statements.setdefault((node.lineno, node.col_offset), node)
                for decorator in getattr(node, "decorator_list", [])[:1]:
                    start = (decorator.lineno, node.col_offset)  # that of the "@"
                    self._statements.setdefault(start, node)

    def statement(self, position: Position) -> ast.stmt:
        """The statement that starts at a position; raises SliceError."""
        node = self._statements.get((position.line, position.column))
        if node is None:
            message = f"no statement starts at line {position.line}, column {position.column}"
            raise SliceError(Failure("slice", "LookupError", message, position))
        return node

    def code(self, node: ast.stmt, annotated: bool = True) -> CodeType:
        """The code of one statement: the models of a file have most of theirs in common."""
        key = node, annotated
        if key not in self._codes:
            self._codes[key] = self.compile(ast.Module([node], []), annotated=annotated)
        return self._codes[key]

    def compile(
        self, node: ast.Module, path: str | None = None, annotated: bool = True
    ) -> CodeType:
        """The code of a tree; where it is not `annotated`, annotations are not evaluated."""
        flags = self.flags if annotated else self.flags | _NO_ANNOTATIONS
        code = compile(node, path or self.path, "exec", flags=flags, dont_inherit=True)
        assert isinstance(code, CodeType)
        return code


def _future_flags(tree: ast.Module) -> int:
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(__future__, alias.name).compiler_flag
    return flags


def load_text(request: FileRequest) -> Text:
    """Parse the file; raises SliceError where this Python cannot."""
    try:
        return Text(request)
    except (SyntaxError, ValueError) as error:
        raise SliceError(failure_of(error, "slice", request.path)) from None
