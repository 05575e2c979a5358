"""The texts that others are made from: the project's own programs, and Python's library."""

from __future__ import annotations

import ast
import re
import sysconfig
from functools import cache
from pathlib import Path

from numpyro_lint.text import decode, load

ROOT = Path(__file__).resolve().parents[2]
_PROGRAMS = ("examples", "tests/agreement/programs", "tests/tracing/programs", "tests/faults/hosts")
_BLOCK = re.compile(r"^```python[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_HEAD = (
    "import jax\nimport jax.numpy as jnp\nimport numpyro\nimport numpyro.distributions as dist\n"
    "from numpyro import handlers\nfrom numpyro.contrib.control_flow import scan\n"
    "from numpyro.infer import MCMC, NUTS, SVI, Predictive\n"
    "from numpyro.infer.reparam import LocScaleReparam, TransformReparam\n\n"
)
_TAIL = "\n\nimport numpyro\nimport numpyro.distributions as dist\n"


@cache
def own() -> tuple[str, ...]:
    """Programs with models: examples, tests, and the blocks of the rules' tests."""
    paths = [path for name in _PROGRAMS for path in sorted((ROOT / name).rglob("*"))]
    texts = [load(str(path)).text for path in paths if path.suffix in (".py", ".ipynb")]
    for page in sorted((ROOT / "tests/rules").glob("*.md")):
        for match in _BLOCK.finditer(page.read_text(encoding="utf-8")):
            texts.append(match[1] if "import numpyro" in match[1] else _HEAD + match[1])
    return tuple(dict.fromkeys(texts))


@cache
def library() -> tuple[Path, ...]:
    """Every file of the library of this Python, those on purpose broken among them."""
    folder = Path(sysconfig.get_path("stdlib"))
    return tuple(p for p in sorted(folder.rglob("*.py")) if "site-packages" not in p.parts)


def as_ours(text: str) -> str:
    """A text that is read as a program with NumPyro."""
    return text + _TAIL


def as_models(text: str) -> str:
    """A text each function of which samples something: so all of them are models.

    As it is where it does not parse.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return as_ours(text)
    lines = text.split("\n")
    for node in sorted(ast.walk(tree), key=lambda node: -getattr(node, "lineno", 0)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            head = lines[first.lineno - 1][: first.col_offset]
            if first.lineno > node.lineno and head.isascii() and not head.strip():
                site = f'{head}numpyro.sample("{node.name}", dist.Normal(0.0, 1.0))'
                lines.insert(first.lineno - 1, site)
    return as_ours("\n".join(lines))


def decoded(data: bytes) -> str | None:
    """The text of a file; None where it is none, of which one line is said."""
    try:
        return decode(data)
    except ValueError:
        return None
