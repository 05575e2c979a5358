"""Python's own parser, for one thread at a time.

CPython counts the depth of the tree that it makes in one place for all threads, and may raise a
SystemError where two of them are at it; warnings are set aside for all of them as well.
"""

from __future__ import annotations

import ast
import warnings
from _thread import allocate_lock

_lock = allocate_lock()


def statements(text: str) -> list[ast.stmt]:
    """The statements of a text, without a word on what it should rather be. Raises SyntaxError."""
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text).body


def expression(text: str) -> ast.expr:
    """The expression that a text is. Raises SyntaxError."""
    with _lock:
        return ast.parse(text, mode="eval").body
