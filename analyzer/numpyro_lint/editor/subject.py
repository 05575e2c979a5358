"""What stands at a place of a file: a site, or a name that means one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numpyro_lint.context import Context
from numpyro_lint.model.given import named
from numpyro_lint.model.ir import Handler, Key, Site
from numpyro_lint.model.mentions import effects_of
from numpyro_lint.questions import key_uses
from numpyro_lint.record import record
from numpyro_lint.text import ELSEWHERE, Span


@record
class Subject:
    """A name at a place, and the `sites` that it means, which may stand in other files.

    `handlers` are those that go by it, where it is a key of theirs. `is_site`: it stands in the
    call of the site itself.
    """

    span: Span
    text: str
    sites: tuple[Site, ...]
    handlers: tuple[Handler, ...] = ()
    is_site: bool = False


def subject_at(context: Context, offset: int) -> Subject | None:
    """What the name at an offset means; None where there is none that means a site."""
    for subject in (*_keys(context, offset), *_of_site(context, offset)):
        return subject
    return None


def _of_site(context: Context, offset: int) -> Iterator[Subject]:
    """The site whose call is at an offset: its name, or what comes before that."""
    for site in sites_of(context):
        if site.name_span is not None and site.span.start <= offset <= site.name_span.end:
            is_name = offset >= site.name_span.start
            span = site.name_span if is_name else Span(site.span.start, site.name_span.start)
            yield Subject(span, site.name.glob, (site,), is_site=True)


def _keys(context: Context, offset: int) -> Iterator[Subject]:
    """The name of a handler's table, or of one that inference is given or that is read of it."""
    for uses in key_uses(context):
        key = uses[0][1]
        if _is_at(key, offset):
            handlers = tuple(entry.handler for entry, _ in uses)
            seen = (each.site for entry, _ in uses for each in entry.called(key.text))
            yield Subject(key.span, key.text, _distinct(seen), handlers)
    for given in named(context.module):
        if _is_at(given.key, offset):
            effects = (e for run in given.runs for e in effects_of(run, context.prediction))
            meant = (e.site for e in effects if e.name.literal == given.key.text)
            yield Subject(given.key.span, given.key.text, _distinct(meant))


def _is_at(key: Key, offset: int) -> bool:
    return key.span.start <= offset <= key.span.end and key.span.start < ELSEWHERE


def _distinct(sites: Iterable[Site]) -> tuple[Site, ...]:
    return tuple({site.span: site for site in sites}.values())


def sites_of(context: Context) -> Iterator[Site]:
    """The sites that are written in the file itself, in order of place."""
    functions = context.module.functions.values()
    found = {site.span: site for function in functions for site in function.sites}
    return (found[span] for span in sorted(found) if span.start < ELSEWHERE)
