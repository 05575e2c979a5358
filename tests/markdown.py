"""Tests as Markdown: prose, Python blocks, and marks where a finding is expected.

A block is a file. `# error: [rule]` at the end of a line says that the rule reports on that line.
A fence of ```python trace``` is also traced, and one of ```python trace values``` looked at with
concrete draws; one of ```python trace since=0.22``` is of no NumPyro before that. Blocks that do
not import NumPyro get `PREAMBLE`, but for those of ```python alone```.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from numpyro_lint.check import check
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Diagnostic, Severity
from numpyro_lint.model.attach import sorted_out
from numpyro_lint.model.lift import lift
from numpyro_lint.text import Source
from numpyro_lint.tracing import Tracer, trace_file, value_models

PREAMBLE = """\
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS, SVI, Predictive
from numpyro.infer.reparam import LocScaleReparam, TransformReparam

"""
_BLOCK = re.compile(r"^```python([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SINCE = re.compile(r"since=([\d.]+)")
_MARK = re.compile(r"#\s*(error|warning|info|hint):\s*\[([\w-]+)\]")

Finding = tuple[int, str, str]


@dataclass(frozen=True)
class Block:
    """A block of a Markdown file: the heading above it, its line there, its text."""

    heading: str
    line: int
    text: str
    traced: bool
    valued: bool

    @property
    def expected(self) -> set[Finding]:
        """Line, severity and rule of every mark."""
        return {
            (number, severity, rule)
            for number, line in enumerate(self.text.splitlines(), 1)
            for severity, rule in _MARK.findall(line)
        }


def blocks(path: Path) -> Iterator[Block]:
    """The Python blocks of a Markdown file."""
    content = path.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(content):
        since = _SINCE.search(match[1])
        if since and not is_there(since[1]):
            continue
        before = content[: match.start()]
        headings = re.findall(r"^#+ (.+)$", before, re.MULTILINE)
        yield Block(
            headings[-1] if headings else "",
            before.count("\n") + 1,
            match[2] if "alone" in match[1] else with_preamble(match[2]),
            "trace" in match[1],
            "values" in match[1],
        )


def is_there(since: str) -> bool:
    """Whether NumPyro is of a version, such as 0.22, or later."""
    numbers = (each.split(".")[:2] for each in (version("numpyro"), since))
    own, least = (tuple(map(int, each)) for each in numbers)
    return own >= least


def with_preamble(text: str) -> str:
    """A block as a file: with imports, if it does not import NumPyro by itself."""
    own = re.search(r"^(import numpyro\b|from numpyro import )", text, re.MULTILINE)
    return text if own else PREAMBLE + text


def findings(
    text: str, tracer: Tracer | None = None, path: str = "block.py", values: bool = False
) -> list[Diagnostic]:
    """What is found in a text, traced by `tracer` if there is one, with `values` if asked for."""
    source = Source(path, text)
    module = lift(source)
    # What is compiled takes its time where other tests run beside it.
    settings = Settings(timeout=60.0 if values else 20.0)
    found = list(trace_file(module, settings, tracer)) if tracer else []
    if tracer and values:
        found += value_models(module, found, tracer)
    traces, stacks = sorted_out(found)
    report = check(source, Settings(pedantic=True), traces, module, stacks=stacks, strict=True)
    return list(report.diagnostics)


def located(found: list[Diagnostic], text: str, rule: str) -> set[Finding]:
    """The findings of a rule, and the errors and warnings of all others."""
    source = Source("block.py", text)
    return {
        (source.location(each.span).line, each.severity.label, each.rule)
        for each in found
        if each.rule == rule or each.severity >= Severity.WARNING
    }
