"""Data given to a site."""

from __future__ import annotations

import ast
import re

from numpyro_lint.diagnostic import Applicability, Edit, Fix
from numpyro_lint.rewrite.place import node_at, span_of
from numpyro_lint.text import Source, Span

# What may stand after the last argument of a call: a comma, and remarks.
_ENDING = r"[\s,]*(?:#[^\n]*\n[\s,]*)*"


def unused_parameters(source: Source, function: Span) -> tuple[str, ...]:
    """The parameters of a function that nothing in it reads, in order: `*args` and those that
    begin with an underscore are none of them."""
    node = node_at(source, function, ast.FunctionDef)
    if node is None:
        return ()
    inside = (each for statement in node.body for each in ast.walk(statement))
    used = {each.id for each in inside if isinstance(each, ast.Name)}
    args = node.args
    names = (each.arg for each in (*args.posonlyargs, *args.args, *args.kwonlyargs))
    return tuple(each for each in names if each not in used and each[0] != "_")


def observe_fix(source: Source, site: Span, name: str, data: str) -> Fix | None:
    """Observes a site at a variable: unsafe, as the site is no latent any more."""
    node = node_at(source, site, ast.Call)
    if node is None or any(each.arg in ("obs", None) for each in node.keywords):
        return None
    given = [*node.args, *(each.value for each in node.keywords)]
    last = max((span_of(source, each).end for each in given), default=site.start)
    if not re.fullmatch(_ENDING, source.text[last : site.end - 1]):
        return None
    edit = Edit(Span(last, last), f", obs={data}")
    return Fix(f"Observe '{name}': add obs={data}", (edit,), Applicability.UNSAFE)
