"""What pages show is what happens: blocks of Python run, and print what stands below them."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from markdown import blocks as rule_blocks
from markdown import findings, with_preamble
from pages import ROOT, Block, Page, is_commands, page, pages

from numpyro_lint import rule as registry
from numpyro_lint.config_schema import schema
from numpyro_lint.context import Context, Rule
from numpyro_lint.model.lift import lift
from numpyro_lint.rules import all_rules
from numpyro_lint.text import Source
from numpyro_lint_runtime.host import Host

Analyze = Callable[..., tuple[int, str, str]]
RUN = [page(f"docs/{name}.md") for name in ("handlers", "how-it-works", "testing")]
ELSEWHERE = {"docs/start.md", "docs/adding-a-rule.md"}
_SEVERITIES = ("error[", "warning[", "info[", "hint[")


@pytest.mark.parametrize("shown", RUN, ids=str)
def test_blocks_print_what_stands_below_them(shown: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "examples")
    names: dict[str, Any] = {"__name__": "page"}
    first = next(each.text for each in shown.blocks if each.kind == "python")
    for block, below in _with_what_stands_below(shown):
        if below.startswith(_SEVERITIES):
            assert _told(block.text, first) == below.splitlines(), block.line
            continue
        printed = _run(block, shown, names)
        assert [line.rstrip() for line in printed.splitlines()] == below.splitlines(), block.line
    for name, each in names.items():
        if name.startswith("test_"):
            each()


def test_every_page_with_python_is_run() -> None:
    with_python = {str(each) for each in pages() if any(b.kind == "python" for b in each.blocks)}
    assert with_python == {str(each) for each in RUN} | ELSEWHERE


def test_the_thirteen_handlers_have_their_sections() -> None:
    names = (
        "seed trace condition substitute block uncondition lift scope replay scale mask do reparam"
    )
    handlers = page("docs/handlers.md")
    assert set(names.split()) <= handlers.anchors
    assert [each for each in names.split() if f"| [`{each}`](#{each}) |" not in handlers.text] == []


def test_the_start(analyze: Analyze, tmp_path: Path, tracer: Host) -> None:
    """Its program has the mistakes that it tells of, and its commands do what it says."""
    start = page("docs/start.md")
    ((block, below),) = _with_what_stands_below(start)
    assert _told(block.text, "") == below.splitlines()
    seen = {each.rule for each in findings(block.text, tracer, "spring.py")}
    assert {"broadcast-observation", "unknown-site-in-handler"} <= seen
    (tmp_path / "spring.py").write_text(block.text)
    commands = [each.split()[1:] for each in start.commands if "spring.py" in each]
    assert ["--diff", "--unsafe-fixes", "spring.py"] in commands
    for command in commands:
        if "--static" in command or command[0].startswith("--"):
            own = command if "--static" in command else ["--static", *command]
            status, out, err = analyze(*own, cwd=tmp_path)
            assert status in (0, 1), err
            assert out
    assert "stretch" in (tmp_path / "spring.py").read_text().partition("stiff =")[2]


def test_the_rule_that_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, *tests = [
        each.text for each in page("docs/adding-a-rule.md").blocks if each.kind == "python"
    ]
    all_rules()
    monkeypatch.setattr(registry, "_registry", {})
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "one_letter_site.py").write_text(text)
    importlib.import_module("one_letter_site")
    ((name, added),) = registry.registered().items()
    assert name == "one-letter-site"
    (tmp_path / "rule.md").write_text(added.documentation)
    example, instead = rule_blocks(tmp_path / "rule.md")
    assert [len(_by(added, each.text)) for each in (example, instead)] == [1, 0]
    marked, silent = (with_preamble(each) for each in tests)
    ((line, label, rule),) = _by(added, marked)
    assert marked.splitlines()[line - 1].endswith(f"# {label}: [{rule}]")
    assert _by(added, silent) == []
    sys.modules.pop("one_letter_site")


@pytest.mark.parametrize("shown", pages(), ids=str)
def test_other_blocks_are_what_they_say(shown: Page) -> None:
    for block in shown.blocks:
        assert _is_fine(block), f"{shown}:{block.line}"


def _with_what_stands_below(shown: Page) -> Iterator[tuple[Block, str]]:
    """Each block of Python, with the output that is shown directly below it."""
    for block, below in zip(shown.blocks, [*shown.blocks[1:], None], strict=True):
        if block.kind == "python":
            yield block, below.text if below is not None and below.kind == "text" else ""


def _told(text: str, before: str) -> list[str]:
    """What is found in a block that goes on from another, as a line each."""
    whole = before + "\n" + text if text != before else text
    source = Source("block.py", whole)
    return [
        f"{each.severity.label}[{each.rule}] {each.message}"
        for each in findings(whole)
        if source.location(each.span).line > (before.count("\n") + 1 if before else 0)
    ]


def _run(block: Block, shown: Page, names: dict[str, Any]) -> str:
    printed = io.StringIO()
    code = compile("\n" * block.line + block.text, str(shown.path), "exec")
    with contextlib.redirect_stdout(printed):
        exec(code, names)
    return printed.getvalue()


def _by(rule: Rule, text: str) -> list[tuple[int, str, str]]:
    """What a rule reports: line, severity, rule."""
    source = Source("block.py", text)
    context = Context(lift(source), rule=rule)
    found = (
        each for node in registry.nodes(rule.node, context) for each in rule.check(node, context)
    )
    return [(source.location(each.span).line, each.severity.label, each.rule) for each in found]


def _is_fine(block: Block) -> bool:
    """Whether a block can be read by what it is for. Raises where it cannot."""
    if block.kind in ("python", "text") or is_commands(block):
        return True
    if block.kind == "toml" or block.text.startswith("[tool."):
        settings = tomllib.loads(block.text).get("tool", {}).get("numpyro-lint", {})
        jsonschema.validate(settings, schema())
        return True
    if block.kind == "json":
        return isinstance(json.loads(block.text), dict)
    if block.kind == "yaml":
        loaded = yaml.safe_load(block.text)
        return _hooks(loaded) <= _hooks([{"hooks": _own_hooks()}]) if "repos" in loaded else True
    if block.kind in ("lua", "elisp"):
        return all(block.text.count(a) == block.text.count(b) for a, b in ("()", "{}"))
    return _is_layout(block.text) or bool(compile(block.text, "block", "exec"))


def _hooks(loaded: Any) -> set[str]:
    repositories = loaded["repos"] if isinstance(loaded, dict) else loaded
    return {hook["id"] for each in repositories for hook in each["hooks"]}


def _own_hooks() -> Any:
    return yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())


def _is_layout(text: str) -> bool:
    """Whether it lists folders of this repository, with what they hold."""
    first = [line.split()[0] for line in text.splitlines() if line.strip()]
    return all(word.endswith("/") and (ROOT / word).is_dir() for word in first)
