"""The options of `analyze`, and its help."""

from __future__ import annotations

import argparse

import numpyro_lint
from numpyro_lint.cli import formats
from numpyro_lint.cli.many.amount import jobs
from numpyro_lint.cli.many.shards import shard

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

--executor dask sends each request to trace a file to the workers of a cluster, which need the same
numpyro-lint, NumPyro and the same paths: docs/scale.md.

other commands: analyze rules | explain RULE | config-schema | dump FILE |
  trace FILE:MODEL | graph FILE:MODEL | merge REPORT... | server
"""


def parser() -> argparse.ArgumentParser:
    """The options of a run that analyses files."""
    options = argparse.ArgumentParser(
        prog="analyze",
        description="Reads NumPyro models as text and as seeded traces, and says what is wrong.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = options.add_argument
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
    add(
        "--executor",
        choices=("local", "dask"),
        default="local",
        help="what traces: this machine, or a Dask cluster that is there already",
    )
    add(
        "--scheduler",
        metavar="ADDRESS",
        help="of the cluster, as tcp://HOST:PORT (DASK_SCHEDULER_ADDRESS)",
    )
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
        choices=formats.FORMATS,
        default="text",
        metavar="|".join(formats.FORMATS),
        help="text, json and html also tell which models were traced with made-up arguments, the "
        "others findings alone: concise in a line each, github as annotations, sarif 2.1.0, gitlab "
        "as Code Quality, junit as tests. html is one page with pictures of the models",
    )
    add(
        "--statistics",
        action="store_true",
        help="how often each rule has found something: text "
        "shows that instead of the findings, json besides them",
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
    known = options.add_mutually_exclusive_group()
    known.add_argument(
        "--baseline",
        metavar="FILE",
        help="hold the findings that this file knows: they are not shown, fixed, or failed on",
    )
    known.add_argument("--no-baseline", action="store_true", help="even if one is configured")
    renewed = options.add_mutually_exclusive_group()
    renewed.add_argument(
        "--write-baseline",
        action="store_true",
        help="write what is found to the baseline, and exit 0",
    )
    renewed.add_argument(
        "--prune-baseline",
        action="store_true",
        help="remove from the baseline what is no longer found",
    )
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
    return options
