"""What is known of what stands at a place, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numpyro_lint.check import Report
from numpyro_lint.context import Context
from numpyro_lint.editor.subject import subject_at
from numpyro_lint.model.attach import Joined
from numpyro_lint.model.centring import evidence_of, in_words
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.ir import Handler, Site
from numpyro_lint.model.program import Stack
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.outcomes import composition, outcome
from numpyro_lint.record import record
from numpyro_lint.rules import all_rules
from numpyro_lint.suppress import names_in
from numpyro_lint.text import ELSEWHERE, Span, where_of

# A site of a loop or a helper has a name for each pass; a file may have many stacks, and a key may
# mean sites of several models.
_MOST_NAMES, _MOST_STACKS, _MOST_SITES = 8, 12, 3
_DOES = {
    "block": "hides",
    "condition": "observes",
    "do": "intervenes on",
    "lift": "makes latent",
    "mask": "masks",
    "reparam": "reparameterises",
    "replay": "replays",
    "scale": "scales",
    "scope": "renames",
    "substitute": "gives a value to",
    "uncondition": "makes latent again",
}
_OBSERVED = {True: "observed", False: "latent", None: "latent or observed"}


@record
class Hover:
    """What is shown for a place, and the text that it is about."""

    span: Span
    text: str


def hover(report: Report, offset: int) -> Hover | None:
    """What is known of what stands at an offset; None where that is nothing of ours."""
    for found in (*_rule(report, offset), *_subject(report, offset), *_handler(report, offset)):
        return found
    return None


def _subject(report: Report, offset: int) -> Iterator[Hover]:
    subject = subject_at(report.context, offset)
    if subject is None or not subject.sites:
        return
    head = ""
    if subject.handlers:
        does = _DOES.get(subject.handlers[0].kind, "is given")
        head = f"`{subject.handlers[0].kind}` {does} this site:\n\n"
    elif not subject.is_site:
        head = "This name means a site of the model:\n\n"
    sites = (_site(report, site) for site in subject.sites[:_MOST_SITES])
    yield Hover(subject.span, head + "\n\n---\n\n".join(sites))


def _site(report: Report, site: Site) -> str:
    """A site: what it is of, what the trace shows of it, and what becomes of it in the file."""
    context = report.context
    head = f"**{site.name.glob}** ({_kind(report, site)})"
    parts = [head]
    if site.kind == "sample" and site.text:
        parts.append(f"```python\n{site.text}\n```")
    parts += [*_traced(context, site), *_data(context, site)]
    rows = list(_outcomes(report, site))
    if rows:
        parts.append("In this file:\n" + "\n".join(rows))
    return "\n\n".join(parts)


def _kind(report: Report, site: Site) -> str:
    if site.kind != "sample":
        return site.kind
    traces = (trace for trace in report.context.traces.values() if trace.ok and trace.is_users)
    seen = {j.traced.observed for trace in traces for j in trace.sites if j.span == site.span}
    told = {e.observed for each in _bare(report.context) for e in each.effects if e.site == site}
    found = seen or told
    return _OBSERVED[found.pop() if len(found) == 1 else None]


def _bare(context: Context) -> Iterator[Prediction]:
    """What the models of the file do, and the functions of other files that it leads to."""
    yield from (model.prediction for model in context.models)
    yield from (context.bare(function) for function in context.module.others.values())


def _traced(context: Context, site: Site) -> Iterator[str]:
    """The shapes of a site by its traces, under each name that it has there."""
    seen: dict[str, str] = {}
    made_up = False
    for trace in context.traces.values():
        for joined in trace.sites if trace.ok else ():
            if joined.span == site.span and joined.traced.shape is not None:
                seen.setdefault(joined.traced.name, _shape(joined))
                made_up |= not trace.is_users
    names = list(seen)[:_MOST_NAMES]
    alone = names == [site.name.glob]
    lines = [seen[name] if alone else f"`{name}`: {seen[name]}" for name in names]
    if len(seen) > _MOST_NAMES:
        lines.append(f"and {len(seen) - _MOST_NAMES} more")
    if lines:
        yield "  \n".join(lines) + (" (with made-up arguments)" if made_up else "")


def _shape(joined: Joined) -> str:
    """The shape of a traced site and the plates that it stands in."""
    plates = ", ".join(f"`{plate.name}`" for plate in joined.traced.plates)
    within = f" in {plates}" if plates else ""
    return f"shape `{tuple(joined.traced.shape or ())}`{within}"


def _data(context: Context, site: Site) -> Iterator[str]:
    """What the data say of a site, by the second stage of its trace."""
    for trace in context.traces.values():
        for joined, found in evidence_of(trace):
            if joined.span == site.span:
                yield f"`{joined.traced.name}`: {in_words(found)}"


def _outcomes(report: Report, site: Site) -> Iterator[str]:
    """What becomes of a site in each stack and run of the file."""
    told = 0
    for stack in _stacks(report.context):
        prediction = report.context.prediction(stack)
        said = [_said(e, stack.use) for e in prediction.effects if e.site == site]
        if not said or stack.span.start >= ELSEWHERE:
            continue
        if told == _MOST_STACKS:
            yield "- ..."
            return
        told += 1
        where = where_of(report.source.location(stack.span))
        yield f"- {where}, `{composition(stack)}`: {', '.join(dict.fromkeys(said))}"


def _stacks(context: Context) -> list[Stack]:
    """The stacks of the file and the models of its runs, in order of place."""
    runs = (stack for run in context.module.runs for stack in (run.stack, run.guide) if stack)
    found = {stack.span: stack for stack in (*context.module.stacks, *runs)}
    return [found[span] for span in sorted(found)]


def _said(effect: Effect, use: str) -> str:
    group, text = outcome(effect, use)
    more = [word for word, is_so in (("scaled", effect.scaled), ("masked", effect.masked)) if is_so]
    _, _, note = text.partition(" (")
    return ", ".join([f"{group} ({note}" if note else group, *more])


def _handler(report: Report, offset: int) -> Iterator[Hover]:
    """A handler: what it does to the sites that it meets."""
    context = report.context
    for handler in context.module.handlers:
        name = _name_of(report, handler)
        if not name.start <= offset <= name.end:
            continue
        verb = _DOES.get(handler.kind)
        if verb is None:
            return
        touched = list(dict.fromkeys(_touched(context, handler)))
        names = ", ".join(f"`{each}`" for each in touched[:_MOST_NAMES])
        more = f" and {len(touched) - _MOST_NAMES} more" if len(touched) > _MOST_NAMES else ""
        said = f"{verb} {names}{more}" if touched else "touches no site that is in sight"
        yield Hover(name, f"`{handler.kind}` {said}")
        return


def _name_of(report: Report, handler: Handler) -> Span:
    """Where a handler's own name stands, up to its bracket."""
    text = report.source.slice(handler.span)
    return Span(handler.span.start, handler.span.start + len(text.partition("(")[0]))


