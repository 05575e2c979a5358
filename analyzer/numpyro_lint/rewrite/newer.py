"""Whether text that this Python cannot read is text of a newer one."""

from __future__ import annotations

import re

# Type parameters and `type` statements (3.12), template strings (3.14), `except A, B:` (3.14), and
# what stands in f-strings (3.12): only then is a second reader worth its time.
_NEWER = re.compile(
    r"""\b(?:def|class)\s+\w+\s*\[|^\s*type\s+\w+|\b[ft]r?["']|\bexcept\s+\w+\s*,""", re.VERBOSE
)
_IN_STRINGS = "f-string"
# No Python reads brackets that are nested deeper. libcst goes into them until the stack of the
# process is used up, and takes the square of their number for operators in one expression.
_DEEPEST, _LONGEST = 200, 5_000
_STRING, _END = r"""'[^'\r\n]*'|"[^"\r\n]*\"""", r"[,;\r\n]"


def is_newer_python(text: str, line: str, message: str) -> bool:
    """Whether libcst, which reads all syntax up to Python 3.14, can read what `ast` could not.

    `line` is the one that `ast` has stopped at, and `message` what it said.
    """
    if not (_NEWER.search(line) or _IN_STRINGS in message) or _is_too_deep(text):
        return False
    import libcst

    try:
        libcst.parse_module(text)
    except (libcst.ParserSyntaxError, RecursionError, UnicodeEncodeError):
        # The last for half a character, which a notebook can hold and no Python reads.
        return False
    return True


def _is_too_deep(text: str) -> bool:
    """Whether a text may be nested deeper than any Python reads."""
    depth = deepest = 0
    for bracket in re.findall(r"[()\[\]{}]", text):
        depth += 1 if bracket in "([{" else -1
        deepest = max(deepest, depth)
    # Long strings and lists of data are no long expressions.
    pieces = re.split(_END, re.sub(_STRING, "", text))
    return deepest > _DEEPEST or max(map(len, pieces)) > _LONGEST
