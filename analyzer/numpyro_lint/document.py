"""Reports as the JSON of INTERFACE, version 1: what other programs read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpyro_lint
from numpyro_lint.check import Report
from numpyro_lint.diagnostic import Severity, fix_of
from numpyro_lint.document_findings import Json, diagnostic, place
from numpyro_lint.model.attach import Attached, Joined, lacking_of, reason_of
from numpyro_lint.model.expand import Active, Execution
from numpyro_lint.model.ir import Const, Frame, Handler, Param, Text
from numpyro_lint.model.program import Function, Stack
from numpyro_lint.model.stack import Effect
from numpyro_lint.model.supports import dist_of
from numpyro_lint.text import Source, Span

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import TracedSite

VERSION = 1
_OTHER = {"plate": "plate", "param": "param", "deterministic": "deterministic"}


def document(reports: Sequence[Report], seconds: float, counted: bool = False) -> Json:
    """All reports of a run. `counted`: with how often each rule has found something."""
    return {
        "version": VERSION,
        "tool": {"name": "numpyro-lint", "version": numpyro_lint.__version__},
        "files": [_file(report) for report in reports],
        "diagnostics": [
            diagnostic(each, report.source) for report in reports for each in report.diagnostics
        ],
        "summary": summary(reports, seconds),
        **({"statistics": statistics(reports)} if counted else {}),
    }


def statistics(reports: Iterable[Report]) -> list[Json]:
    """How often each rule has found something, at what severity, and how much of it has a fix: the
    most frequent first."""
    found = [each for report in reports for each in report.diagnostics]
    counts = Counter((each.rule, each.severity) for each in found)
    fixable = Counter((each.rule, each.severity) for each in found if fix_of(each) is not None)
    return [
        {
            "rule": rule,
            "severity": severity.label,
            "count": count,
            "fixable": fixable[rule, severity],
        }
        for (rule, severity), count in sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    ]


def summary(reports: Iterable[Report], seconds: float) -> Json:
    """The counts of a run: models are those of role model, sites are distinct places.

    `held`, what a baseline knows, is there where there is one.
    """
    reports = list(reports)
    models = [
        (report, function)
        for report in reports
        for function in report.module.functions.values()
        if function.role == "model"
    ]
    traces = [report.context.traces.get(function.key) for report, function in models]
    found = [each for report in reports for each in report.diagnostics]
    levels = {level: sum(each.severity is level for each in found) for level in Severity}
    return {
        "files": len(reports),
        "models": len(models),
        "sites": sum(len(_site_spans(report)) for report in reports),
        "traced": sum(trace is not None and trace.ok for trace in traces),
        "not_traced": sum(trace is None or not trace.ok for trace in traces),
        "errors": levels[Severity.ERROR],
        "warnings": levels[Severity.WARNING],
        "infos": levels[Severity.INFO],
        "hints": levels[Severity.HINT],
        "fixable": sum(fix_of(each) is not None for each in found),
        **_held(reports),
        "seconds": round(seconds, 3),
    }


def _held(reports: Iterable[Report]) -> Json:
    held = [report.held for report in reports if report.held is not None]
    return {"held": sum(map(len, held))} if held else {}


def _site_spans(report: Report) -> set[Span]:
    return {
        site.span
        for function in report.module.functions.values()
        if function.role != "other"
        for site in function.sites
    }


def _file(report: Report) -> Json:
    source = report.source
    models = [
        model(report, function)
        for function in report.module.functions.values()
        if function.role != "other" and function.name != "<lambda>"
    ]
    return {
        "path": source.path,
        "kind": "notebook" if source.is_notebook else "python",
        "models": models,
        "stacks": [stack_of(report, stack) for stack in report.module.stacks],
    }


def model(report: Report, function: Function) -> Json:
    """A MODEL: its sites by the text, and its trace."""
    source = report.source
    where = place(source, function.span)
    trace = report.context.traces.get(function.key)
    return {
        "name": function.name,
        "qualname": function.qualname,
        "role": function.role,
        "line": where["line"],
        "column": where["column"],
        "end_line": where["end_line"],
        "cell": where["cell"],
        "sites": list(sites_of(report, function)),
        "trace": None if trace is None else trace_of(trace, source),
    }


def sites_of(report: Report, function: Function) -> Iterator[Json]:
    """The sites of a model as the text tells them, those of its helpers included."""
    seen: list[Json] = []
    for step in report.context.bare(function).executions:
        site = _site(report.source, step)
        if site not in seen:
            seen.append(site)
            yield site


def _site(source: Source, step: Execution) -> Json:
    name = step.name
    return {
        "name": None if name.is_opaque or not name.parts else name.glob,
        "pattern": name.literal is None and not name.is_opaque,
        "type": "param" if step.site.kind.endswith("module") else step.site.kind,
        "distribution": family(step),
        "status": status(step),
        "plates": [a.name.glob for a in step.active if isinstance(a.frame, Frame)],
        "scope": [prefix for active in step.active if (prefix := _prefix(active)) is not None],
        "conditional": step.conditional,
        "repeats": bool(step.loops),
        "function": step.function.qualname if step.function else None,
        **place(source, step.site.span),
    }


def family(step: Execution) -> str | None:
    dist = dist_of(step)
    return dist.family if dist is not None else None


def _prefix(active: Active) -> str | None:
    frame = active.frame
    if not isinstance(frame, Handler) or frame.kind != "scope":
        return None
    prefix = frame.arg("prefix")
    return prefix.name.glob if isinstance(prefix, Text) else "*"


def status(step: Execution) -> str:
    """What a site is by the text alone; `optional` when its observation may be None."""
    kind = step.site.kind
    if kind in _OTHER:
        return _OTHER[kind]
    if kind.endswith("module"):
        return "param"
    if kind != "sample":
        return "other"
    if step.observed is not None:
        return "observed" if step.observed else "latent"
    return "optional" if _may_be_none(step) else "observed"


def _may_be_none(step: Execution) -> bool:
    """Whether the argument that an observation comes from has None as its default."""
    obs = step.site.obs
    if obs is None or step.function is None:
        return True
    params = {p.key: p for p in step.function.params}
    sources = [params[name] for name in obs.depends if isinstance(name, str) and name in params]
    if not sources:
        return True
    return any(p.optional or p.default == Const(None) for p in sources) or (
        isinstance(obs, Param) and step.path != ()
    )


def trace_of(trace: Attached, source: Source) -> Json:
    result = trace.result
    return {
        "status": result.status,
        "reason": _reason(trace, source),
        "mode": result.mode,
        "seconds": round(result.seconds, 4),
        "seed": result.seed,
        "python": result.python,
        "numpyro": result.numpyro,
        "jax": result.jax,
        "arguments": {"from": trace.origin.kind, "values": dict(trace.origin.values)},
        "sites": [traced(joined, source) for joined in trace.sites],
    }


def _reason(trace: Attached, source: Source) -> str | None:
    """Why there is no trace, or why its arguments had to be made up."""
    if trace.result.failure is not None:
        return reason_of(trace.result.failure)
    return None if trace.lacking is None else lacking_of(trace.lacking, source)


def traced(joined: Joined, source: Source) -> Json:
    site: TracedSite = joined.traced
    path = site.position.path if site.position and site.position.path else source.path
    empty = {
        "path": path,
        "line": None,
        "column": None,
        "end_line": None,
        "end_column": None,
        "cell": None,
    }
    return {
        "name": site.name,
        "type": site.type,
        "distribution": site.distribution,
        "observed": site.observed,
        "was_observed": site.was_observed,
        "value_from": site.value_from,
        "shape": site.shape,
        "batch_shape": site.batch_shape,
        "event_shape": site.event_shape,
        "dtype": site.dtype,
        "value": site.value,
        "plates": [{"name": p.name, "dim": p.dim, "size": p.size} for p in site.plates],
        "scale": site.scale,
        "masked": site.masked,
        "hidden": site.hidden,
        "handlers": list(site.handlers),
        **({"path": path, **empty} if joined.span is None else place(source, joined.span)),
    }


def stack_of(report: Report, stack: Stack) -> Json:
    """A STACK: what is predicted of it, and its trace."""
    source, trace = report.source, report.context.stacks.get(stack)
    where = place(source, stack.span)
    met = trace.sites if trace is not None and trace.ok else None
    return {
        "path": where["path"],
        "line": where["line"],
        "column": where["column"],
        "cell": where["cell"],
        "handlers": [handler.kind for handler in stack.handlers],
        "model": stack.model.display if stack.model.function is not None else None,
        "predicted": [
            _effect(source, effect) for effect in report.context.prediction(stack).effects
        ],
        "traced": None if met is None else [traced(joined, source) for joined in met],
    }


def _effect(source: Source, effect: Effect) -> Json:
    where = place(source, effect.site.span)
    return {
        "site": effect.site.name.glob,
        "name": effect.name.glob,
        "type": effect.type,
        "line": where["line"],
        "column": where["column"],
        "observed": effect.observed,
        "was_observed": effect.was_observed,
        "value_from": effect.value_from,
        "hidden": effect.hidden,
        "scaled": effect.scaled,
        "masked": effect.masked,
    }