def _touched(context: Context, handler: Handler) -> Iterator[str]:
    """The sites that a handler does something to, over all stacks that it is part of."""
    models = ((m.function.handlers, m.prediction) for m in context.models)
    stacks = ((s.handlers, context.prediction(s)) for s in _stacks(context))
    for handlers, prediction in (*models, *stacks):
        for effect in prediction.effects if _is_part(handler, handlers, prediction) else ():
            if _is_touched(effect, handler):
                yield effect.name.glob


def _is_part(handler: Handler, handlers: Iterable[Handler], prediction: Prediction) -> bool:
    inner = (frame for step in prediction.executions for frame in _frames(step))
    return any(each.span == handler.span for each in (*handlers, *inner))


def _frames(step: Execution) -> Iterator[Handler]:
    return (a.frame for a in step.active if isinstance(a.frame, Handler))


def _is_touched(effect: Effect, handler: Handler) -> bool:
    by_kind = {
        "block": effect.hidden and effect.value_from != "do",
        "mask": effect.masked,
        "scale": effect.scaled,
        "scope": True,
        "uncondition": effect.was_observed,
    }
    return bool(by_kind.get(handler.kind, effect.value_from == handler.kind))


def _rule(report: Report, offset: int) -> Iterator[Hover]:
    """A rule that a comment names."""
    for comment in report.module.comments:
        for name in names_in(report.source, comment):
            rule = all_rules().get(name.text)
            if rule is not None and name.span.start <= offset <= name.span.end:
                yield Hover(name.span, f"**{rule.name}** ({rule.severity.label}): {rule.summary}")
