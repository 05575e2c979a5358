"""A trace joined to the text: each traced site with the static site at the same place."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from numpyro_lint.model.ir import Site
from numpyro_lint.model.program import Function, Module, Stack
from numpyro_lint.record import record, replace
from numpyro_lint.text import Source, Span, where_of

if TYPE_CHECKING:
    # The names alone are needed: static analysis does not load the runtime.
    from numpyro_lint_runtime.protocol import (
        Failure,
        ModelRequest,
        PilotResult,
        Position,
        TracedSite,
        TraceResult,
        ValueResult,
    )


@record
class Origin:
    """Where the arguments of a trace come from, and the expressions that they are.

    `at` is the call that they are those of.
    """

    kind: str
    values: tuple[tuple[str, str], ...] = ()
    at: Span | None = None


@record
class Joined:
    """A traced site: `span` is its call if that is in this file, `site` what the text says.

    `calls` are those that lead to it, outermost first, None where they are in other files. `run` is
    the call of the inference whose arguments the trace has, where that is not the model's own.
    """

    traced: TracedSite
    span: Span | None
    site: Site | None
    calls: tuple[Span | None, ...] = ()
    run: Span | None = None


@record
class Attached:
    """The trace of one model of the file, or of a stack of a `function` (-1: not in sight).

    `request` is how it was traced, None where it was not tried; `values` the second stage, once it
    is there; `pilots` the third, by the place of each site. `repeats`: a stack may be run otherwise
    as well, in a loop or by other calls. `lacking`: why arguments had to be made up.
    """

    function: int
    result: TraceResult
    sites: tuple[Joined, ...]
    origin: Origin = Origin("none")
    stack: Stack | None = None
    repeats: bool = False
    request: ModelRequest | None = None
    values: ValueResult | None = None
    lacking: Failure | None = None
    pilots: tuple[tuple[Span, PilotResult], ...] = ()

    @property
    def ok(self) -> bool:
        return self.result.status == "ok"

    @property
    def run(self) -> Span | None:
        """The run that it is of, where that is not in the model's own trace."""
        return None if self.stack is None else run_of(self.stack)

    @property
    def is_users(self) -> bool:
        """Whether the arguments are the user's own: shapes and values of others mean nothing."""
        return self.origin.kind != "synthesized"


def run_of(stack: Stack) -> Span | None:
    """The call of an inference that is given a model without handlers around it."""
    return None if stack.handlers else stack.call_span


def fails_by_default(trace: Attached, function: Function) -> bool:
    """Whether a model fails with the defaults of its parameters, at which no call in sight leaves
    them all: they may only hold the place of what is passed."""
    failure = trace.result.failure
    raises = not trace.ok and failure is not None and failure.stage == "model"
    return raises and trace.origin.kind == "none" and bool(function.taken)


def span_of(source: Source, position: Position | None) -> Span | None:
    """The place of a position of the worker's; None in a file that was not read with this one."""
    if position is None:
        return None
    if position.path is None:
        return _span_in(source, position)
    for base, other in source.elsewhere:
        if os.path.abspath(other.path) == position.path:
            span = _span_in(other, position)
            return Span(base + span.start, base + span.end)
    return None


def _span_in(source: Source, position: Position) -> Span:
    if position.column == position.end_column == 0 and position.line == position.end_line:
        # Only the line is known, as of a model that ended its process.
        text = source.line_text(position.line)
        start = source.line_starts[position.line - 1]
        return Span(start + len(text) - len(text.lstrip()), start + len(text))
    return Span(
        source.offset(position.line, position.column),
        source.offset(position.end_line, position.end_column),
    )


def place_of(source: Source, position: Position) -> str:
    """A position of the worker's as people read it, with the file where that is another."""
    if position.path is not None:
        return f"{os.path.basename(position.path)}, line {position.line}"
    return where_of(source.location(_span_in(source, position)))


def attach(
    module: Module,
    about: Function | Stack,
    result: TraceResult,
    origin: Origin,
    request: ModelRequest | None = None,
    repeats: bool = False,
) -> Attached:
    """Joins a trace to the sites of the file, by place and never by name."""
    functions = (*module.functions.values(), *module.others.values())
    sites = {step.span: step for each in functions for step in each.sites}
    run = run_of(about) if isinstance(about, Stack) else None
    joined = []
    for traced in result.sites:
        span = span_of(module.source, traced.position)
        calls = tuple(span_of(module.source, call) for call in traced.calls)
        joined.append(Joined(traced, span, sites.get(span) if span else None, calls, run))
    if isinstance(about, Function):
        return Attached(about.key, result, tuple(joined), origin, request=request)
    function = -1 if about.model.function is None else about.model.function
    return Attached(function, result, tuple(joined), origin, about, repeats)


def sorted_out(
    found: Iterable[Attached],
) -> tuple[dict[int, Attached], dict[Stack, Attached]]:
    """Traces of models by the offsets of their definitions, and those of stacks."""
    models: dict[int, Attached] = {}
    stacks: dict[Stack, Attached] = {}
    for each in found:
        if each.stack is None:
            models[each.function] = each
        else:
            stacks[each.stack] = each
    return models, stacks


def with_values(trace: Attached, values: ValueResult) -> Attached:
    """A trace with its second stage: its samples have the values of the first prior draw."""
    import dataclasses

    drawn = {site.name: site.value for site in values.sites}

    def valued(joined: Joined) -> Joined:
        traced = joined.traced
        if traced.type != "sample" or traced.hidden or traced.value is not None:
            return joined
        traced = dataclasses.replace(traced, value=drawn.get(traced.name))
        return replace(joined, traced=traced)

    return replace(trace, values=values, sites=tuple(map(valued, trace.sites)))


# Failures of these stages are ours to tell; of the others the exception's name is part.
_TOLD = frozenset({"start", "deadline", "crash", "refused"})
_LONGEST = 300


def reason_of(failure: Failure | None) -> str:
    """Why a model was not traced, in one line that any terminal can show."""
    if failure is None:
        return "it was not tried"
    first = failure.message.strip().partition("\n")[0]
    message = "".join(each if each.isprintable() else " " for each in first)
    # What would help is said after it.
    message = message if message.endswith("..") else message.removesuffix(".")
    message = f"{message[:_LONGEST]}..." if len(message) > _LONGEST else message
    if not message:
        return f"{failure.exception} without text"
    named = failure.exception and failure.stage not in _TOLD
    return f"{failure.exception}: {message}" if named else message


def lacking_of(failure: Failure, source: Source) -> str:
    """Why arguments had to be made up, in one line: what became of those that were found."""
    reason = reason_of(failure)
    if failure.stage == "arguments":
        return reason
    at = f" ({place_of(source, failure.position)})" if failure.position else ""
    if failure.stage == "model":
        return f"called without arguments, it raises {reason}{at}"
    return f"the arguments that it is run with cannot be had: {reason}{at}"
