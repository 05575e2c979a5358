"""Every rule: its Markdown tests, and the examples of its documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown import Block, blocks, findings, is_there, located, with_preamble

from numpyro_lint.context import Rule
from numpyro_lint.diagnostic import Stage
from numpyro_lint.rules import all_rules
from numpyro_lint_runtime.host import Host

FOLDER = Path(__file__).parent
CASES = [(path.stem, block) for path in sorted(FOLDER.glob("*.md")) for block in blocks(path)]
HEADINGS = ("What it does", "Why is this bad", "References")
# The rules that need a trace to see their example or concrete draws, and those of no model.
TRACED = {
    "broadcast-observation",
    "disconnected-latent",
    "handler-value-shape",
    "handler-without-effect",
    "non-finite-observation",
    "observation-out-of-support",
    "plate-size-mismatch",
    "scalar-observation-in-plate",
    "unconverted-observation",
    "undeclared-batch-dim",
    "untraceable-model",
}
VALUED = {
    "additive-nonidentifiability",
    "correlated-latents",
    "needless-decentering",
    "non-finite-log-density",
    "uncertain-centering",
    "unstable-sites",
}
WITHOUT_EXAMPLE = {"invalid-notebook", "invalid-syntax", "not-traced", "mispredicted-site"}
if not is_there("0.22"):
    WITHOUT_EXAMPLE.add("non-finite-log-density")  # values outside a support pass by default


@pytest.mark.parametrize(
    ("rule", "block"), CASES, ids=[f"{rule}:{block.line}" for rule, block in CASES]
)
def test_block(rule: str, block: Block, request: pytest.FixtureRequest) -> None:
    tracer = request.getfixturevalue("tracer") if block.traced else None
    found = findings(block.text, tracer, values=block.valued)
    assert located(found, block.text, rule) == block.expected


def test_every_rule_has_its_tests() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(all_rules())


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.name)
def test_file_name_and_documentation(rule: Rule) -> None:
    assert rule.check.__module__.rpartition(".")[2] == rule.name.replace("-", "_")
    headings = re.findall(r"^## (.+)$", rule.documentation, re.MULTILINE)
    assert [heading for heading in headings if heading in HEADINGS] == list(HEADINGS)
    assert rule.documentation.strip().partition("\n")[0].endswith(".")


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.name)
def test_who_makes_fixes_says_how_safe_they_are(rule: Rule) -> None:
    if "Fix" in rule.check.__globals__:
        assert rule.has_fix


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.name)
def test_who_reports_what_a_run_shows_says_so(rule: Rule) -> None:
    """A comment that ignores such a rule is not called unused before the model was run."""
    asks = {"Origin", "refused", "seen"} & rule.check.__globals__.keys()
    assert bool(asks) == (rule.stage > Stage.TEXT)


def _example(rule: Rule, heading: str) -> str:
    section = rule.documentation.partition(f"## {heading}\n")[2]
    match = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert match is not None, f"{rule.name} has no block under '{heading}'"
    return with_preamble(match[1])


@pytest.mark.parametrize(
    "rule",
    [rule for rule in all_rules().values() if rule.name not in WITHOUT_EXAMPLE],
    ids=lambda rule: rule.name,
)
def test_example_fires_and_use_instead_is_silent(
    rule: Rule, request: pytest.FixtureRequest
) -> None:
    tracer: Host | None = None
    if rule.name in TRACED | VALUED:
        tracer = request.getfixturevalue("tracer")
    example = _example(rule, "Example")
    values = rule.name in VALUED
    assert rule.name in {each.rule for each in findings(example, tracer, values=values)}
    instead = _example(rule, "Use instead")
    assert located(findings(instead, tracer, values=values), instead, rule.name) == set()
