"""The part that works on libcst's tree: a decorator, an entry of its `config`, imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from numpyro_lint.rewrite.spelling import Spelling

if TYPE_CHECKING:
    from numpyro_lint.rewrite.reparam import Place

_WIDTH = 88
_Decorators = Sequence[cst.Decorator]


def decorated(
    text: str, place: Place, entries: Mapping[str, str], names: Spelling, after: int
) -> str | None:
    """`text` with a definition decorated, and new imports after so many lines of statements.

    `entries` are keys and values of the `config`, as written. None where the text cannot be read.
    """
    try:
        module = cst.parse_module(text)
    except (cst.ParserSyntaxError, RecursionError):
        return None
    module = module.visit(_Decorating(place, entries, names))
    lines = [cst.parse_statement(statement) for statement in names.imports]
    body = [*module.body[:after], *lines, *module.body[after:]]
    return module.with_changes(body=body).code


class _Decorating(cst.CSTTransformer):
    """Decorates the nth definition, or adds to the configuration that it has."""

    def __init__(self, place: Place, entries: Mapping[str, str], names: Spelling) -> None:
        super().__init__()
        self.place, self.entries, self.names = place, entries, names
        self.seen = -1
        self.open: list[int] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.seen += 1
        self.open.append(self.seen)

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        if self.open.pop() != self.place.nth:
            return updated_node
        decorators = updated_node.decorators
        changed = _merged(decorators, self.entries, self.names.known)
        if changed is None:
            new = _decorator(self.entries, self.names.handler, self.place.indent)
            changed = (*decorators, new)
        return updated_node.with_changes(decorators=changed)


def _decorator(entries: Mapping[str, str], handler: str, indent: int) -> cst.Decorator:
    config = ", ".join(f"{site}: {expression}" for site, expression in entries.items())
    line = f"@{handler}(config={{{config}}})"
    if indent + len(line) > _WIDTH:
        line = f"@{handler}(\n    config={{{config}}}\n)"
    statement = cst.parse_statement(f"{line}\ndef f(): pass\n")
    assert isinstance(statement, cst.FunctionDef)
    return statement.decorators[0]


def _merged(
    decorators: _Decorators, entries: Mapping[str, str], known: frozenset[str]
) -> _Decorators | None:
    """The decorators with the entries in the `config` of the innermost; None where it has none.

    Another one further out may meet the sites under other names: a scope can stand between.
    """
    call = decorators[-1].decorator if decorators else None
    if not isinstance(call, cst.Call) or cst.Module([]).code_for_node(call.func) not in known:
        return None
    for number, argument in enumerate(call.args):
        table, keyword = argument.value, argument.keyword
        if keyword is not None and keyword.value == "config" and isinstance(table, cst.Dict):
            arguments = list(call.args)
            arguments[number] = argument.with_changes(value=_extended(table, entries))
            call = call.with_changes(args=arguments)
            return (*decorators[:-1], decorators[-1].with_changes(decorator=call))
    return None


def _extended(table: cst.Dict, entries: Mapping[str, str]) -> cst.Dict:
    """A dictionary display with the entries that it lacks, laid out as those that it has."""
    known = {_evaluated(element) for element in table.elements}
    for site, expression in entries.items():
        new = cst.DictElement(cst.parse_expression(site), cst.parse_expression(expression))
        if _evaluated(new) not in known:
            table = _appended(table, new)
    return table


def _evaluated(element: cst.BaseDictElement) -> object:
    key = element.key if isinstance(element, cst.DictElement) else None
    return key.evaluated_value if isinstance(key, cst.SimpleString) else None


def _appended(table: cst.Dict, new: cst.DictElement) -> cst.Dict:
    if not table.elements:
        return table.with_changes(elements=[new])
    last = table.elements[-1]
    opening, closing = table.lbrace.whitespace_after, table.rbrace.whitespace_before
    space: cst.BaseParenthesizableWhitespace = cst.SimpleWhitespace(" ")
    if isinstance(opening, cst.ParenthesizedWhitespace):
        # What ends the last line, a comment perhaps, is the closing brace's: it stays there.
        end = cst.TrailingWhitespace()
        if isinstance(closing, cst.ParenthesizedWhitespace):
            end, closing = closing.first_line, closing.with_changes(first_line=end)
        space = opening.with_changes(first_line=end, empty_lines=[])
    before = last.with_changes(comma=cst.Comma(whitespace_after=space))
    elements = [*table.elements[:-1], before, new.with_changes(comma=last.comma)]
    rbrace = table.rbrace.with_changes(whitespace_before=closing)
    return table.with_changes(elements=elements, rbrace=rbrace)
