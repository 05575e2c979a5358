"""Where a site is named in all files of a project: they are read as they lead to each other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Edit
from numpyro_lint.editor.occurrences import NoRename, checked, to_rename
from numpyro_lint.editor.subject import subject_at
from numpyro_lint.model.ir import Site
from numpyro_lint.questions import mentions, namesakes
from numpyro_lint.record import record
from numpyro_lint.rewrite.rename import rename_edits
from numpyro_lint.text import ELSEWHERE, Source, Span

# A file as the editor has it, given its path and a word that it must hold; None where it does not.
Look = Callable[[str, str], Context | None]
# The files that may lead to the one at a path.
Leading = Callable[[str], Iterable[str]]
_Place = tuple[str, Span]


@record
class Part:
    """A file that names some sites, and these as it knows them."""

    context: Context
    sites: tuple[Site, ...]

    @property
    def source(self) -> Source:
        return self.context.module.source


def parts(context: Context, sites: Iterable[Site], look: Look, leading: Leading) -> list[Part]:
    """The files that may name some sites of a file, and their namesakes: that file comes first."""
    sites = tuple(sites)
    word = sites[0].name.literal or ""
    here = _path_of(context.module.source)
    known = {_place(context, site) for site in sites}
    read: dict[str, Context | None] = {here: context}
    size = -1
    while len(known) > size:
        size = len(known)
        for home in {path for path, _ in known}:
            for path in (home, *leading(home)):
                if path not in read:
                    read[path] = look(path, word)
        for each in read.values():
            known |= set(_namesakes(each, known)) if each is not None else set()
    found = [Part(each, _found(each, known)) for each in read.values() if each is not None]
    return [each for each in found if each.sites or each.context.module.problems]


def _namesakes(context: Context, known: set[_Place]) -> Iterator[_Place]:
    for site in _found(context, known):
        yield from (_place(context, each) for each in namesakes(context, site))


def _found(context: Context, known: set[_Place]) -> tuple[Site, ...]:
    """Those of the sites that a file knows of."""
    module = context.module
    functions = (*module.functions.values(), *module.others.values())
    sites = {site.span: site for function in functions for site in function.sites}
    return tuple(sites[span] for span in sorted(sites) if _place(context, sites[span]) in known)


def _place(context: Context, site: Site) -> _Place:
    base, source = context.module.source.home(site.span.start)
    return _path_of(source), Span(site.span.start - base, site.span.end - base)


def _path_of(source: Source) -> str:
    return os.path.abspath(source.path)


def references(
    context: Context, offset: int, look: Look, leading: Leading, declared: bool = True
) -> list[tuple[Source, Span]]:
    """The names that mean the site at a place, in all files: those of its own calls are left out
    if not `declared`."""
    subject = subject_at(context, offset)
    if subject is None or not subject.sites:
        return []
    found: dict[tuple[str, Span], Source] = {}
    for part in parts(context, subject.sites[:1], look, leading):
        own = {site.name_span or site.span for site in part.sites}
        told = {each.span for each in mentions(part.context, *part.sites)}
        for span in sorted(told | own if declared else told - own):
            if span.start < ELSEWHERE:
                found[_path_of(part.source), span] = part.source
    return [(source, span) for (_, span), source in found.items()]


def rename(
    context: Context, offset: int, new: str, look: Look, leading: Leading
) -> list[tuple[Source, tuple[Edit, ...]]]:
    """Every mention of the site at a place under a new name, in all files.

    Raises NoRename where the texts do not tell all of them, or where the name is taken.
    """
    sites, here = to_rename(context, offset)
    if not checked(new, here.name):
        return []
    found = []
    for part in parts(context, sites, look, leading):
        edits = _renamed(part, new, here.name)
        if edits:
            found.append((part.source, edits))
    return found


def _renamed(part: Part, new: str, old: str) -> tuple[Edit, ...]:
    context, source = part.context, part.source
    if context.module.problems:
        raise NoRename(f"{source.path} does not parse, and may name '{old}'")
    spans = {site.span for site in part.sites}
    for model in context.models:
        beside = [effect.site for effect in model.prediction.effects]
        if any(site.span in spans for site in beside):
            if any(site.name.literal == new for site in beside):
                raise NoRename(f"'{new}' is the name of another site of the model")
    told = mentions(context, *part.sites)
    if part.sites and not told:
        raise NoRename(f"the name of '{old}' is computed in {source.path}")
    own = [each for each in told if each.span.start < ELSEWHERE]
    edits = rename_edits(source, own, new) if own else ()
    if edits is None:
        raise NoRename(f"'{old}' is not written as one plain string everywhere in {source.path}")
    return edits
