"""Comments that speak to this tool: what they say, and which lines they are about."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from numpyro_lint.record import record
from numpyro_lint.syntax.parse import Tree
from numpyro_lint.syntax.trees import expression
from numpyro_lint.text import Source, Span

_MARK = "numpyro-lint:"
# Up to the next comment on the line; `#12` in a reason is the number of an issue.
_COMMENT = r"#[ \t]*numpyro-lint:(?:[^ \t\r\n]++|[ \t]++(?!#(?!\d)|[\r\n]|\Z))*+"
_CONTENT = r"#[ \t]*numpyro-lint:\s*([\w-]*)(\s*[\[(])?"
# Each closing bracket may be that of the call, and takes a parse of all before it.
_MOST_BRACKETS = 100
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@record
class Comment:
    """A comment to this tool: `word` is what it asks for, `body` the range within its brackets.

    `first` and `last` are the lines that it is about: where it is alone on its line (`alone`),
    those of the statement directly below; of a statement with a block they are those of its head.
    `function` is the definition that it stands above. `body` is None without brackets, or where
    they stay open.
    """

    span: Span
    text: str
    word: str
    body: Span | None
    line: int
    first: int
    last: int
    alone: bool = False
    function: int | None = None


@record
class _Head:
    """The lines of a statement, or of the part of it before its block."""

    first: int
    last: int
    node: ast.AST


def comments(source: Source, tree: Tree) -> Iterator[Comment]:
    """The comments of a file that speak to this tool, in order."""
    text = _text(source, tree)
    if _MARK not in text:
        return
    heads = list(_heads(source, tree.body))
    for match in re.finditer(_COMMENT, text):
        if not _in_string(source, heads, match.start(), bool(tree.body)):
            yield _comment(source, heads, match)


def _text(source: Source, tree: Tree) -> str:
    """What may hold comments: the text that was read, and the cells that could not be."""
    text = tree.text
    for problem in tree.unreadable:
        cell = source.cell_at(problem.span.start)
        if cell is not None:
            text = text[: cell.span.start] + source.slice(cell.span) + text[cell.span.end :]
    return text


def _comment(source: Source, heads: Sequence[_Head], match: re.Match[str]) -> Comment:
    start, end = match.span()
    said = re.match(_CONTENT, match[0])
    assert said is not None
    body = None
    if said[2]:
        close = match[0].find("]" if said[2].endswith("[") else ")", said.end())
        body = Span(start + said.end(), start + close) if close >= 0 else None
    line = source.line(start)
    before = source.text[source.line_starts[line - 1] : start].strip()
    if not before or before.startswith("#"):
        first, last, function = _below(source, heads, line)
        return Comment(Span(start, end), match[0], said[1], body, line, first, last, True, function)
    first, last = _spoken_for(source, _around(heads, line), line)
    return Comment(Span(start, end), match[0], said[1], body, line, first, last)


def _spoken_for(source: Source, head: _Head | None, line: int) -> tuple[int, int]:
    """The lines that a comment at the end of a line is about.

    They are its own; where its line opens or closes a statement or a bracket, those up to the end
    or from the beginning of that.
    """
    if head is None:
        return line, line
    if line in (head.first, head.last):
        return head.first, head.last
    code = source.line_text(line).partition("#")[0].strip()
    if code.endswith(("(", "[", "{")):
        return line, _level(source, line, range(line + 1, head.last + 1))
    if code.startswith((")", "]", "}")):
        return _level(source, line, range(line - 1, head.first - 1, -1)), line
    return line, line


def _level(source: Source, line: int, others: range) -> int:
    """The first of some lines that is indented no further than a line is."""
    texts = {each: source.line_text(each) for each in (line, *others)}
    depth = {each: len(text) - len(text.lstrip()) for each, text in texts.items() if text.strip()}
    return next((each for each in others if each in depth and depth[each] <= depth[line]), line)


def _around(heads: Sequence[_Head], line: int) -> _Head | None:
    """The innermost statement whose head a line is part of."""
    return next((head for head in reversed(heads) if head.first <= line <= head.last), None)


def _below(source: Source, heads: Sequence[_Head], line: int) -> tuple[int, int, int | None]:
    """The lines that a comment on a line of its own is about, and the function defined there."""
    cell = source.cell_at(source.line_starts[line - 1])
    target = line + 1
    while target <= len(source.line_starts) and source.line_text(target).lstrip().startswith("#"):
        target += 1
    if target > len(source.line_starts) or not source.line_text(target).strip():
        return line, line, None
    if source.cell_at(source.line_starts[target - 1]) != cell:
        return line, line, None
    met = [head for head in heads if head.first == target]
    if not met:
        return target, target, None
    node = met[0].node
    last = max(head.last for head in heads if head.node is node)
    function = None
    if isinstance(node, _FUNCTIONS):
        function = source.offset(node.lineno, node.col_offset)
    return target, last, function


def _heads(source: Source, body: Sequence[ast.AST]) -> Iterator[_Head]:
    """The heads of all statements, each before those of its block."""
    for node in body:
        for decorator in getattr(node, "decorator_list", ()):
            yield _Head(decorator.lineno, decorator.end_lineno or decorator.lineno, node)
        blocks = [
            block
            for name in ("body", "handlers", "orelse", "finalbody", "cases")
            if isinstance(block := getattr(node, name, None), list) and block
        ]
        first = getattr(node, "lineno", 0)
        if first:
            yield _Head(first, _last_line(source, node, first, blocks), node)
        for block in blocks:
            yield from _heads(source, block)


def _last_line(source: Source, node: ast.AST, first: int, blocks: list[list[ast.AST]]) -> int:
    """The last line of a head that holds more than a comment."""
    if not blocks:
        return getattr(node, "end_lineno", None) or first
    inner = blocks[0][0]
    nearest = [inner, *getattr(inner, "decorator_list", ())]
    lines = [each.lineno for each in nearest if hasattr(each, "lineno")]
    last = max(first, min(lines, default=first + 1) - 1)
    while last > first and source.line_text(last).strip()[:1] in ("", "#"):
        last -= 1
    return last


def _in_string(source: Source, heads: Sequence[_Head], offset: int, is_read: bool) -> bool:
    """Whether what looks like a comment stands in a string."""
    if not is_read:
        before = source.text[:offset]
        return before.count('"""') % 2 == 1 or before.count("'''") % 2 == 1
    head = _around(heads, source.line(offset))
    return head is not None and any(
        _holds(source, string, offset) for string in _strings(head.node)
    )


