"""A correct program as a place for faults: its text, by its syntax alone, and how it is changed.

Nothing of the linter is used here, so that what it does not see is planted all the same.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

Edit = tuple[int, int, str]
Planted = tuple[str, int]

# Stands at the line where the finding belongs, and is gone from the text that is checked.
MARK = "§"
_IMPORTS = {
    "planted_jax": "import jax as planted_jax",
    "planted_jnp": "import jax.numpy as planted_jnp",
    "planted_np": "import numpy as planted_np",
    "planted_numpyro": "import numpyro as planted_numpyro",
    "planted_dist": "import numpyro.distributions as planted_dist",
    "planted_handlers": "import numpyro.handlers as planted_handlers",
    "planted_infer": "import numpyro.infer as planted_infer",
    "planted_scan": "from numpyro.contrib.control_flow import scan as planted_scan",
    "planted_cond": "from numpyro.contrib.control_flow import cond as planted_cond",
}


@dataclass(eq=False)
class Host:
    """A program. `text` holds no mark, and its syntax tree is `tree`."""

    path: str
    text: str
    tree: ast.Module
    aliases: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for each in node.names:
                    name = each.asname or each.name.partition(".")[0]
                    self.aliases[name] = each.name if each.asname else name
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for each in node.names:
                    self.aliases[each.asname or each.name] = f"{node.module}.{each.name}"

    # What is written

    def qualified(self, node: ast.expr) -> str:
        """The dotted name of an expression through the imports; empty where it is none."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, "")
        if isinstance(node, ast.Attribute):
            base = self.qualified(node.value)
            return f"{base}.{node.attr}" if base else ""
        return ""

    def api(self, node: ast.AST | None) -> str:
        """The last part of the name of NumPyro's that is called; empty for all else."""
        if not isinstance(node, ast.Call):
            return ""
        name = self.qualified(node.func)
        return name.rpartition(".")[2] if name.startswith("numpyro") else ""

    def calls(self, *names: str) -> list[ast.Call]:
        """The calls of NumPyro's functions of these names, or of all, in order of place."""
        inside = [n for n in ast.walk(self.tree) if isinstance(n, ast.Call) and self.api(n)]
        found = [call for call in inside if not names or self.api(call) in names]
        return sorted(found, key=lambda call: (call.lineno, call.col_offset))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node starts and ends in the text."""
        assert isinstance(node, (ast.expr, ast.stmt, ast.arg, ast.keyword))
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._offset(node.lineno, node.col_offset)
        return start, self._offset(node.end_lineno, node.end_col_offset)

    def source(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        if self.text.isascii():
            return start + column
        row = self.text[start : start + column].encode()[:column]
        return start + len(row.decode(errors="ignore"))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def is_top(self, node: ast.AST) -> bool:
        """Whether something stands in no function."""
        assert isinstance(node, ast.expr)
        return not any(
            isinstance(outer, (ast.FunctionDef, ast.Lambda))
            and outer.lineno <= node.lineno <= (outer.end_lineno or 0)
            for outer in ast.walk(self.tree)
        )

    # What is changed

    def say(self, home: str) -> str:
        """How the host writes a module of JAX's or NumPyro's, or an import of our own."""
        top = [each for each in self.tree.body if isinstance(each, (ast.Import, ast.ImportFrom))]
        for node in top:
            for each in node.names:
                name = each.asname or each.name
                if isinstance(node, ast.Import) and each.name == home:
                    return name
                if isinstance(node, ast.ImportFrom) and f"{node.module}.{each.name}" == home:
                    return name
        short = {"jax.numpy": "jnp", "numpyro.distributions": "dist", "numpy": "np"}
        return f"planted_{short.get(home, home.rpartition('.')[2])}"

    def replace(self, node: ast.AST, new: str) -> Edit:
        return (*self.span(node), new)

    def mark(self, node: ast.AST) -> Edit:
        """Says that the finding belongs to where a node starts."""
        start, _ = self.span(node)
        return start, start, MARK

    def before(self, statement: ast.stmt, *lines: str) -> Edit:
        """Puts statements in front of one, at its indentation."""
        start = self._line_start(statement)
        return start, start, self._indented(statement, lines)

    def after(self, statement: ast.stmt, *lines: str) -> Edit:
        end = self.span(statement)[1]
        end = self.text.find("\n", end)
        end = len(self.text) if end < 0 else end + 1
        return end, end, self._indented(statement, lines)

    def _indented(self, statement: ast.stmt, lines: Sequence[str]) -> str:
        indentation = " " * statement.col_offset
        return "".join(f"{indentation}{line}\n" for line in lines)

    def _line_start(self, statement: ast.stmt) -> int:
        return self._starts[statement.lineno - 1]

    def wrap(self, statement: ast.stmt, *headers: str) -> Edit:
        """Puts a statement into blocks: each header ends in a colon."""
        start, end = self.span(statement)
        written = self.text[start:end]
        indentation = " " * statement.col_offset
        new = ""
        for depth, header in enumerate(headers):
            new += "    " * depth + (indentation if depth else "") + header + "\n"
        inner = "    " * len(headers)
        body = written.replace("\n", "\n" + inner)
        return start, end, f"{new}{indentation}{inner}{body}"

    def is_wrappable(self, statement: ast.stmt) -> bool:
        """Whether a statement has its lines for itself, and no text of several lines."""
        return self.stands_alone(statement) and '"""' not in self.source(statement)

    def stands_alone(self, statement: ast.stmt) -> bool:
        """Whether a statement begins its line, and no other follows on the line that it ends."""
        start, end = self.span(statement)
        rest = self.text[end:].partition("\n")[0].strip()
        before = self.text[self._line_start(statement) : start]
        return not before.strip() and not rest.startswith(";")

    def appended(self, *lines: str) -> Edit:
        """Statements at the end of the file."""
        end = len(self.text)
        return end, end, "\n\n" + "\n".join(lines) + "\n"

    def edited(self, *edits: Edit) -> Planted:
        """The text after some edits, and the line that they mark."""
        text = self.text
        for start, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
            text = text[:start] + new + text[end:]
        for name, line in _IMPORTS.items():
            if name in text:
                at = self._starts[self._first_line() - 1]
                text = f"{text[:at]}{line}\n{text[at:]}"
        at = text.index(MARK)
        return text[:at] + text[at + 1 :], text.count("\n", 0, at) + 1

    def _first_line(self) -> int:
        """The line of the first import that is not of the future."""
        for node in self.tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                    return node.lineno
        return 1


def read(path: str, text: str) -> Host | None:
    """A text as a host; None where it is none."""
    if "numpyro" not in text or MARK in text or "planted_" in text:
        return None
    try:
        return Host(path, text, ast.parse(text))
    except (SyntaxError, ValueError):
        return None
