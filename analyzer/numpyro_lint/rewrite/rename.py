"""A site under another name, in every place of the file that means it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import count

from numpyro_lint.diagnostic import Edit, Fix
from numpyro_lint.model.mentions import Mention
from numpyro_lint.rewrite.scope import assigned_to
from numpyro_lint.text import Source, Span

_LITERAL = re.compile(r"""([rRuU]?)(['"]{3}|['"])(.*)\2""", re.DOTALL)


def rename_edits(source: Source, mentions: Iterable[Mention], new: str) -> tuple[Edit, ...] | None:
    """Writes `new` for the name in each mention; None where one of them is no plain string."""
    edits = []
    for each in mentions:
        place = name_in(source, each)
        if place is None:
            return None
        edits.append(Edit(place, new))
    return tuple(edits) or None


def name_in(source: Source, mention: Mention) -> Span | None:
    """Where in a mention the name is written; None where it is no plain string."""
    literal = _LITERAL.fullmatch(source.slice(mention.span))
    if literal is None or literal[3] != mention.text:
        return None
    start = mention.span.start + literal.start(3) + len(mention.before)
    return Span(start, start + len(mention.name))


def rename_fix(source: Source, mentions: Iterable[Mention], new: str) -> Fix | None:
    """Renames a site; unsafe, as the trace has another name then."""
    found = tuple(mentions)
    edits = rename_edits(source, found, new)
    return Fix(f"Rename '{found[0].name}' to '{new}'", edits) if edits else None


def free_name(source: Source, site: Span, old: str, taken: Collection[str]) -> str | None:
    """A name for a site from what its value is assigned to; None where that is no new one."""
    name = assigned_to(source, site)
    return name if name and name != old and name not in taken else None


def numbered(old: str, taken: Collection[str]) -> str:
    """`old_2`, or the first number after that which no site has."""
    return next(name for n in count(2) if (name := f"{old}_{n}") not in taken)
