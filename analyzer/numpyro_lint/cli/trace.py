"""`analyze trace FILE:MODEL`: what became of each site of a model, alone and in its stacks."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence

from numpyro_lint import text
from numpyro_lint.addresses import NoModel, every_model, the_model
from numpyro_lint.analyst import Analyst
from numpyro_lint.check import Report
from numpyro_lint.cli.colour import Colour
from numpyro_lint.cli.files import UsageError
from numpyro_lint.cli.models import how, line_in, particulars
from numpyro_lint.cli.run import settings_of, tracer
from numpyro_lint.cli.shapes import shapes
from numpyro_lint.cli.text import table
from numpyro_lint.document import model, stack_of
from numpyro_lint.model.attach import Attached, Joined, reason_of
from numpyro_lint.model.history import history
from numpyro_lint.model.lift import lift
from numpyro_lint.model.program import Function, Module, Stack
from numpyro_lint.outcomes import composition
from numpyro_lint.text import Source, where_of

_HEADINGS = ("site", "type", "support", "dtype", "value", "plates", "depends on", "line")
_UNTOLD = ("prng_key", "subsample", "control_flow")


def run(arguments: Sequence[str]) -> int:
    """The exit status is 0, 1 where something asked for was not traced, or 2."""
    options = _parser().parse_args(arguments)
    path, name = split(options.target)
    source = load(path)
    settings = settings_of(options)
    with Analyst(settings, static=False) as analyst:
        functions = chosen(lift(source, project=analyst.project), name)
        report = analyst.report(source, [function.key for function in functions])
        stacks = stacks_at(report.module, functions, options.line)
        asked = [*functions] if options.line is None else []
        if options.output_format == "json":
            _print_json(report, asked, stacks, one=bool(name))
        else:
            print("\n".join(_told(report, asked, stacks, Colour.of(sys.stdout))))
            print(tracer([report], analyst.python))
    traces = [report.context.traces.get(each.key) for each in asked]
    traces += [report.context.stacks.get(each) for each in stacks if options.line]
    return int(not all(trace is not None and trace.ok for trace in traces))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="analyze trace",
        description="Traces a model, and each handler stack of the file that it stands in; says "
        "what every handler did to every site, and the shapes.",
        epilog="A model of a notebook that is defined more than once is MODEL@CELL, one of a "
        "script MODEL@LINE. Without a model, all of the file are shown.",
    )
    add = parser.add_argument
    add("target", metavar="FILE[:MODEL]", help="a file or notebook, and a model of it")
    add("--line", metavar="N", help="the stack at this line alone (CELL:N in a notebook)")
    add("--python", metavar="PATH", help="interpreter that runs the trace")
    add("--seed", type=int, metavar="N", help="seed of the trace (0)")
    add("--timeout", type=float, metavar="S", help="seconds for each model (20)")
    add("--output-format", choices=("text", "json"), default="text", metavar="text|json")
    add("--config", metavar="FILE", help="pyproject.toml or numpyro-lint.toml to read")
    return parser


def split(target: str) -> tuple[str, str]:
    """The file and the model of FILE:MODEL, which splits at the last colon."""
    path, colon, name = target.rpartition(":")
    if not colon or os.path.exists(target) or "/" in name or os.sep in name:
        return target, ""
    return path, name


def load(path: str) -> Source:
    """The text of a file. Raises UsageError."""
    try:
        return text.load(path, text.OURS.encode())
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{path}: {said}") from error


def chosen(module: Module, name: str) -> list[Function]:
    """The models that a name means: one, or all for no name. Raises UsageError."""
    try:
        return [the_model(module, name)] if name else every_model(module)
    except NoModel as error:
        raise UsageError(f"{module.source.path}: {error}") from error


def stacks_at(module: Module, functions: Sequence[Function], line: str | None) -> list[Stack]:
    """The stacks of some models: all, or those at a line. Raises UsageError where there is none."""
    keys = {function.key for function in functions}
    found = dict.fromkeys(s for s in module.stacks if s.model.function in keys)
    stacks = sorted(found, key=lambda stack: stack.span)
    if line is None:
        return stacks
    lines = {stack: line_in(module.source, stack.span) for stack in stacks}
    chosen = [stack for stack in stacks if lines[stack] == line]
    if not chosen:
        there = ", ".join(dict.fromkeys(lines.values()))
        hint = f"; there are some at {there}" if there else ""
        raise UsageError(f"{module.source.path}: no stack stands at line {line}{hint}")
    return chosen


def _print_json(
    report: Report, functions: Sequence[Function], stacks: Sequence[Stack], one: bool
) -> None:
    import json

    shown = [model(report, function) for function in functions]
    if not functions:
        shown, one = [stack_of(report, stack) for stack in stacks], len(stacks) == 1
    print(json.dumps(shown[0] if one else shown, indent=1, ensure_ascii=False))


def _told(
    report: Report, functions: Sequence[Function], stacks: Sequence[Stack], colour: Colour
) -> Iterator[str]:
    source = report.source
    for function in functions:
        trace = report.context.traces.get(function.key)
        where = where_of(source.location(function.span))
        title = f"{function.role} {colour.paint(function.qualname, 'bold')} ({where})"
        yield title + colour.paint(how(trace), "dim")
        yield from _trace(trace, source, colour)
    for stack in stacks:
        trace = report.context.stacks.get(stack)
        where = where_of(source.location(stack.span))
        said = "" if trace is not None and trace.ok else ", not traced: " + _reason(trace)
        title = f"stack {colour.paint(composition(stack), 'bold')} ({where})"
        yield title + colour.paint(said, "dim")
        yield from _trace(trace, source, colour)


def _reason(trace: Attached | None) -> str:
    return (
        "there are too many stacks in this file"
        if trace is None
        else reason_of(trace.result.failure)
    )


def _trace(trace: Attached | None, source: Source, colour: Colour) -> Iterator[str]:
    if trace is not None and (trace.ok or trace.sites):
        yield from particulars(trace, source, "verbose")
        yield ""
        for joined in trace.sites:
            if joined.traced.type not in _UNTOLD:
                yield from _history(joined, source, colour)
        yield ""
        yield from (f"    {line}" for line in shapes(trace))
        yield ""
        yield from table(list(_rows(trace, source)), colour, _HEADINGS)
    yield ""


def _history(joined: Joined, source: Source, colour: Colour) -> Iterator[str]:
    site = joined.traced
    place = line_in(source, joined.span)
    place = f"{site.type}, line {place}" if place else site.type
    yield f"    {colour.paint(site.name, 'bold')} {colour.paint(f'({place})', 'dim')}"
    for line in history(site):
        yield f"      {line}"


def _rows(trace: Attached, source: Source) -> Iterator[list[str]]:
    for joined in trace.sites:
        site = joined.traced
        if site.type in _UNTOLD:
            continue
        depends = (site.depends or {}).items()
        yield [
            site.name,
            "hidden" if site.hidden else site.type,
            site.support or "",
            site.dtype or "",
            "" if site.value is None else str(site.value),
            ", ".join(f"{plate.name} {plate.size} at {plate.dim}" for plate in site.plates),
            "; ".join(f"{name}: {', '.join(sites)}" for name, sites in depends if sites),
            line_in(source, joined.span),
        ]
