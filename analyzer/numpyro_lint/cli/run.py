"""A run of `analyze`: sources, traces, findings, exit status."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Sequence
from types import TracebackType

from numpyro_lint import config, text
from numpyro_lint.check import Report, check, concerns_us
from numpyro_lint.cli.files import UsageError, find
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Severity
from numpyro_lint.record import replace
from numpyro_lint.rules import all_rules
from numpyro_lint.text import Source


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings of the configuration file, and over them those of the command line."""
    path = options.config or config.find(".")
    if options.config and not os.path.isfile(options.config):
        raise config.ConfigError(f"{options.config}: no such file")
    settings = config.load(path) if path else Settings()
    changes: dict[str, object] = {
        name: value
        for name in ("python", "seed", "timeout")
        if (value := getattr(options, name)) is not None
    }
    for name in ("select", "ignore"):
        given = getattr(options, name)
        if given:
            changes[name] = tuple(part for each in given for part in each.split(",") if part)
    if options.pedantic:
        changes["pedantic"] = True
    settings = replace(settings, **changes)
    _check_rules((*settings.select, *settings.ignore))
    if options.static and options.require_trace:
        raise UsageError("--static runs no code, and --require-trace asks for traces: give one")
    if settings.python is not None and not os.path.isfile(settings.python):
        raise UsageError(f"--python: {settings.python} is no file")
    return config.checked(settings)


def _check_rules(names: Iterable[str]) -> None:
    known = {"ALL", *all_rules(), *(rule.category.value for rule in all_rules().values())}
    for name in names:
        if name not in known:
            hint = config.near(name, known) or "; `analyze rules` lists them"
            raise config.ConfigError(f"unknown rule or category '{name}'{hint}")


def sources_of(options: argparse.Namespace, settings: Settings) -> tuple[list[Source], list[str]]:
    """The texts to analyse, and a line for each file that cannot be read. Raises UsageError."""
    if not options.paths:
        raise UsageError("no file or folder is given; `analyze --help` tells how to use it")
    sources: list[Source] = []
    unreadable: list[str] = []
    if "-" in options.paths:
        sources.append(_standard_input(options.stdin_filename))
    paths = [path for path in options.paths if path != "-"]
    for path in find(paths, settings.exclude, options.force_exclude):
        try:
            sources.append(text.load(path))
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else error
            unreadable.append(f"{path}: {said}")
    return sources, unreadable


def _standard_input(name: str) -> Source:
    data = sys.stdin.buffer.read()
    try:
        if name.endswith(".ipynb"):
            return text.notebook(name, data.decode("utf-8"))
        return Source(name, text.decode(data))
    except ValueError as error:
        raise UsageError(f"standard input: {error}") from error


class Progress:
    """A line on the terminal that says how far a long run is; nothing elsewhere."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.on = sys.stderr.isatty()
        self.start = time.perf_counter()
        self.drawn = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def show(self, done: int, path: str) -> None:
        if self.on and time.perf_counter() - self.start > 1.0:
            self.drawn = True
            line = f"\r\x1b[K{done}/{self.total} {path}"[:100]
            print(line, end="", file=sys.stderr, flush=True)


def analyze(
    sources: Sequence[Source], settings: Settings, options: argparse.Namespace, progress: Progress
) -> tuple[list[Report], str]:
    """The report of each source, and a line that says what traced them."""
    if options.static:
        reports = []
        for done, source in enumerate(sources):
            progress.show(done, source.path)
            reports.append(check(source, settings))
        return reports, ""
    return _traced(sources, settings, progress)


def _traced(
    sources: Sequence[Source], settings: Settings, progress: Progress
) -> tuple[list[Report], str]:
    from numpyro_lint.model.lift import lift
    from numpyro_lint.syntax.parse import parse
    from numpyro_lint.tracing import trace_models
    from numpyro_lint_runtime.host import Host
    from numpyro_lint_runtime.interpreter import find_interpreter

    interpreter = find_interpreter(settings.python)
    reports = []
    with Host(interpreter.path) as host:
        if any(concerns_us(source.text) for source in sources):
            host.prefork()
        for done, source in enumerate(sources):
            progress.show(done, source.path)
            if not concerns_us(source.text):
                reports.append(check(source, settings))
                continue
            tree = parse(source)
            module = lift(source, tree)
            traces = {a.function: a for a in trace_models(module, settings, host, tree)}
            reports.append(check(source, settings, traces, module))
    return reports, _tracer(reports, interpreter.path)


def _tracer(reports: Iterable[Report], python: str) -> str:
    for report in reports:
        for trace in report.context.traces.values():
            if trace.result.numpyro:
                versions = f"numpyro {trace.result.numpyro}, jax {trace.result.jax}"
                return f"traced with {python} ({versions})"
    return ""


def filtered(report: Report, least: Severity) -> Report:
    """A report without what is less severe than is to be shown."""
    kept = tuple(each for each in report.diagnostics if each.severity >= least)
    return replace(report, diagnostics=kept)


def exit_status(reports: Sequence[Report], options: argparse.Namespace) -> int:
    found = [each for report in reports for each in report.diagnostics]
    if any(each.rule == "internal-error" for each in found):
        return 2
    if options.exit_zero:
        return 0
    if any(each.severity >= config.severity(options.fail_on) for each in found):
        return 1
    return int(options.require_trace and not _all_traced(reports))


def _all_traced(reports: Sequence[Report]) -> bool:
    return all(trace.ok for report in reports for trace in report.context.traces.values())
