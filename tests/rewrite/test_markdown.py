"""Every fix of every block of the rules' tests holds: an example of each kind of finding."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from markdown import Block, blocks

from numpyro_lint.check import check
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Applicability, Diagnostic, Fix, Severity, fix_of
from numpyro_lint.fix import allows, fixed
from numpyro_lint.rewrite import changed
from numpyro_lint.text import Source

RULES = Path(__file__).parents[1] / "rules"
PEDANTIC = Settings(pedantic=True)
# What a mistake may hide: a fix that brings it to light is not applied, and said not to be.
HIDDEN = {"guide-site-mismatch", "handler-order", "no-latent-site"}
# The rules whose fixes are about comments.
OF_COMMENTS = {"unknown-rule", "unused-suppression"}
BLOCKS = [(path.stem, block) for path in sorted(RULES.glob("*.md")) for block in blocks(path)]


def found(source: Source) -> Sequence[Diagnostic]:
    return check(source, PEDANTIC).diagnostics


def fixable(source: Source) -> list[tuple[Diagnostic, Fix]]:
    return [(each, fix) for each in found(source) if (fix := fix_of(each)) is not None]


FIXABLE = [
    pytest.param(block, id=f"{rule}:{block.line}")
    for rule, block in BLOCKS
    if fixable(Source("block.py", block.text))
]


def grave(found: Sequence[Diagnostic]) -> Counter[tuple[str, str | None]]:
    worst = (each for each in found if each.severity >= Severity.WARNING)
    return Counter((each.rule, each.site) for each in worst)


def brought(source: Source, fix: Fix) -> set[str]:
    """The rules of which a fix brings more errors or warnings."""
    return {rule for rule, _ in grave(found(changed(source, fix.edits))) - grave(found(source))}


@pytest.mark.parametrize("block", FIXABLE)
def test_each_fix_alone(block: Block) -> None:
    source = Source("block.py", block.text)
    for finding, fix in fixable(source):
        starts = [edit.span.start for edit in fix.edits]
        ends = [edit.span.end for edit in fix.edits]
        assert fix.edits
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
        new = changed(source, fix.edits)
        ast.parse(new.text)
        key = (finding.rule, finding.site)
        before, after = Counter((e.rule, e.site) for e in found(source)), found(new)
        assert Counter((e.rule, e.site) for e in after)[key] < before[key], new.text
        if fix.applicability is Applicability.UNSAFE:
            assert brought(source, fix) <= HIDDEN, new.text


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("block", FIXABLE)
def test_all_fixes_together(block: Block, unsafe: bool) -> None:
    source = Source("block.py", block.text)
    every = allows(unsafe, frozenset(each.rule for each, _ in fixable(source)))
    once = fixed(source, found(source), found, every)
    ast.parse(once.source.text)
    remaining = [(each, fix) for each, fix in fixable(once.source) if every(each, fix)]
    assert len(remaining) == len(once.refused)
    assert all(brought(once.source, fix) for _, fix in remaining), once.source.text
    twice = fixed(once.source, found(once.source), found, every)
    assert twice.source.text == once.source.text
    if OF_COMMENTS & {each.rule for each, _ in fixable(source)}:
        return
    comments = [line.partition("#")[2] for line in block.text.splitlines() if "#" in line]
    kept = [line.partition("#")[2] for line in once.source.text.splitlines() if "#" in line]
    assert kept == comments


def test_the_fixes_of_many_rules_were_seen() -> None:
    rules = {each.rule for _, b in BLOCKS for each, _ in fixable(Source("block.py", b.text))}
    assert len(rules) >= 10
