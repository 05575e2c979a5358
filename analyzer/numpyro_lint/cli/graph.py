"""`analyze graph FILE:MODEL`: a model as a picture."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from numpyro_lint.addresses import addresses
from numpyro_lint.analyst import Analyst
from numpyro_lint.cli.files import UsageError
from numpyro_lint.cli.run import settings_of
from numpyro_lint.cli.trace import chosen, load, split, stacks_at
from numpyro_lint.model.lift import lift
from numpyro_lint.model.program import Function, Module, Stack
from numpyro_lint.pictures.dot import dot
from numpyro_lint.pictures.graph import Graph
from numpyro_lint.pictures.layout import Undrawable
from numpyro_lint.pictures.mermaid import mermaid
from numpyro_lint.pictures.models import picture_of, untraced


def _svg(graph: Graph) -> str:
    from numpyro_lint.pictures.svg import svg

    return svg(graph)


def _html(graph: Graph) -> str:
    from numpyro_lint.pictures.page import figure, page
    from numpyro_lint.pictures.svg import svg

    return page(f"Graph of {graph.title}", figure(svg(graph)))


_FORMATS: dict[str, Callable[[Graph], str]] = {
    "svg": _svg,
    "dot": dot,
    "mermaid": mermaid,
    "html": _html,
}


def run(arguments: Sequence[str]) -> int:
    """The exit status is 0 where there is a picture, and 2 otherwise."""
    options = _parser().parse_args(arguments)
    path, name = split(options.target)
    source = load(path)
    settings = settings_of(options)
    with Analyst(settings, options.static, values=not options.no_values) as analyst:
        module = lift(source, project=analyst.project)
        function = _one(module, name)
        report = analyst.report(source, [function.key])
    about: Function | Stack = report.module.functions[function.key]
    if options.line is not None:
        about = stacks_at(report.module, [function], options.line)[0]
    if not options.static and (why := untraced(report, about)):
        print(f"analyze: drawn as the text tells it, not traced: {why}", file=sys.stderr)
    try:
        picture = _FORMATS[options.format](picture_of(report, about))
    except Undrawable as error:
        raise UsageError(f"{error}; --format dot and mermaid do without") from error
    _put(picture, options.output)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="analyze graph",
        description="Draws a model: its sites, what each is computed from, and its plates.",
        epilog="A model of a notebook that is defined more than once is MODEL@CELL, one of a "
        "script MODEL@LINE. svg and html need the package graphlay: "
        "pip install 'numpyro-lint[graph]'.",
    )
    add = parser.add_argument
    add("target", metavar="FILE:MODEL", help="a file or notebook, and a model of it")
    add("--format", choices=tuple(_FORMATS), default="svg", help="what to write (svg)")
    add("--output", "-o", metavar="FILE", help="where to write it (standard output)")
    add("--line", metavar="N", help="as in the stack at this line (CELL:N in a notebook)")
    add("--static", action="store_true", help="run no code: draw what the text tells")
    add("--no-values", action="store_true", help="do not ask the data how much they say")
    add("--python", metavar="PATH", help="interpreter that runs the trace")
    add("--seed", type=int, metavar="N", help="seed of the trace (0)")
    add("--timeout", type=float, metavar="S", help="seconds for each model and stage (20)")
    add("--config", metavar="FILE", help="pyproject.toml or numpyro-lint.toml to read")
    return parser


def _one(module: Module, name: str) -> Function:
    """The model to draw. Raises UsageError where it may be any of several."""
    found = chosen(module, name)
    if len(found) > 1:
        path, names = module.source.path, ", ".join(addresses(module, found))
        raise UsageError(f"{path}: there are {names} in this file; say which: {path}:MODEL")
    return found[0]


def _put(picture: str, path: str | None) -> None:
    if path is None:
        sys.stdout.write(picture)
        return
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(picture)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
