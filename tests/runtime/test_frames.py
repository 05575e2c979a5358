"""Where the recorder says that a site stands."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path
from typing import Any

from runtime.support import PREAMBLE

from numpyro_lint_runtime.protocol import Position, TracedSite
from numpyro_lint_runtime.worker.trace import trace_call


def run(path: Path, text: str) -> tuple[str, list[TracedSite]]:
    """Trace `model()` of a text; returns the text as a whole and the sites."""
    whole = PREAMBLE + textwrap.dedent(text)
    namespace: dict[str, Any] = {}
    exec(compile(whole, str(path), "exec"), namespace)
    result = trace_call("model", namespace["model"], (), {}, own=str(path))
    assert result.failure is None
    return whole, list(result.sites)


def source_of(text: str, position: Position | None) -> str:
    """The text of a span, in which columns count UTF-8 bytes."""
    assert position is not None
    assert position.path is None
    node = ast.Expr(ast.Constant(0))
    node.lineno, node.col_offset = position.line, position.column
    node.end_lineno, node.end_col_offset = position.end_line, position.end_column
    return ast.get_source_segment(text, node) or ""


def test_two_calls_on_a_line_after_an_accent(tmp_path: Path) -> None:
    text, (a, b) = run(
        tmp_path / "m.py",
        """
        def model():
            é = "🎲"; a = numpyro.sample("a", dist.Normal()) + numpyro.sample("b", dist.Normal())
        """,
    )
    assert source_of(text, a.position) == 'numpyro.sample("a", dist.Normal())'
    assert source_of(text, b.position) == 'numpyro.sample("b", dist.Normal())'


def test_each_call_of_a_hard_model(tmp_path: Path) -> None:
    text, sites = run(
        tmp_path / "m.py",
        """
        from numpyro.infer.reparam import LocScaleReparam
        def component(name):
            return numpyro.sample(name, dist.Normal(0, 1))
        @handlers.reparam(config={"r": LocScaleReparam(0)})
        def model():
            for i in range(2):
                numpyro.sample(f"loop_{i}", dist.Normal())
            with handlers.scope(prefix="s"):
                component("c")
            with numpyro.plate("p", 3), numpyro.plate("q", 4, dim=-2):
                r = numpyro.sample(
                    "r",
                    dist.Normal(0, 1),
                )
            with numpyro.plate_stack("stack", [2, 3]):
                [numpyro.deterministic("d", r.sum())]
            numpyro.factor("f", 0.0)
        """,
    )
    spans = {site.name: source_of(text, site.position) for site in sites}
    assert spans == {
        "loop_0": 'numpyro.sample(f"loop_{i}", dist.Normal())',
        "loop_1": 'numpyro.sample(f"loop_{i}", dist.Normal())',
        "s/c": "numpyro.sample(name, dist.Normal(0, 1))",
        "p": 'numpyro.plate("p", 3)',
        "q": 'numpyro.plate("q", 4, dim=-2)',
        "r_decentered": spans["r"],
        "r": spans["r"],
        "stack_0": 'numpyro.plate_stack("stack", [2, 3])',
        "stack_1": 'numpyro.plate_stack("stack", [2, 3])',
        "d": 'numpyro.deterministic("d", r.sum())',
        "f": 'numpyro.factor("f", 0.0)',
    }
    assert spans["r"].startswith("numpyro.sample(\n")


def test_a_site_in_another_file_names_it(tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    namespace: dict[str, Any] = {}
    text = PREAMBLE + 'def model():\n    numpyro.sample("x", dist.Normal())\n'
    exec(compile(text, str(other), "exec"), namespace)
    result = trace_call("model", namespace["model"], (), {}, own=str(tmp_path / "m.py"))
    position = result.sites[0].position
    assert position is not None
    assert position.path == str(other)
    assert position.line == 8
