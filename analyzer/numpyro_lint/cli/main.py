"""`analyze`: arguments in, a report and an exit status out."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, TextIO

import numpyro_lint
from numpyro_lint.cli.files import UsageError
from numpyro_lint.cli.many.amount import jobs
from numpyro_lint.cli.many.shards import shard, told
from numpyro_lint.config import ConfigError

if TYPE_CHECKING:
    from numpyro_lint.check import Report
    from numpyro_lint.cli.many.crew import Crew
    from numpyro_lint.cli.mend import Mended
    from numpyro_lint.cli.models import Detail
    from numpyro_lint.text import Source

_SUBCOMMANDS = ("explain", "rules", "config-schema", "dump", "graph", "trace", "merge", "server")
_FORMATS = ("text", "concise", "json", "html")
_LEVELS = ("hint", "info", "warning", "error")
_EPILOG = """\
exit status: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage, unreadable input, bad
configuration or an internal error.

The trace runs the part of a file that a model needs in a process of its own, with a deadline, a
memory limit and a guard that refuses to write files, open sockets and start programs. This guards
against accidents; it is no sandbox against malice. --static runs no code at all.

--capture runs the whole program, as `python FILE` would: what it reads and computes is read and
computed, up to the call of the last model that could not be traced otherwise. Inference is not
run: MCMC, SVI and Predictive hand back prior draws, and nothing is drawn, written or downloaded.

other commands: analyze rules | explain RULE | config-schema | dump FILE |
  trace FILE:MODEL | graph FILE:MODEL | merge REPORT... | server
"""


def entry() -> NoReturn:
    """The program: `main` in a process of its own, which ends with its exit status.

    Nearly all that is allocated lives to the end, so garbage is looked for seldom and the
    interpreter is not taken down object by object: both are a tenth of a short run.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    status = main()
    sys.stderr.flush()
    os._exit(status)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line; the exit status is 0, 1 or 2 as its help says."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments and arguments[0] in _SUBCOMMANDS:
            from numpyro_lint.cli import commands

            status = commands.run(arguments[0], arguments[1:])
        else:
            status = _analyze(_parser().parse_args(arguments))
        sys.stdout.flush()
        return status
    except (UsageError, ConfigError) as error:
        print(f"analyze: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader has gone (`analyze ... | head`): nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except Exception as error:
        where = traceback_line(error)
        print(
            f"analyze: internal error: {type(error).__name__}: {error} ({where})", file=sys.stderr
        )
        return 2
    except KeyboardInterrupt:
        print("analyze: interrupted", file=sys.stderr)
        return 2


def traceback_line(error: Exception) -> str:
    """Where an error arose, for a report."""
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{os.path.basename(frame.filename)}, line {frame.lineno}; please report it"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="analyze",
        description="Reads NumPyro models as text and as seeded traces, and says what is wrong.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files, notebooks and folders; - for standard input",
    )
    add("--stdin-filename", metavar="NAME", default="stdin.py", help="name of standard input")
    add("--static", action="store_true", help="run no code")
    add("--no-values", action="store_true", help="abstract trace only: no concrete draw")
    add("--python", metavar="PATH", help="interpreter that runs the trace")
    add("--seed", type=int, metavar="N", help="seed of the trace (0)")
    add("--timeout", type=float, metavar="S", help="seconds for each model and stage (20)")
    add("--verify", action="store_true", help="settle geometry findings by short runs of NUTS")
    add(
        "--verify-timeout",
        type=float,
        default=120.0,
        metavar="S",
        help="seconds for each finding that is verified (120)",
    )
    add(
        "--no-cache",
        action="store_true",
        help="keep nothing between runs: static reports, and what JAX compiles",
    )
    add("--jobs", type=jobs, metavar="N", help="processes at most (as many as processors)")
    add("--shard", type=shard, metavar="N/M", help="the Nth of M parts of the files")
    add("--watch", action="store_true", help="report again whenever a file changes, until Ctrl-C")
    add(
        "--capture",
        action="store_true",
        help="run the whole program, without its inference, where a model's arguments are not in "
        "sight; may take three times --timeout for a file",
    )
    add("--require-trace", action="store_true", help="exit 1 if a model was not traced")
    add(
        "--output-format",
        choices=_FORMATS,
        default="text",
        metavar="|".join(_FORMATS),
        help="concise is a line for each finding, and nothing else: the others also tell which "
        "models were traced with made-up arguments. html is one page with pictures of the models",
    )
    add("--select", action="append", metavar="RULE", help="these rules or categories alone (ALL)")
    add("--extend-select", action="append", metavar="RULE", help="these besides the others")
    add("--ignore", action="append", metavar="RULE", help="not these rules or categories")
    add("--pedantic", action="store_true", help="hints as well")
    add("--min-severity", choices=_LEVELS, help="show nothing below (info)")
    add("--fail-on", choices=_LEVELS, help="exit 1 from here on (warning)")
    add("--exit-zero", action="store_true", help="exit 0 whatever is found")
    add("--fix", action="store_true", help="apply the safe fixes, and report what remains")
    add("--unsafe-fixes", action="store_true", help="with --fix or --diff: the unsafe ones too")
    add("--diff", action="store_true", help="show what fixes would change; exit 1 if anything")
    add("--config", metavar="FILE", help="pyproject.toml or numpyro-lint.toml to read")
    add("--force-exclude", action="store_true", help="exclude named files too, as hooks need it")
    add("--quiet", "-q", action="store_true", help="findings only, no tables")
    add(
        "--verbose",
        "-v",
        action="store_true",
        help="say with which arguments each model was traced, and how long it took",
    )
    add("--version", action="version", version=f"numpyro-lint {numpyro_lint.__version__}")
    return parser


