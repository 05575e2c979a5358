"""Non-centred forms: `handlers.reparam` around a model, at its definition or where it is used."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from numpyro_lint.diagnostic import Applicability, Edit, Fix
from numpyro_lint.model.program import Function, Module
from numpyro_lint.rewrite.edits import newline_of
from numpyro_lint.rewrite.place import (
    Definition,
    around,
    import_edit,
    indent_of,
    node_at,
    span_of,
)
from numpyro_lint.rewrite.spelling import Names, handler, literal, names_at, strategy
from numpyro_lint.text import Source, Span

_WIDTH = 88


def reparam_fix(source: Source, definition: int, config: Mapping[str, str]) -> Fix | None:
    """Decorates a model with `handlers.reparam`: sites and their reparameterisers, as in Python.

    `definition` is the offset of the model's `def`; `config` maps site names to expressions of one
    class, such as `LocScaleReparam(0)`. None where that cannot be done: the text does not parse,
    the model is a method or a lambda, or its decorator names the sites already.
    """
    node = _function(source, definition)
    if node is None:
        return None
    names = names_at(source, definition)
    entries, imports = _entries(source, names, config)
    written, more = handler(names, "reparam")
    edits = _merged(source, node, entries, names)
    if edits is None:
        edits = _decorator(source, definition, written, entries)
        imports = (*more, *imports)
    return _fix(source, definition, config, edits, imports)


def reparam_use_fix(source: Source, uses: Iterable[Span], config: Mapping[str, str]) -> Fix | None:
    """Puts `handlers.reparam(..., config={...})` around a model in the calls that it is given to.

    `uses` are the places of these arguments: for a model that is a method, a lambda or imported.
    """
    spans = sorted(set(uses))
    if not spans or any(node_at(source, span, ast.expr) is None for span in spans):
        return None
    names = names_at(source, spans[0].start)
    entries, imports = _entries(source, names, config)
    written, more = handler(names, "reparam")
    table = _table(entries)
    edits = [
        edit
        for span in spans
        for edit in (
            Edit(Span(span.start, span.start), f"{written}("),
            Edit(Span(span.end, span.end), f", config={table})"),
        )
    ]
    return _fix(source, spans[0].start, config, edits, (*more, *imports))


def _fix(
    source: Source,
    at: int,
    config: Mapping[str, str],
    edits: Iterable[Edit],
    imports: tuple[str, ...],
) -> Fix | None:
    found = list(edits)
    if not found:
        return None
    if imports:
        added = import_edit(source, at, imports)
        if added is None:
            return None
        found.append(added)
    sites = " and ".join(f"'{site}'" for site in config)
    title = f"Reparameterise {sites} (non-centred)"
    found.sort(key=lambda edit: edit.span)
    return Fix(title, tuple(found), Applicability.UNSAFE)


def _function(source: Source, definition: int) -> Definition | None:
    """The function that is defined at an offset, unless it is a method."""
    nodes = around(source, Span(definition, definition))
    for outer, node in zip([None, *nodes], nodes, strict=False):
        if isinstance(node, Definition) and span_of(source, node).start == definition:
            # A handler around a method is an object in its place, and no longer bound to `self`.
            return None if isinstance(outer, ast.ClassDef) else node
    return None


def _entries(
    source: Source, names: Names, config: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The entries of a `config` as this file would write them, and the imports they take."""
    entries: dict[str, str] = {}
    imports: tuple[str, ...] = ()
    for site, expression in config.items():
        kind, bracket, rest = expression.partition("(")
        written, more = strategy(names, kind)
        entries[literal(site, source.text)] = written + bracket + rest
        imports += more
    return entries, imports


def _table(entries: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{site}: {expression}" for site, expression in entries.items()) + "}"


def _decorator(
    source: Source, definition: int, written: str, entries: Mapping[str, str]
) -> list[Edit]:
    indent = indent_of(source, definition)
    if indent is None:
        return []
    new = newline_of(source.text) + indent
    line = f"@{written}(config={_table(entries)})"
    if len(indent) + len(line) > _WIDTH:
        table = _table(entries)
        if len(indent) + len("    config=") + len(table) > _WIDTH and len(entries) > 1:
            rows = "".join(f"{new}        {site}: {text}," for site, text in entries.items())
            table = f"{{{rows}{new}    }}"
        line = f"@{written}({new}    config={table}{new})"
    return [Edit(Span(definition, definition), line + new)]


def _merged(
    source: Source, node: Definition, entries: Mapping[str, str], names: Names
) -> list[Edit] | None:
    """Adds the entries to the `config` of the innermost decorator; None where it has none.

    Another one further out may meet the sites under other names: a scope can stand between.
    """
    call = node.decorator_list[-1] if node.decorator_list else None
    if not isinstance(call, ast.Call):
        return None
    if source.slice(span_of(source, call.func)) not in set(names.ways("numpyro.handlers.reparam")):
        return None
    for keyword in call.keywords:
        if keyword.arg == "config" and isinstance(keyword.value, ast.Dict):
            return extended(source, keyword.value, entries)
    return None


def extended(source: Source, table: ast.Dict, entries: Mapping[str, str]) -> list[Edit]:
    """Adds to a dictionary display the entries that it lacks, laid out as those that it has."""
    known = {key.value for key in table.keys if isinstance(key, ast.Constant)}
    lacking = {key: text for key, text in entries.items() if ast.literal_eval(key) not in known}
    if not lacking:
        return []
    added = [f"{key}: {text}" for key, text in lacking.items()]
    whole = span_of(source, table)
    if not table.values:
        return [Edit(Span(whole.start + 1, whole.start + 1), ", ".join(added))]
    end, comma = _after(source.text, span_of(source, table.values[-1]).end)
    first = table.keys[0] or table.values[0]
    if first.lineno == table.lineno:
        return [Edit(Span(end, end), "".join(f", {entry}" for entry in added))]
    indent = indent_of(source, span_of(source, first).start)
    line = source.line(end)
    stop = source.line_starts[line - 1] + len(source.line_text(line))
    if indent is None or stop > whole.end:
        return [Edit(Span(end, end), "".join(f", {entry}" for entry in added))]
    new = newline_of(source.text) + indent
    tail = "," if comma else ""
    text = "".join(f"{new}{entry}," for entry in added).removesuffix(",") + tail
    return [*([] if comma else [Edit(Span(end, end), ",")]), Edit(Span(stop, stop), text)]


def _after(text: str, end: int) -> tuple[int, bool]:
    """The end of a dictionary's last value with brackets around it; whether a comma follows."""
    at = end
    while text[at] not in ",}":
        if text[at] == "#":
            at = min(at for at in (text.find("\n", at), text.find("\r", at)) if at >= 0)
        elif text[at] == ")":
            end = at + 1
        at += 1
    return end, text[at] == ","


def decentred(module: Module, function: Function, config: Mapping[str, str]) -> Fix | None:
    """Reparameterises a model at its definition, or else where an inference is given it."""
    fix = reparam_fix(module.source, function.key, config)
    if fix is not None:
        return fix
    uses = [
        run.stack.model.span
        for run in module.runs
        if run.kind in ("mcmc", "svi") and run.stack and run.stack.model.span
        if run.stack.model.function == function.key
    ]
    return reparam_use_fix(module.source, uses, config)
