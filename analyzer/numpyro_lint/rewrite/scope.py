"""Scopes around the calls of a helper, so that each makes sites of its own."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from numpyro_lint.diagnostic import Edit, Fix
from numpyro_lint.rewrite.edits import newline_of
from numpyro_lint.rewrite.expressions import counters_of
from numpyro_lint.rewrite.place import around, import_edit, indent_of, node_at, span_of
from numpyro_lint.rewrite.spelling import Names, handler, literal, names_at
from numpyro_lint.text import Source, Span

# Packages whose functions make no sites: calls of theirs may stand inside a scope.
_SITELESS = frozenset({"jax", "math", "numpy"})
_Simple = ast.Assign | ast.AnnAssign | ast.Expr | ast.Return


def scopes_fix(source: Source, calls: Sequence[Span], loops: Sequence[Span] = ()) -> Fix | None:
    """Puts each of these calls into `handlers.scope`, under the name that it is assigned to.

    A statement that is nothing but the call goes into `with handlers.scope(prefix=...):`, any other
    calls `handlers.scope(helper, prefix=...)`. `loops` are those around a single call: their
    variables make the prefix another one in each pass. None where they cannot.
    """
    nodes = [node_at(source, call, ast.Call) for call in calls]
    found = [node for node in nodes if node is not None]
    counters = counters_of(source, loops)
    if not found or len(found) != len(nodes) or counters is None:
        return None
    names = names_at(source, min(calls).start)
    written, imports = handler(names, "scope")
    edits: list[Edit] = []
    for node, prefix in zip(found, _prefixes(source, found), strict=True):
        text = _prefix(source, prefix, counters)
        edits += _scoped(source, node, f"{written}(", f"prefix={text})", names)
    if imports:
        added = import_edit(source, min(calls).start, imports)
        if added is None:
            return None
        edits.append(added)
    edits.sort(key=lambda edit: edit.span)
    which = "this call" if len(found) == 1 else "each call"
    return Fix(f"Put {which} into a handlers.scope of its own", tuple(edits))


def _prefix(source: Source, prefix: str, counters: Sequence[str]) -> str:
    quoted = literal(prefix, source.text)
    if not counters:
        return quoted
    return f"f{quoted[:-1]}" + "".join(f"_{{{each}}}" for each in counters) + quoted[-1]


def _prefixes(source: Source, calls: Sequence[ast.Call]) -> list[str]:
    """A name for each call: what it is assigned to, else the helper's, numbered."""
    names = [assigned_to(source, span_of(source, call)) or _leaf(call.func) for call in calls]
    if len(set(names)) < len(names):
        names = [_leaf(call.func) for call in calls]
    counts = Counter(names)
    met: Counter[str] = Counter()
    prefixes = []
    for name in names:
        met[name] += 1
        prefixes.append(f"{name}_{met[name]}" if counts[name] > 1 else name)
    return prefixes


def _leaf(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else "call"


def assigned_to(source: Source, value: Span) -> str | None:
    """The name that an expression is assigned to, alone or as part of a tuple."""
    for node in reversed(around(source, value)):
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs += zip(target.elts, node.value.elts, strict=False)
            for left, right in pairs:
                if right is not None and span_of(source, right) == value:
                    return _leaf(left) if isinstance(left, (ast.Name, ast.Attribute)) else None
    return None


def _scoped(
    source: Source, call: ast.Call, opening: str, prefix: str, names: Names
) -> Iterator[Edit]:
    statement = _whole_statement(source, call, names)
    if statement is None:
        place = span_of(source, call.func)
        yield Edit(Span(place.start, place.start), opening)
        yield Edit(Span(place.end, place.end), f", {prefix}")
        return
    start = span_of(source, statement).start
    indent = indent_of(source, start) or ""
    unit = _unit(source, statement, indent)
    inside = newline_of(source.text) + indent + unit
    yield Edit(Span(start, start), f"with {opening}{prefix}:{inside}")
    for line in range(statement.lineno + 1, (statement.end_lineno or 0) + 1):
        if source.line_text(line).strip():
            at = source.line_starts[line - 1]
            yield Edit(Span(at, at), unit)


def _whole_statement(source: Source, call: ast.Call, names: Names) -> ast.stmt | None:
    """The statement that is nothing but this call, where it can be indented as it stands."""
    place = span_of(source, call)
    for node in around(source, place):
        if isinstance(node, _Simple) and node.value and span_of(source, node.value) == place:
            arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
            whole = span_of(source, node)
            if indent_of(source, whole.start) is None or not _ends_line(source, whole.end):
                return None
            if any(_may_sample(each, names) for each in arguments) or _spreads(node):
                return None
            return node
    return None


def _ends_line(source: Source, end: int) -> bool:
    line = source.line(end)
    rest = source.text[end : source.line_starts[line - 1] + len(source.line_text(line))].strip()
    return not rest or rest.startswith("#")


def _may_sample(argument: ast.expr, names: Names) -> bool:
    """Whether an argument calls anything that may make sites, which the scope would rename."""
    known = {name for name, full in names.bound if full.partition(".")[0] in _SITELESS}
    for node in ast.walk(argument):
        if isinstance(node, ast.Call):
            root: ast.expr = node.func
            while isinstance(root, ast.Attribute):
                root = root.value
            if not isinstance(root, ast.Name) or root.id not in known:
                return True
    return False


def _spreads(statement: ast.stmt) -> bool:
    """Whether a string of a statement goes over several lines: indenting would change it."""
    texts = (ast.Constant, ast.JoinedStr)
    return any(
        isinstance(node, texts) and node.lineno != node.end_lineno for node in ast.walk(statement)
    )


def _unit(source: Source, statement: ast.stmt, indent: str) -> str:
    """One step of indentation, as the statement itself is indented."""
    outer = ""
    for node in around(source, span_of(source, statement)):
        if isinstance(node, ast.stmt) and node is not statement:
            outer = indent_of(source, span_of(source, node).start) or outer
    return indent.removeprefix(outer) or "    "