def _analyze(options: argparse.Namespace) -> int:
    from numpyro_lint.cli import run

    if options.watch:
        from numpyro_lint.cli.many import watch

        return watch.run(options, _report)
    start = time.perf_counter()
    settings = run.settings_of(options)
    sources, failed = run.sources_of(options, settings)
    python, worker = ("", None) if options.static else run.worker(sources, settings)

    from numpyro_lint.cli.many.crew import Crew

    with Crew(options, settings, python, worker) as crew:
        return _report(options, crew, sources, failed, start)


def _report(
    options: argparse.Namespace, crew: Crew, sources: list[Source], failed: list[str], start: float
) -> int:
    """Reads, mends and prints; the exit status. `failed`: a line for each file not readable."""
    from numpyro_lint.check import filtered
    from numpyro_lint.cli import run
    from numpyro_lint.cli.progress import Progress

    settings, output, notes = crew.settings, sys.stdout, []
    with Progress(len(sources), waits=not options.static) as progress:
        reports = crew.reports(sources, progress)
    if options.fix or options.diff:
        from numpyro_lint.cli import mend

        mended = mend.mend(reports, crew.report, settings, options)
        if options.diff:
            return _show_diff(mended, reports, failed)
        reports = [each.after for each in mended]
        failed += mend.written(mended, options)
        notes = list(mend.summary(mended, "Fixed"))
        output = sys.stderr if "-" in options.paths else sys.stdout
    shown = [filtered(report, settings.min_severity) for report in reports]
    status = 2 if failed else run.exit_status(reports, settings, options)
    seconds, traced_by = time.perf_counter() - start, run.tracer(reports, crew.python)
    _print(shown, options, seconds, traced_by, output, status)
    for line in notes:
        print(line, file=output if options.output_format == "text" else sys.stderr)
    if crew.interrupted:
        print("analyze: --verify was interrupted: what it had not settled stands", file=sys.stderr)
    if crew.trouble and options.verbose:
        print(f"analyze: reports are not kept for the next run: {crew.trouble}", file=sys.stderr)
    _complain(failed)
    return status


def _show_diff(mended: list[Mended], reports: list[Report], failed: list[str]) -> int:
    """`--diff`: what fixes would change, and nothing else on standard output."""
    from numpyro_lint.cli import mend

    print(mend.diff(mended), end="")
    for line in mend.summary(mended, "Would fix"):
        print(line, file=sys.stderr)
    _complain(failed)
    broken = any(each.rule == "internal-error" for r in reports for each in r.diagnostics)
    return 2 if failed or broken else int(any(each.is_changed for each in mended))


def _complain(lines: list[str]) -> None:
    for line in lines:
        print(f"analyze: {line}", file=sys.stderr)


def _print(
    shown: list[Report], options: argparse.Namespace, seconds: float, traced_by: str, to: TextIO,
    status: int,
) -> None:  # fmt: skip
    if options.output_format == "json":
        import json

        from numpyro_lint.document import document

        report = document(shown, seconds)
        if options.shard:
            report["shard"] = told(options.shard, options.places, shown, status)
        print(json.dumps(report, indent=1, ensure_ascii=False), file=to)
    elif options.output_format == "concise":
        from numpyro_lint.cli import concise

        text = concise.render(shown)
        print(text, end="\n" if text else "", file=to)
    elif options.output_format == "html":
        from numpyro_lint.cli.html.render import render

        _as_utf_8(to).write(render(shown, traced_by, _detail(options)))
    else:
        from numpyro_lint.cli import text as renderer
        from numpyro_lint.cli.colour import Colour

        print(renderer.render(shown, seconds, Colour.of(to), _detail(options)), file=to)
        if traced_by and not options.quiet:
            print(traced_by, file=to)


def _detail(options: argparse.Namespace) -> Detail:
    if options.quiet:
        return "quiet"
    return "verbose" if options.verbose else "normal"


def _as_utf_8(to: TextIO) -> TextIO:
    """A stream in the encoding that a page says of itself, whatever the locale."""
    if isinstance(to, io.TextIOWrapper):
        to.reconfigure(encoding="utf-8", errors="strict")
    return to


if __name__ == "__main__":
    entry()