def _strings(statement: ast.AST) -> Iterator[ast.expr]:
    """The strings of a statement, without those of its block."""
    queue = [statement]
    while queue:
        node = queue.pop()
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        ):
            yield node
        else:
            children = ast.iter_child_nodes(node)
            queue += [child for child in children if not isinstance(child, ast.stmt)]


def _holds(source: Source, string: ast.expr, offset: int) -> bool:
    """Whether a string holds a place, and not between the parts that it is joined of."""
    assert string.end_lineno is not None
    assert string.end_col_offset is not None
    start = source.offset(string.lineno, string.col_offset)
    end = source.offset(string.end_lineno, string.end_col_offset)
    if not start <= offset < end:
        return False
    import io
    import tokenize

    text = f"({source.text[start:end]})"
    before = text[: offset - start + 1]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n") - 1)
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return not any(
        each.type == tokenize.COMMENT and each.start <= place < each.end for each in tokens
    )


def trace_arguments(source: Source, comment: Comment) -> dict[str, str]:
    """The arguments of a `trace(...)` comment, which may span lines, as expressions by name.

    Raises ValueError, which says what is wrong with them.
    """
    lines = [source.text[comment.span.start : comment.span.end]]
    lines += [source.line_text(line) for line in range(comment.line + 1, comment.first)]
    text = " ".join(line.strip().lstrip("#").strip() for line in lines)
    text = text[text.index("trace") :]
    node = _call(text)
    if node.args or any(each.arg is None for each in node.keywords):
        raise ValueError("its arguments must be given by name")
    return {each.arg: ast.unparse(each.value) for each in node.keywords if each.arg}


def _call(text: str) -> ast.Call:
    """The call that a text begins with. Raises ValueError."""
    said = "the bracket is not closed"
    for match in islice(re.finditer(r"\)", text), _MOST_BRACKETS):
        try:
            node = expression(text[: match.end()])
        except (SyntaxError, ValueError) as error:
            said = getattr(error, "msg", None) or str(error)
        else:
            if isinstance(node, ast.Call):
                return node
    raise ValueError(f"its arguments are not Python: {said}")
