"""A run of `analyze`: sources, traces, findings, exit status."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from numpyro_lint import configuration, text
from numpyro_lint.cli.files import UsageError, find
from numpyro_lint.cli.formats import COUNTED
from numpyro_lint.config import ConfigError, Settings
from numpyro_lint.record import replace
from numpyro_lint.text import Source

if TYPE_CHECKING:
    from numpyro_lint.analyst import Analyst
    from numpyro_lint.check import Report
    from numpyro_lint.cli.baseline import Baseline
    from numpyro_lint.cli.progress import Progress
    from numpyro_lint_runtime.pilots import Progress as Step
    from numpyro_lint_runtime.process import WorkerProcess

# Where the scheduler of a cluster is, if no option says so: Dask's own name for it.
SCHEDULER = "DASK_SCHEDULER_ADDRESS"
_LISTS = ("select", "extend-select", "ignore")
_SINGLE = ("python", "seed", "timeout", "min-severity", "fail-on", "baseline")


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings of the configuration file, and over them those of the command line."""
    path = options.config or configuration.find(".")
    if options.config and not os.path.isfile(options.config):
        raise ConfigError(f"{options.config}: no such file")
    settings = configuration.load(path) if path else Settings()
    given = dict(_given(options))
    if "select" in given:
        # Who names rules on the command line means these, whatever is configured.
        settings = replace(settings, ignore=(), extend_select=())
    if "extend_select" in given:
        given["extend_select"] = (*settings.extend_select, *given["extend_select"])
    settings = replace(settings, **given)
    static = getattr(options, "static", False)
    if static and getattr(options, "require_trace", False):
        raise UsageError("--static runs no code, and --require-trace asks for traces: give one")
    if static and getattr(options, "capture", False):
        raise UsageError("--static runs no code, and --capture whole programs: give one")
    if getattr(options, "statistics", False) and options.output_format not in COUNTED:
        raise UsageError(f"--statistics goes with the formats {' and '.join(COUNTED)}")
    if hasattr(options, "executor"):
        _check_executor(options)
    if getattr(options, "verify", False):
        _check_verify(options)
    if getattr(options, "shard", None) and "-" in options.paths:
        raise UsageError("--shard parts files, and standard input is none: give one")
    if getattr(options, "watch", False):
        _check_watch(options)
    if getattr(options, "no_baseline", False):
        settings = replace(settings, baseline=None)
    _check_baseline(options, settings)
    if settings.python is not None and not os.path.isfile(settings.python):
        where = "--python" if options.python else f"{path}: 'python'"
        raise UsageError(f"{where}: {settings.python} is no file")
    return settings


def _check_verify(options: argparse.Namespace) -> None:
    """Raises UsageError where nothing can be verified."""
    if options.static or options.no_values:
        which = "--static" if options.static else "--no-values"
        raise UsageError(f"--verify samples from models, and {which} draws nothing: give one")
    if not options.verify_timeout > 0:
        raise UsageError(f"--verify-timeout is to be above 0, not {options.verify_timeout:g}")


def _check_executor(options: argparse.Namespace) -> None:
    """Raises UsageError where it is not said which cluster traces, or nothing is to be traced."""
    if options.executor == "local":
        if options.scheduler is not None:
            raise UsageError("--scheduler is that of a cluster: give --executor dask with it")
        return
    if options.static:
        raise UsageError("--static runs no code, and --executor dask traces: give one")
    options.scheduler = options.scheduler or os.environ.get(SCHEDULER)
    if not options.scheduler:
        raise UsageError(f"--executor dask needs --scheduler ADDRESS, or {SCHEDULER} to be set")


def _check_watch(options: argparse.Namespace) -> None:
    """Raises UsageError for what is done once."""
    if "-" in options.paths:
        raise UsageError("--watch follows files, and standard input is none: give one")
    if options.fix or options.diff:
        raise UsageError("--watch only reports: --fix and --diff are for a run of their own")
    if options.write_baseline or options.prune_baseline:
        raise UsageError("--watch only reports: a baseline is written by a run of its own")


def _check_baseline(options: argparse.Namespace, settings: Settings) -> None:
    """Raises UsageError where a baseline is to be written and there is none, or no run to do it."""
    asked = [
        key
        for key in ("write-baseline", "prune-baseline")
        if getattr(options, key.replace("-", "_"), False)
    ]
    if asked and settings.baseline is None:
        raise UsageError(f"--{asked[0]} needs --baseline FILE, or the setting 'baseline'")
    if asked and options.diff:
        raise UsageError(f"--diff writes nothing, and --{asked[0]} a baseline: give one")


def baseline_of(options: argparse.Namespace, settings: Settings) -> Baseline | None:
    """The known findings, if there are any to go by. Raises UsageError, or OSError."""
    if settings.baseline is None:
        return None
    from numpyro_lint.cli import baseline
    from numpyro_lint.cli.places import relative

    return baseline.load(relative(settings.baseline), may_lack=options.write_baseline)


