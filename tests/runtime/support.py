"""Requests made from plain text."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

from numpyro_lint_runtime.protocol import Call, FileRequest, ModelRequest, Position, TraceResult

Ask = Callable[..., list[TraceResult]]

PREAMBLE = """\
import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
"""


def position(node: ast.stmt) -> Position:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return Position(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def everything(text: str) -> tuple[Position, ...]:
    """The positions of all top-level statements of a text."""
    return tuple(position(node) for node in ast.parse(text).body)


def request_for(path: Path, text: str, *targets: str, deadline: float = 20.0) -> FileRequest:
    """A request to trace `name` or `name(argument, keyword=argument)`, with the whole text run."""
    statements = everything(text)
    models = []
    for target in targets:
        tree = ast.parse(target, mode="eval").body
        call = Call()
        if isinstance(tree, ast.Call):
            positional = tuple(ast.unparse(arg) for arg in tree.args)
            keyword = {key.arg or "**": ast.unparse(key.value) for key in tree.keywords}
            call, target = Call(positional, keyword), ast.unparse(tree.func)
        model = ModelRequest(target, target, statements, call=call, deadline=deadline)
        models.append(model)
    return FileRequest(str(path), text, tuple(models), str(path.parent))
