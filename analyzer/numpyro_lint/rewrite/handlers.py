"""Handlers around a model: a seed put in, one handler for another."""

from __future__ import annotations

import ast

from numpyro_lint.diagnostic import Applicability, Edit, Fix
from numpyro_lint.rewrite.place import import_edit, node_at, span_of
from numpyro_lint.rewrite.spelling import handler, names_at
from numpyro_lint.text import Source, Span


def handler_fix(source: Source, call: Span, kind: str, title: str) -> Fix | None:
    """Calls another handler with the same arguments: `call` is that of the handler."""
    node = node_at(source, call, ast.Call)
    if node is None:
        return None
    written, imports = handler(names_at(source, call.start), kind)
    edits = [Edit(span_of(source, node.func), written)]
    return _with_imports(source, call, title, edits, imports, Applicability.UNSAFE)


def name_fix(source: Source, call: Span, name: str) -> Fix | None:
    """Names the one argument of a handler that has no name."""
    node = node_at(source, call, ast.Call)
    if node is None or len(node.args) != 1 or isinstance(node.args[0], ast.Starred):
        return None
    start = span_of(source, node.args[0]).start
    if _has_bracket(source, Span(span_of(source, node.func).end + 1, start)):
        return None
    edit = Edit(Span(start, start), f"{name}=")
    return Fix(f"Name the argument: {name}=", (edit,), Applicability.SAFE)


def seed_key_fix(source: Source, seed: Span) -> Fix | None:
    """Gives a key to a `seed` that has none."""
    node = node_at(source, seed, ast.Call)
    if node is None or node.keywords or not node.args:
        return None
    last = span_of(source, node.args[-1]).end
    if _has_bracket(source, Span(last, seed.end - 1)):
        return None
    edit = Edit(Span(last, last), ", rng_seed=0")
    return Fix("Give the seed a key: rng_seed=0", (edit,), Applicability.SAFE)


def seed_fix(source: Source, call: Span) -> Fix | None:
    """Puts a seed around what is run: the model of a `trace(model).get_trace()`, or of a call."""
    node = node_at(source, call, ast.Call)
    if node is None:
        return None
    target = _traced(node) if _is_get_trace(node) else node.func
    if target is None or isinstance(target, ast.Yield | ast.YieldFrom):
        # A `yield` cannot be an argument without brackets of its own.
        return None
    written, imports = handler(names_at(source, call.start), "seed")
    place = span_of(source, target)
    edits = [
        Edit(Span(place.start, place.start), f"{written}("),
        Edit(Span(place.end, place.end), ", rng_seed=0)"),
    ]
    title = f"Put a seed around {source.slice(place)}"
    return _with_imports(source, call, title, edits, imports, Applicability.SAFE)


def removal_fix(source: Source, call: Span) -> Fix | None:
    """Puts what a handler is called around in place of the call."""
    node = node_at(source, call, ast.Call)
    given = [each.value for each in node.keywords if each.arg == "fn"] if node else []
    if node is None or not (node.args or given):
        return None
    inner = node.args[0] if node.args else given[0]
    if isinstance(inner, ast.Starred):
        return None
    name = source.slice(span_of(source, node.func)).rpartition(".")[2]
    text = source.slice(span_of(source, inner))
    if not isinstance(inner, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
        text = f"({text})"
    edit = Edit(span_of(source, node), text)
    return Fix(f"Remove the {name}", (edit,), Applicability.UNSAFE)


def swap_fix(source: Source, outer: Span, inner: Span) -> Fix | None:
    """Exchanges two handlers of which one is the other's first argument in the text."""
    outside, inside = node_at(source, outer, ast.Call), node_at(source, inner, ast.Call)
    if outside is None or inside is None or not outside.args or not inside.args:
        return None
    if outside.args[0] is not inside:
        return None
    heads = [span_of(source, node.func) for node in (outside, inside)]
    wrapped = span_of(source, inside.args[0])
    tails = [Span(wrapped.end, inner.end - 1), Span(inner.end, outer.end - 1)]
    before = (Span(heads[0].end + 1, inner.start), Span(heads[1].end + 1, wrapped.start))
    if any(_has_bracket(source, each) for each in before):
        return None
    edits = (
        Edit(heads[0], source.slice(heads[1])),
        Edit(heads[1], source.slice(heads[0])),
        Edit(tails[0], source.slice(tails[1])),
        Edit(tails[1], source.slice(tails[0])),
    )
    names = [source.slice(head).rpartition(".")[2] for head in heads]
    return Fix(f"Put the {names[1]} around the {names[0]}", edits, Applicability.UNSAFE)


def _has_bracket(source: Source, gap: Span) -> bool:
    """Whether the argument beside this gap may have brackets of its own: where its text ends is
    not where its value does then."""
    return any(each in source.slice(gap) for each in "()")


def _is_get_trace(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "get_trace"


def _traced(node: ast.Call) -> ast.expr | None:
    """The model of `trace(model).get_trace()`: a seed must stand inside the trace."""
    trace = node.func.value if isinstance(node.func, ast.Attribute) else None
    if isinstance(trace, ast.Call) and trace.args and not trace.keywords:
        return trace.args[0]
    return None


def _with_imports(
    source: Source,
    call: Span,
    title: str,
    edits: list[Edit],
    imports: tuple[str, ...],
    applicability: Applicability,
) -> Fix | None:
    if imports:
        added = import_edit(source, call.start, imports)
        if added is None:
            return None
        edits = [added, *edits]
    return Fix(title, tuple(sorted(edits, key=lambda edit: edit.span)), applicability)
