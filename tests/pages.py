"""The pages of the project as their readers see them: blocks of code, links, headings, commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_PROGRAM = re.compile(r"(analyze|make|pip|pytest|python \S+\.py|cd|numpyro-lint-server)(?= |$)")
_COMMAND_OF_A_JOB = re.compile(r"^ *- (?:run: )?((?:analyze|pip|make) .+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code: its language, or "" where none is said, its line, its text."""

    kind: str
    line: int
    text: str


@dataclass(frozen=True)
class Page:
    """A page of Markdown."""

    path: Path

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def _tokens(self) -> Sequence[Token]:
        return _MARKDOWN.parse(self.text)

    @cached_property
    def _inline(self) -> list[Token]:
        return [child for each in self._tokens for child in each.children or ()]

    @cached_property
    def blocks(self) -> list[Block]:
        return [
            Block(each.info.partition(" ")[0], each.map[0] + 1, each.content)
            for each in self._tokens
            if each.type in ("fence", "code_block") and each.map
        ]

    @property
    def links(self) -> list[str]:
        """Where links and pictures lead."""
        addresses = (each.attrs.get("href") or each.attrs.get("src") for each in self._inline)
        return [str(each) for each in addresses if each]

    @property
    def anchors(self) -> set[str]:
        """What code hosts call the headings."""
        headings = [
            following.content
            for each, following in zip(self._tokens, self._tokens[1:], strict=False)
            if each.type == "heading_open"
        ]
        return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}

    @property
    def commands(self) -> Iterator[str]:
        """What the page tells its readers to run: in blocks, jobs and sentences."""
        for block in self.blocks:
            if block.kind == "yaml":
                yield from map(_bare, _COMMAND_OF_A_JOB.findall(block.text))
            elif is_commands(block):
                yield from map(_bare, _told(block))
        for each in self._inline:
            if each.type == "code_inline" and _PROGRAM.match(each.content):
                yield _bare(each.content)


def is_commands(block: Block) -> bool:
    """Whether a block is of commands, each with what it does beside it."""
    return block.kind in ("sh", "") and all(_PROGRAM.match(line) for line in _told(block))


def _told(block: Block) -> list[str]:
    """The lines of a block, without those that go on explaining the one above."""
    return [line for line in block.text.splitlines() if line and not line.startswith(" ")]


def _bare(command: str) -> str:
    """A command without its explanation, and without where its output goes."""
    return re.split(r"\s{2,}| > | \| ", command)[0].strip()


def pages() -> list[Page]:
    """All that the project has, but for those of the rules, which are made of docstrings."""
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")]
    docs, editors = ROOT / "docs", ROOT / "editors"
    below = [*sorted(docs.glob("*.md")), editors / "README.md", editors / "vscode/README.md"]
    return [Page(path) for path in [*top, *below]]


def page(name: str) -> Page:
    return Page(ROOT / name)
