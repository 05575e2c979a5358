"""Where a site is named: at its own call, and by every key that means it."""

from __future__ import annotations

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Edit
from numpyro_lint.editor.subject import Subject, subject_at
from numpyro_lint.model.ir import Site
from numpyro_lint.model.mentions import Mention
from numpyro_lint.questions import mentions, namesakes
from numpyro_lint.rewrite.rename import rename_edits
from numpyro_lint.text import ELSEWHERE, Span


class NoRename(Exception):
    """Why a site cannot be renamed, in words for the user."""


def definitions(context: Context, offset: int) -> tuple[Span, ...]:
    """The calls of the sites that the name at a place means."""
    subject = subject_at(context, offset)
    sites = subject.sites if subject is not None else ()
    return tuple(site.name_span or site.span for site in sites)


def references(context: Context, offset: int, declared: bool = True) -> tuple[Span, ...]:
    """The names that mean the site at a place: those of its own calls are left out if not
    `declared`."""
    subject = subject_at(context, offset)
    if subject is None or not subject.sites:
        return ()
    sites = namesakes(context, subject.sites[0])
    own = {site.name_span or site.span for site in sites}
    found = {mention.span for mention in _mentions(context, sites)} | own
    return tuple(sorted(found if declared else found - own))


def renamed(context: Context, offset: int) -> tuple[Span, str]:
    """The place of the name at an offset, without its quotes, and the site's own name there.

    Raises NoRename where it cannot be renamed.
    """
    _, mention = _to_rename(context, offset)
    text = context.module.source.slice(mention.span)
    start = mention.span.start + text.index(mention.text) + len(mention.before)
    return Span(start, start + len(mention.name)), mention.name


def rename(context: Context, offset: int, new: str) -> tuple[Edit, ...]:
    """Every mention of the site at a place under a new name.

    Raises NoRename where the text does not tell all of them, or where the name is taken.
    """
    found, mention = _to_rename(context, offset)
    if not new or '"' in new or "'" in new or "\\" in new or not new.isprintable():
        raise NoRename(f"{new!r} cannot be written as the name of a site")
    if new == mention.name:
        return ()
    if any(site.name.literal == new for site in _beside(context, offset)):
        raise NoRename(f"'{new}' is the name of another site of the model")
    edits = rename_edits(context.module.source, found, new)
    if edits is None:
        raise NoRename(f"'{mention.name}' is not written as one plain string everywhere")
    return edits


def _to_rename(context: Context, offset: int) -> tuple[tuple[Mention, ...], Mention]:
    """All mentions of the site at a place, and the one that stands there."""
    if context.module.stale or context.module.problems:
        raise NoRename("the file does not parse")
    subject = subject_at(context, offset)
    if subject is None or not subject.sites:
        raise NoRename("here stands no name of a site")
    sites = namesakes(context, subject.sites[0])
    if any(site.span.start >= ELSEWHERE for site in sites):
        raise NoRename(f"'{subject.text}' is made in another file: rename it there")
    found = _mentions(context, sites)
    here = next((each for each in found if each.span == _name_of(subject)), None)
    if here is None:
        raise NoRename(f"the name of '{subject.text}' is computed, and not written out here")
    return found, here


def _name_of(subject: Subject) -> Span | None:
    return subject.sites[0].name_span if subject.is_site else subject.span


def _mentions(context: Context, sites: tuple[Site, ...]) -> tuple[Mention, ...]:
    return mentions(context, *sites)


def _beside(context: Context, offset: int) -> tuple[Site, ...]:
    """The sites of all models that have the one at a place."""
    subject = subject_at(context, offset)
    spans = {site.span for site in subject.sites} if subject is not None else set()
    found: list[Site] = []
    for model in context.models:
        sites = [effect.site for effect in model.prediction.effects]
        if any(site.span in spans for site in sites):
            found += sites
    return tuple(found)
