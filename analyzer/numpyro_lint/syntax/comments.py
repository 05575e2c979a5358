"""Comments with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from numpyro_lint.syntax.parse import Tree
from numpyro_lint.text import Source, Span

_MARK = "numpyro-lint:"


def comments(source: Source, tree: Tree) -> Iterator[tuple[Span, str]]:
    """The comments of a file that speak to this tool, in order.

    Tokenising costs more than parsing: files that never name the tool are passed over.
    """
    if _MARK not in tree.text:
        return
    for match in re.finditer(r"#[^\r\n]*", tree.text):
        if _MARK in match[0] and _is_comment(source, tree.text, match.start()):
            yield Span(match.start(), match.end()), match[0]


def _is_comment(source: Source, text: str, offset: int) -> bool:
    """Whether the `#` at `offset` starts a comment and does not stand in a string."""
    line = source.line(offset)
    start = source.line_starts[line - 1]
    if not text[start:offset].strip():
        return not _inside_string(text, start, offset)
    import io
    import tokenize

    try:
        for token in tokenize.generate_tokens(io.StringIO(text[start:]).readline):
            if token.type == tokenize.COMMENT and token.start == (1, offset - start):
                return True
            if token.start[0] > 1:
                return False
    except (tokenize.TokenError, SyntaxError):
        return True
    return False


def _inside_string(text: str, start: int, offset: int) -> bool:
    before = text[:start]
    return before.count('"""') % 2 == 1 or before.count("'''") % 2 == 1
