"""Where a site is named: at its own call, and by every key that means it."""

from __future__ import annotations

from numpyro_lint.context import Context
from numpyro_lint.editor.subject import Subject, subject_at
from numpyro_lint.model.ir import Site
from numpyro_lint.model.mentions import Mention
from numpyro_lint.questions import mentions, namesakes
from numpyro_lint.rewrite import name_in
from numpyro_lint.text import Span


class NoRename(Exception):
    """Why a site cannot be renamed, in words for the user."""


def definitions(context: Context, offset: int) -> tuple[Span, ...]:
    """The calls of the sites that the name at a place means."""
    subject = subject_at(context, offset)
    sites = subject.sites if subject is not None else ()
    return tuple(site.name_span or site.span for site in sites)


def references(context: Context, offset: int) -> tuple[Span, ...]:
    """The names in a file that mean the site at a place, with those of its own calls."""
    subject = subject_at(context, offset)
    if subject is None or not subject.sites:
        return ()
    sites = namesakes(context, subject.sites[0])
    own = {site.name_span or site.span for site in sites}
    return tuple(sorted({mention.span for mention in mentions(context, *sites)} | own))


def renamed(context: Context, offset: int) -> tuple[Span, str]:
    """The place of the name at an offset, without its quotes, and the site's own name there.

    Raises NoRename where it cannot be renamed.
    """
    _, mention = to_rename(context, offset)
    place = name_in(context.module.source, mention)
    if place is None:
        raise NoRename(f"'{mention.name}' is not written as one plain string here")
    return place, mention.name


def to_rename(context: Context, offset: int) -> tuple[tuple[Site, ...], Mention]:
    """The site at a place with its namesakes, and what names it there. Raises NoRename."""
    if context.module.stale or context.module.problems:
        raise NoRename("the file does not parse")
    subject = subject_at(context, offset)
    if subject is None or not subject.sites:
        raise NoRename("here stands no name of a site")
    sites = namesakes(context, subject.sites[0])
    found = mentions(context, *sites)
    here = next((each for each in found if each.span == _name_of(subject)), None)
    if here is None:
        raise NoRename(f"the name of '{subject.text}' is computed, and not written out here")
    return sites, here


def checked(new: str, old: str) -> bool:
    """Whether a new name is another than the old one. Raises NoRename where it is none."""
    if not new or '"' in new or "'" in new or "\\" in new or not new.isprintable():
        raise NoRename(f"{new!r} cannot be written as the name of a site")
    return new != old


def _name_of(subject: Subject) -> Span | None:
    return subject.sites[0].name_span if subject.is_site else subject.span
