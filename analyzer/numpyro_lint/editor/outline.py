"""The models of a file and their sites, with the plates as parents, or one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.model.ir import Frame, Site
from numpyro_lint.model.lift import lift
from numpyro_lint.model.program import Function
from numpyro_lint.record import record
from numpyro_lint.text import ELSEWHERE, Source, Span

_LEFT_OUT = ("prng_key", "subsample")


@record
class Entry:
    """A model, plate or other site: `span` is all of it, `name_span` what is marked of it.

    `kind` is `model`, `guide`, or that of the site.
    """

    name: str
    kind: str
    detail: str
    span: Span
    name_span: Span
    inside: tuple[Entry, ...] = ()


def outline(context: Context) -> tuple[Entry, ...]:
    """The models, guides and their helpers that are written in the file, in order of place."""
    functions = context.module.functions.values()
    shown = (f for f in functions if any(True for _ in _sites(f)) and f.key < ELSEWHERE)
    return tuple(_function(function) for function in sorted(shown, key=lambda each: each.span))


@record
class Symbol:
    """A model, guide or site of a file, and the model or plate that it stands in."""

    name: str
    kind: str
    span: Span
    inside: str


def symbols(source: Source) -> tuple[Symbol, ...]:
    """All that the outline of a file holds, by its text alone."""
    entries = outline(Context(lift(source)))
    return tuple(each for entry in entries for each in _flat(entry, ""))


def _flat(entry: Entry, inside: str) -> Iterator[Symbol]:
    yield Symbol(entry.name, entry.kind, entry.name_span, inside)
    for each in entry.inside:
        yield from _flat(each, entry.name)


def _sites(function: Function) -> Iterator[Site]:
    return (site for site in function.sites if site.kind not in _LEFT_OUT)


def _function(function: Function) -> Entry:
    sites = sorted(_sites(function), key=lambda site: site.span)
    return Entry(
        function.name,
        function.role,
        "",
        function.span,
        function.name_span,
        _within(sites, None, function),
    )


def _within(sites: list[Site], plate: Site | None, function: Function) -> tuple[Entry, ...]:
    """The sites that stand in one plate, or in none."""
    return tuple(_entry(site, sites, function) for site in sites if _plate_of(site) == plate)


def _plate_of(site: Site) -> Site | None:
    frames = [each for each in site.place.frames if isinstance(each, Frame)]
    return frames[-1].plate if frames else None


def _entry(site: Site, sites: list[Site], function: Function) -> Entry:
    inside = _within(sites, site, function) if site.kind == "plate" else ()
    end = max([site.span.end, *(each.span.end for each in inside)])
    detail = " ".join((site.text or "").split()) if site.kind == "sample" else site.kind
    return Entry(
        site.name.glob or "?", site.kind, detail, Span(site.span.start, end), site.span, inside
    )
