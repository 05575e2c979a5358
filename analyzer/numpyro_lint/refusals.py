"""What the traces of a file's models have met twice, and what they could not do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Diagnostic, Origin, Related
from numpyro_lint.model.attach import fails_by_default, span_of
from numpyro_lint.model.densities import with_arguments_of
from numpyro_lint.model.program import Module
from numpyro_lint.model.raised import rule_of
from numpyro_lint.model.repeated import Kind, Repeated, repeated
from numpyro_lint.model.traced import Hazard, is_branching, may_be_untraced, traced_by
from numpyro_lint.questions import drawn_uses
from numpyro_lint.record import record, replace
from numpyro_lint.text import ELSEWHERE, Span


@record
class Raised:
    """An exception of a traced model: the user's line, what it says, the site on its way, and the
    run whose arguments it takes, where these are not those of the model's own trace."""

    span: Span
    said: str
    site: str | None
    run: Span | None = None

    @property
    def related(self) -> tuple[Related, ...]:
        return with_arguments_of(self.run)


def repeats(context: Context, model: Model, kind: Kind) -> Iterator[Repeated]:
    """The names that the trace of a model has met twice, where that is of this kind."""
    if model.trace is not None and not model.is_drawn:
        yield from (each for each in context.once(_repeats, model) if each.kind == kind)


def _repeats(context: Context, model: Model) -> tuple[Repeated, ...]:
    return tuple(repeated(model.trace))


def raised(context: Context, model: Model) -> Iterator[Raised]:
    """What a model raises with the user's own arguments, where the rule at work is about it."""
    seen: set[Span] = set()
    for trace in model.traces:
        failure = trace.result.failure
        if trace.ok or failure is None or not trace.is_users or context.rule is None:
            continue
        if fails_by_default(trace, model.function):
            continue
        span = span_of(context.module.source, failure.position)
        if span is None or span in seen or rule_of(failure) != context.rule.name:
            continue
        seen.add(span)
        message = failure.message.strip().partition("\n")[0]
        said = f"{failure.exception}: {message}" if message else f"{failure.exception} without text"
        yield Raised(span, said, failure.site, trace.run)


def refusal(context: Context, model: Model, error: Raised, message: str) -> Diagnostic:
    """A finding of the rule at work where a model raises."""
    return context.report(
        error.span,
        message,
        site=error.site,
        model=model.function.name,
        source=Origin.TRACE,
        related=error.related,
    )


def refused(
    context: Context, found: Iterable[Diagnostic], what: str, *models: Model
) -> Iterator[Diagnostic]:
    """What the text shows of a mistake that NumPyro raises on, and what a trace alone shows.

    A finding of a model whose trace was refused for it is the trace's. `what` is said of others.
    """
    if not (context.traces or context.stacks):
        yield from found
        return
    told = list(found)
    errors = [(m, error) for m in models or context.models for error in raised(context, m)]
    for model, error in errors:
        mine = [each for each in told if each.model in (None, model.function.name)]
        here = [e for e in mine if _line_of(context, e.span) == _line_of(context, error.span)]
        if mine:
            first = (here or mine)[0]
            told[told.index(first)] = replace(first, source=Origin.TRACE)
            continue
        told.append(refusal(context, model, error, f"{what}: NumPyro raises {error.said}"))
    yield from told


def together(written: Iterable[Diagnostic], traced: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """What the text shows and what a trace shows: where both do, what the text says, as a trace's.

    One place may have a name in the text for all passes of a loop, and one for each in a trace.
    """
    told = list(written)
    met: dict[Span, Diagnostic] = {}
    for each in traced:
        met.setdefault(each.span, each)
    for each in told:
        yield replace(each, source=Origin.TRACE) if each.span in met else each
    yield from (each for span, each in met.items() if span not in {e.span for e in told})


@record
class Untraced:
    """Where JAX gives up on a model that runs on plain numbers: what it raises, what traces the
    model in this file, and whether another rule speaks of that line."""

    span: Span
    said: str
    by: str | None
    is_told: bool


def untraced(context: Context, model: Model) -> Untraced | None:
    """Why the abstract trace of a model has failed where the concrete one has not."""
    trace = model.trace
    if trace is None or not trace.ok or trace.result.mode != "concrete" or not trace.is_users:
        return None
    failure = trace.result.failure
    span = span_of(context.module.source, failure.position) if failure is not None else None
    if failure is None or span is None or may_be_untraced(context.module):
        return None
    if any(joined.site is not None and is_branching(joined.site) for joined in trace.sites):
        return None
    at = _line_of(context, span)
    told = any(_line_of(context, each.used.use.span) == at for each in drawn_uses(context))
    uses = {used.use.kind for used in model.prediction.uses if used.drawn} & {"name", "transform"}
    by = traced_by(context.module, model.function)
    return Untraced(span, failure.exception, by, told or bool(uses))


def _line_of(context: Context, span: Span) -> int:
    source = context.module.source
    return source.text.rfind("\n", 0, span.start) if span.start < ELSEWHERE else span.start


def seen_by(context: Context, hazard: Hazard) -> Origin:
    """What has seen a hazard: a trace that fails on its line, or the text alone."""
    return context.once(_failing, context.module).get(
        _line_of(context, hazard.used.use.span), Origin.STATIC
    )


def _failing(context: Context, module: Module) -> dict[int, Origin]:
    """The lines on which abstract traces have failed."""
    found = (untraced(context, model) for model in context.models)
    return {_line_of(context, each.span): Origin.TRACE for each in found if each is not None}
