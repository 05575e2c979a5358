"""Findings on the form of sites, settled by short runs of NUTS in both forms."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Iterable, Iterator
from typing import Protocol

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Diagnostic
from numpyro_lint.jobs import file_request
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.centring import scaled_sites
from numpyro_lint.model.hierarchy import hierarchies
from numpyro_lint.model.program import Function
from numpyro_lint.questions import inference_predictions
from numpyro_lint.record import record, replace
from numpyro_lint.text import Span
from numpyro_lint_runtime.protocol import (
    FileRequest,
    Hierarchy,
    ModelRequest,
    Pilot,
    PilotResult,
    Progress,
)

# The rules whose findings are settled, and whether the sites they speak of are decentred.
FUNNELS = ("funnel", "funnel-without-loc-scale")
RULES = {
    **dict.fromkeys(FUNNELS, False),
    "uncertain-centering": False,
    "needless-decentering": True,
}
# Seconds for each finding.
SECONDS = 120.0


class Sampler(Protocol):
    """What samples from models: `numpyro_lint_runtime.host.Host`."""

    def verify(self, request: FileRequest) -> Iterator[PilotResult | Progress]: ...


@record
class _Question:
    """The sites at a place of a traced model, and whether they are decentred."""

    trace: Attached
    span: Span
    sites: tuple[Hierarchy, ...]
    rule: str

    @property
    def decentred(self) -> bool:
        return RULES[self.rule]


@record
class Settled:
    """A verdict on the sites at a place of the model with this key."""

    function: int
    span: Span
    result: PilotResult


def findings_about(
    context: Context, findings: Iterable[Diagnostic], model: Function
) -> list[Diagnostic]:
    """The findings that speak of a model: names may be those of several models."""
    others = [
        each.span
        for each in context.module.functions.values()
        if each.name == model.name and each.key != model.key
    ]
    return [
        each
        for each in findings
        if each.model == model.name
        and not any(span.start <= each.span.start < span.end for span in others)
    ]


def unsettled(
    context: Context, findings: Iterable[Diagnostic], model: Function
) -> list[Diagnostic]:
    """The findings on a model that are to be settled: none where it cannot be traced."""
    trace = context.traces.get(model.key)
    if trace is not None and not (trace.ok and trace.is_users):
        return []
    return [
        each
        for each in findings_about(context, findings, model)
        if each.rule in RULES and "verify" not in (each.evidence or {})
    ]


def verify(
    context: Context, findings: Iterable[Diagnostic], sampler: Sampler, seconds: float = SECONDS
) -> Generator[Settled | Progress]:
    """The verdicts on some findings of a file, as they land, and how far each is before that.

    Of models that were traced with arguments of the user's own. Who stops iterating keeps what has
    landed, and cancels the rest. `Progress.id` is the place of the finding among those asked.
    """
    asked = list(_questions(context, findings))
    requests = [
        _request(context, question, asked, str(number), seconds)
        for number, question in enumerate(asked)
    ]
    if not requests:
        return
    for answer in sampler.verify(file_request(context.module.source, requests)):
        if isinstance(answer, Progress):
            yield _overall(answer, len(asked))
        else:
            question = asked[int(answer.id)]
            yield Settled(question.trace.function, question.span, answer)


def with_pilots(trace: Attached, settled: Iterable[Settled]) -> Attached:
    """A trace with the verdicts on its sites."""
    own = tuple((each.span, each.result) for each in settled if each.function == trace.function)
    return replace(trace, pilots=(*trace.pilots, *own))


def _overall(answer: Progress, asked: int) -> Progress:
    """How far all findings of a file are, by how far one is."""
    done = int(answer.id) * answer.total + min(answer.done, answer.total)
    return dataclasses.replace(answer, done=done, total=asked * answer.total)


def _questions(context: Context, findings: Iterable[Diagnostic]) -> Iterator[_Question]:
    met: set[tuple[int, Span]] = set()
    for finding in findings:
        for trace in context.traces.values():
            function = context.module.functions[trace.function]
            if finding.rule not in RULES or function.name != finding.model:
                continue
            if not trace.ok or not trace.is_users or trace.request is None:
                continue
            sites = _sites(trace, finding)
            if sites and (trace.function, finding.span) not in met:
                met.add((trace.function, finding.span))
                yield _Question(trace, finding.span, sites, finding.rule)


def _sites(trace: Attached, finding: Diagnostic) -> tuple[Hierarchy, ...]:
    """The sites that a finding speaks of: several, where one line draws several."""
    names = {j.traced.name for j in trace.sites if j.span == finding.span}
    return tuple(each for each in scaled_sites(trace) if each.name in names)


def _request(
    context: Context, question: _Question, asked: list[_Question], id: str, seconds: float
) -> ModelRequest:
    assert question.trace.request is not None
    funnels = [each for each in asked if each.rule in FUNNELS and each.trace is question.trace]
    around = [site for each in funnels if each is not question for site in each.sites]
    own = {site.name for site in question.sites}
    told = {each.span for each in asked if each.trace is question.trace}
    around += _reparameterised(context, question.trace, told)
    others = tuple({site.name: site for site in around if site.name not in own}.values())
    pilot = Pilot(question.sites, question.decentred, others)
    return dataclasses.replace(question.trace.request, id=id, deadline=seconds, pilot=pilot)


def _reparameterised(context: Context, trace: Attached, told: set[Span]) -> list[Hierarchy]:
    """The sites that every inference of the file decentres, and no finding speaks of."""
    uses = inference_predictions(context, context.module.functions[trace.function])
    if not uses:
        return []
    places = [{e.site.span for e in use.effects if e.value_from == "reparam"} for use in uses]
    everywhere = set.intersection(*places) - told
    names = {j.traced.name for j in trace.sites if j.span in everywhere}
    found = hierarchies(trace)
    return [each for each in found if each.name in names and not each.standard]
