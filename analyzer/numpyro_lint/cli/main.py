"""`analyze`: arguments in, a report and an exit status out."""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from numpyro_lint.cli import formats, streams
from numpyro_lint.cli.files import UsageError
from numpyro_lint.cli.many.shards import told
from numpyro_lint.cli.options import parser
from numpyro_lint.cli.streams import complain
from numpyro_lint.config import ConfigError, Settings

if TYPE_CHECKING:
    from numpyro_lint.check import Report
    from numpyro_lint.cli.many.crew import Crew
    from numpyro_lint.cli.mend import Mended
    from numpyro_lint.cli.models import Detail
    from numpyro_lint.text import Source

_SUBCOMMANDS = ("explain", "rules", "config-schema", "dump", "graph", "trace", "merge", "server")


def entry() -> NoReturn:
    """The program: `main` in a process of its own, which ends with its exit status.

    Nearly all that is allocated lives to the end, so garbage is looked for seldom and the
    interpreter is not taken down object by object: both are a tenth of a short run.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    streams.open_closed()
    status = main()
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(status)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line; the exit status is 0, 1 or 2 as its help says."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    streams.take_any_text(sys.stdout)
    try:
        if arguments and arguments[0] in _SUBCOMMANDS:
            from numpyro_lint.cli import commands

            status = commands.run(arguments[0], arguments[1:])
        else:
            options = parser().parse_args(arguments)
            _refuse_late_subcommand(options.paths)
            status = _analyze(options)
        sys.stdout.flush()
        return status
    except (UsageError, ConfigError) as error:
        complain([str(error)])
    except BrokenPipeError:
        # The reader has gone (`analyze ... | head`): nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        # Of the machine and not of this program, such as a full disk.
        complain([str(error)])
    except Exception as error:
        where = traceback_line(error)
        complain([f"internal error: {type(error).__name__}: {error} ({where})"])
    except KeyboardInterrupt:
        complain(["interrupted"])
    return 2


def traceback_line(error: Exception) -> str:
    """Where an error arose, for a report."""
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{os.path.basename(frame.filename)}, line {frame.lineno}; please report it"


def _refuse_late_subcommand(paths: Sequence[str]) -> None:
    if paths and paths[0] in _SUBCOMMANDS and not os.path.exists(paths[0]):
        name = paths[0]
        raise UsageError(
            f"{name}: no such file or folder; as a command it comes first: analyze {name}"
        )


def _analyze(options: argparse.Namespace) -> int:
    from numpyro_lint.cli import run

    if options.watch:
        from numpyro_lint.cli.many import watch

        return watch.run(options, _report)
    start = time.perf_counter()
    settings = run.settings_of(options)
    sources, failed = run.sources_of(options, settings)
    python, worker = run.worker(sources, settings) if run.traces_here(options) else ("", None)

    from numpyro_lint.cli.many.crew import Crew

    with contextlib.closing(Crew(options, settings, python, worker)) as crew:
        return _report(options, crew, sources, failed, start)


def _report(
    options: argparse.Namespace, crew: Crew, sources: list[Source], failed: list[str], start: float
) -> int:
    """Reads, mends and prints; the exit status. `failed`: a line for each file not readable."""
    from numpyro_lint.check import filtered
    from numpyro_lint.cli import run
    from numpyro_lint.cli.progress import Progress

    settings, output, notes = crew.settings, sys.stdout, []
    known = run.baseline_of(options, settings)
    with Progress(len(sources), waits=not options.static) as progress:
        reports = crew.reports(sources, progress)
    hold = known.holding if known and not options.write_baseline else _as_it_is
    reports = [hold(report) for report in reports]
    if options.fix or options.diff:
        from numpyro_lint.cli import mend

        mended = mend.mend(reports, lambda s: hold(crew.report(s)), settings, options)
        if options.diff:
            return _show_diff(mended, reports, failed + crew.lost)
        reports = [each.after for each in mended]
        failed += mend.written(mended, options)
        notes = list(mend.summary(mended, "Fixed"))
        output = sys.stderr if "-" in options.paths else sys.stdout
    failed = failed + crew.lost
    said = run.renewed(known, reports, settings, options)
    status = 2 if failed else run.exit_status(reports, settings, options)
    if options.write_baseline:
        notes += said
    else:
        traced_by = run.tracer(reports, crew.python)
        shown = [filtered(report, settings.min_severity) for report in reports]
        seconds = time.perf_counter() - start
        outcome = _outcome(shown, seconds, traced_by, settings, options, status)
        formats.write(outcome, options.output_format, output)
        complain(said)
    for line in notes:
        print(line, file=output if options.output_format == "text" else sys.stderr)
    if crew.interrupted:
        print("analyze: --verify was interrupted: what it had not settled stands", file=sys.stderr)
    if crew.trouble and options.verbose:
        print(f"analyze: reports are not kept for the next run: {crew.trouble}", file=sys.stderr)
    complain(failed)
    return status


def _as_it_is(report: Report) -> Report:
    return report


def _show_diff(mended: list[Mended], reports: list[Report], failed: list[str]) -> int:
    """`--diff`: what fixes would change, and nothing else on standard output."""
    from numpyro_lint.cli import mend

    print(mend.diff(mended), end="")
    for line in mend.summary(mended, "Would fix"):
        print(line, file=sys.stderr)
    complain(failed)
    broken = any(each.rule == "internal-error" for r in reports for each in r.diagnostics)
    return 2 if failed or broken else int(any(each.is_changed for each in mended))


def _outcome(
    shown: list[Report], seconds: float, traced_by: str, settings: Settings,
    options: argparse.Namespace, status: int,
) -> formats.Outcome:  # fmt: skip
    given = {options.stdin_filename: options.standard_input} if "-" in options.paths else {}
    part = told(options.shard, options.places, shown, status) if options.shard else None
    return formats.Outcome(
        shown, seconds, traced_by, _detail(options), settings.fail_on, options.statistics, given,
        part,
    )  # fmt: skip


def _detail(options: argparse.Namespace) -> Detail:
    if options.quiet:
        return "quiet"
    return "verbose" if options.verbose else "normal"


if __name__ == "__main__":
    entry()
