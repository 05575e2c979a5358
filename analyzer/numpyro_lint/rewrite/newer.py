"""Whether text that this Python cannot read is text of a newer one."""

from __future__ import annotations

import re

# Type parameters and `type` statements (3.12), quotes and comments within f-strings (3.12),
# template strings (3.14), `except A, B:` (3.14): only then is a second reader worth its import.
_NEWER = re.compile(
    r"""\b(?:def|class)\s+\w+\s*\[|^\s*type\s+\w+|\b[ft]r?["']|\bexcept\s+\w+\s*,""",
    re.MULTILINE | re.VERBOSE,
)


def is_newer_python(text: str) -> bool:
    """Whether libcst, which reads all syntax up to Python 3.14, can read what `ast` could not."""
    if not _NEWER.search(text):
        return False
    import libcst

    try:
        libcst.parse_module(text)
    except (libcst.ParserSyntaxError, RecursionError):
        return False
    return True