def _given(options: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    """The settings that the command line gives. Raises ConfigError."""
    for key in (*_LISTS, *_SINGLE):
        name = key.replace("-", "_")
        value = getattr(options, name, None)
        if value is None:
            continue
        if key in _LISTS:
            value = [part.strip() for each in value for part in each.split(",") if part.strip()]
            if not value:
                raise UsageError(f"--{key} names no rule")
        yield name, configuration.checked(key, value, f"--{key}")
    if getattr(options, "pedantic", False):
        yield "pedantic", True


def sources_of(options: argparse.Namespace, settings: Settings) -> tuple[list[Source], list[str]]:
    """The texts to analyse, and a line for each file that cannot be read. Raises UsageError."""
    if not options.paths:
        raise UsageError("no file or folder is given; `analyze --help` tells how to use it")
    sources: list[Source] = []
    unreadable: list[str] = []
    if "-" in options.paths:
        sources.append(_standard_input(options))
    paths = [path for path in options.paths if path != "-"]
    found = find(paths, settings.excludes, options.force_exclude)
    if getattr(options, "shard", None):
        from numpyro_lint.cli.many.shards import part

        options.places = part(found, options.shard)
        found = list(options.places)
    for path in found:
        try:
            sources.append(text.load(path, text.OURS.encode()))
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else error
            unreadable.append(f"{path}: {said}")
    return sources, unreadable


def _standard_input(options: argparse.Namespace) -> Source:
    name, data = options.stdin_filename, sys.stdin.buffer.read()
    options.standard_input = data
    try:
        if name.endswith(".ipynb"):
            return text.notebook(name, data.decode("utf-8"))
        return Source(name, text.decode(data))
    except ValueError as error:
        raise UsageError(f"standard input: {error}") from error


def traces_here(options: argparse.Namespace) -> bool:
    """Whether models are traced, and on this machine."""
    return not options.static and options.executor == "local"


def worker(sources: Iterable[Source], settings: Settings) -> tuple[str, WorkerProcess | None]:
    """The interpreter that traces, and a worker in it where there may be anything to trace.

    It takes a while to import NumPyro: it is on its way before what reads the files is imported.
    """
    from numpyro_lint_runtime.interpreter import find_interpreter
    from numpyro_lint_runtime.process import launch

    python = find_interpreter(settings.python).path
    if not any(text.concerns_us(source.text) for source in sources):
        return python, None
    try:
        return python, launch(python, platform=settings.platform)
    except OSError:
        return python, None  # told of each model


def analyze(sources: Sequence[Source], analyst: Analyst, progress: Progress) -> list[Report]:
    """The report of each source."""
    reports = []
    for done, source in enumerate(sources):
        progress.show(done, source.path, at_once=analyst.capture)

        def said(step: Step, done: int = done, path: str = source.path) -> None:
            progress.show(done, at_work(path, step), at_once=True)

        reports.append(read(partial(analyst.report, said=said), source))
    return reports


def at_work(path: str, step: Step) -> str:
    """How far runs of NUTS on a file are, in words."""
    return f"{path}: {100 * step.done // max(step.total, 1)} % {step.text}"


def read(report: Callable[[Source], Report], source: Source) -> Report:
    """The report of a source; where this program fails at it, that is what is found."""
    try:
        return report(source)
    except Exception as error:
        from numpyro_lint.check import unread

        return unread(source, error)


def tracer(reports: Iterable[Report], python: str) -> str:
    """A line that says what traced the models; empty where none was traced."""
    for report in reports:
        for trace in report.context.traces.values():
            failure = trace.result.failure
            if trace.result.numpyro and not (failure and failure.stage == "start"):
                versions = f"numpyro {trace.result.numpyro}, jax {trace.result.jax}"
                return f"traced with {python} ({versions})"
    return ""


def renewed(
    known: Baseline | None,
    reports: Sequence[Report],
    settings: Settings,
    options: argparse.Namespace,
) -> list[str]:
    """Writes the baseline where that is asked for. Gives lines that say what became of it."""
    if known is None:
        return []
    from numpyro_lint.cli import baseline

    return list(
        baseline.kept(known, reports, settings, options.write_baseline, options.prune_baseline)
    )


def exit_status(reports: Sequence[Report], settings: Settings, options: argparse.Namespace) -> int:
    """0 without findings that count, 1 with some, 2 where a rule has failed."""
    found = [each for report in reports for each in report.diagnostics]
    if any(each.rule == "internal-error" for each in found):
        return 2
    if options.exit_zero or options.write_baseline:
        return 0
    if any(each.severity >= settings.fail_on for each in found):
        return 1
    return int(options.require_trace and not _all_traced(reports))


def _all_traced(reports: Sequence[Report]) -> bool:
    return all(trace.ok for report in reports for trace in report.context.traces.values())
