"""Rewrites of one expression: a call of numpy, a distribution, a name in a loop."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from numpyro_lint.diagnostic import Applicability, Edit, Fix
from numpyro_lint.facts.jax import in_jax
from numpyro_lint.rewrite.place import import_edit, node_at, span_of, statements
from numpyro_lint.rewrite.spelling import Names, Way, names_at
from numpyro_lint.syntax.trees import expression
from numpyro_lint.text import Source, Span

# Arguments of numpy's functions that JAX's do not have.
_NUMPY_ONLY = frozenset({"casting", "order", "out", "subok", "signature"})


def to_jax(
    source: Source,
    call: Span,
    qualified: str,
    applicability: Applicability = Applicability.SAFE,
) -> Fix | None:
    """Calls JAX's function in place of `qualified`, a function of numpy, math or scipy.

    None where JAX has none that is the same, or the call has arguments that it does not take.
    """
    wanted = in_jax(qualified)
    node = node_at(source, call, ast.Call)
    if wanted is None or node is None:
        return None
    if any(keyword.arg is None or keyword.arg in _NUMPY_ONLY for keyword in node.keywords):
        return None
    if qualified.startswith("math.") and len(node.args) > 1 and wanted.endswith(".log"):
        return None
    place = span_of(source, node.func)
    written, imports = _function(names_at(source, call.start), wanted)
    edits = [Edit(place, written)]
    if imports:
        added = import_edit(source, call.start, imports)
        if added is None:
            return None
        edits.insert(0, added)
    return Fix(f"Use {written} in place of {source.slice(place)}", tuple(edits), applicability)


def _function(names: Names, wanted: str) -> tuple[str, tuple[str, ...]]:
    """A function of JAX as this file would write it, and the imports that this takes."""
    home, _, leaf = wanted.rpartition(".")
    if wanted.startswith("jax.numpy."):
        short = wanted.removeprefix("jax.numpy.")
        first = Way("jnp", "import jax.numpy as jnp", f"jnp.{short}")
        return names.write(wanted, first, Way("jax", "import jax.numpy", wanted))
    inside = home.rpartition(".")[2]
    first = Way(inside, f"from {home.rpartition('.')[0]} import {inside}", f"{inside}.{leaf}")
    return names.write(wanted, first, Way("jax", f"import {home}", wanted))


def to_event(
    source: Source,
    distribution: Span,
    dims: int = 1,
    applicability: Applicability = Applicability.UNSAFE,
) -> Fix | None:
    """Makes the rightmost batch dimensions of a distribution its event: `.to_event(1)`.

    `distribution` is the whole expression that builds it, with what was applied to it already.
    """
    text = source.slice(distribution)
    try:
        node = expression(f"({text}\n)")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    title = f"Make it an event: .to_event({dims})"
    start, end = distribution
    last = re.search(r"\.to_event\(\s*(\d+)\s*\)$", text)
    if last is not None:
        total = int(last[1]) + dims
        place = Span(start + last.start(1), start + last.end(1))
        return Fix(title, (Edit(place, str(total)),), applicability)
    close = Edit(Span(end, end), f".to_event({dims})")
    if isinstance(node, (ast.Call, ast.Name, ast.Attribute, ast.Subscript)):
        return Fix(title, (close,), applicability)
    edits = (Edit(Span(start, start), "("), Edit(Span(end, end), f").to_event({dims})"))
    return Fix(title, edits, applicability)


def named_by_loop(source: Source, name: Span, loops: Sequence[Span]) -> Fix | None:
    """Gives a site a name for each pass: `f"name_{i}"`.

    `loops` are those around it, as a `Place` has them. None where one of them has no variable that
    counts its passes or goes through literal names.
    """
    literal = re.fullmatch(r"""(['"])([^'"\\\n]+)\1""", source.slice(name))
    counters = counters_of(source, loops)
    if literal is None or not counters:
        return None
    quote, text = literal.groups()
    kept = text.replace("{", "{{").replace("}", "}}")
    new = f"f{quote}{kept}" + "".join(f"_{{{each}}}" for each in counters) + quote
    return Fix(f"Name it {new}", (Edit(name, new),), Applicability.UNSAFE)


def counters_of(source: Source, loops: Sequence[Span]) -> list[str] | None:
    """The variables that tell the passes of these loops apart; None where one loop has none."""
    found = [_counter(source, loop) for loop in loops]
    return None if None in found else [each for each in found if each is not None]


def _counter(source: Source, loop: Span) -> str | None:
    """The variable of a loop that is another number, or another literal, in each pass.

    `loop` is the place of a `for` statement, or of what a comprehension goes through.
    """
    for statement in statements(source):
        for node in ast.walk(statement):
            if isinstance(node, ast.For) and span_of(source, node) == loop:
                return _variable(node.target, node.iter)
            if isinstance(node, ast.comprehension) and span_of(source, node.iter) == loop:
                return _variable(node.target, node.iter)
    return None


def _variable(target: ast.expr, iterated: ast.expr) -> str | None:
    if isinstance(iterated, (ast.List, ast.Tuple)):
        values = [each.value for each in iterated.elts if isinstance(each, ast.Constant)]
        distinct = len(values) == len(iterated.elts) == len(set(values))
        plain = all(isinstance(value, (str, int)) for value in values)
        return target.id if isinstance(target, ast.Name) and distinct and plain else None
    if not isinstance(iterated, ast.Call) or not isinstance(iterated.func, ast.Name):
        return None
    if iterated.func.id == "range":
        return target.id if isinstance(target, ast.Name) else None
    if iterated.func.id == "enumerate" and isinstance(target, ast.Tuple) and target.elts:
        first = target.elts[0]
        return first.id if isinstance(first, ast.Name) else None
    return None
