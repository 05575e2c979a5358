"""`# numpyro-lint: ignore[rule] reason` and `# numpyro-lint: file-ignore[rule]`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from numpyro_lint.diagnostic import Diagnostic
from numpyro_lint.model.program import Module

_IGNORE = r"numpyro-lint:\s*(file-)?ignore\[([^\]]*)\]"


def suppressed(module: Module, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings that no comment of the file sets aside."""
    source = module.source
    whole: set[str] = set()
    lines: dict[int, set[str]] = {}
    for comment in module.comments:
        for match in re.finditer(_IGNORE, comment.text):
            names = {name.strip() for name in match[2].split(",")}
            if match[1]:
                whole |= names
            else:
                lines.setdefault(source.line(comment.span.start), set()).update(names)
    for each in found:
        last = source.line(max(each.span.start, each.span.end - 1))
        here = {
            name for line in (source.line(each.span.start), last) for name in lines.get(line, ())
        }
        if each.rule not in whole and each.rule not in here:
            yield each
