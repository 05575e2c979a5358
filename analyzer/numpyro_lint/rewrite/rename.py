"""A site under another name, in every place of the file that means it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from numpyro_lint.diagnostic import Edit, Fix
from numpyro_lint.model.uses import Use
from numpyro_lint.text import Source

_LITERAL = re.compile(r"""([rRuU]?)(['"]{3}|['"])(.*)\2""", re.DOTALL)


def rename_edits(source: Source, uses: Iterable[Use], new: str) -> tuple[Edit, ...] | None:
    """Writes `new` for the name in each of its uses; None where one of them is no plain string."""
    edits = []
    for use in uses:
        literal = _LITERAL.fullmatch(source.slice(use.span))
        if literal is None or literal[3] != use.text:
            return None
        prefix, quote, _ = literal.groups()
        edits.append(Edit(use.span, f"{prefix}{quote}{use.before}{new}{use.after}{quote}"))
    return tuple(edits) or None


def rename_fix(source: Source, uses: Iterable[Use], new: str) -> Fix | None:
    """Renames a site; unsafe, as the trace has another name then."""
    found = tuple(uses)
    edits = rename_edits(source, found, new)
    return Fix(f"Rename '{found[0].name}' to '{new}'", edits) if edits else None
