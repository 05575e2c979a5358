"""Faults of comments to the linter, and of the text itself."""

from __future__ import annotations

from collections.abc import Iterator

from plants.host import MARK, Edit, Host, Planted
from plants.models import Site, written
from plants.registry import fault


def _comment(host: Host, site: Site, text: str) -> Edit | None:
    """A comment at the end of the line on which a site ends."""
    end = host.span(site.statement)[1]
    rest = host.text[end:].partition("\n")[0].strip()
    inside = not hasattr(site.statement, "body")
    return (end, end, f"  {MARK}# numpyro-lint: {text}") if not rest and inside else None


def _commented(host: Host, text: str) -> Iterator[Planted]:
    for model in written(host):
        for site in model.sites:
            if (edit := _comment(host, site, text)) is not None:
                yield host.edited(edit)


@fault("unknown-rule")
def no_rule(host: Host) -> Iterator[Planted]:
    """A comment that names no rule."""
    return _commented(host, "ignore[duplicate-sites]")


@fault("unused-suppression")
def nothing_to_ignore(host: Host) -> Iterator[Planted]:
    """A comment where nothing is to be silenced, of a rule that text alone decides."""
    return _commented(host, "ignore[positional-observation]")


@fault("invalid-comment")
def no_names(host: Host) -> Iterator[Planted]:
    """A comment that does not say what to ignore."""
    return _commented(host, "ignore")


@fault("invalid-syntax")
def no_colon(host: Host) -> Iterator[Planted]:
    """A def without its colon."""
    for model in written(host):
        first = model.node.body[0]
        start, _ = host.span(first)
        colon = host.text.rindex(":", 0, start)
        if not host.text[colon + 1 : start].strip():
            yield host.edited((colon, colon + 1, MARK))
