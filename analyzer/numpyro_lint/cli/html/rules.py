"""What the rules mean whose findings are on the page: their documentation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from numpyro_lint.cli.html.parts import code, fold, table
from numpyro_lint.pictures.markup import tag, text
from numpyro_lint.rules import all_rules, page_of

_BLOCK = re.compile(r"^```[^\n]*\n(?P<code>.*?)^```$|^## (?P<title>[^\n]*)$", re.M | re.S)
_INLINE = re.compile(r"`(?P<code>[^`]+)`|\[(?P<link>[^\]]+)\]\((?P<page>[^)]+)\.md\)")


def explained(names: Iterable[str]) -> str:
    """The documentation of some rules, each folded; empty where there are none."""
    rules = all_rules()
    known = [rules[name] for name in sorted(names) if name in rules]
    folds = [
        fold(f"{tag('strong', rule.name)}: {_inline(rule.summary)}", *_blocks(rule.documentation))
        for rule in known
    ]
    return tag("section", tag("h2", "What the rules mean"), *folds) if folds else ""


def _blocks(documentation: str) -> Iterator[str]:
    """What follows the summary: headings, code, and paragraphs between."""
    _, _, body = documentation.strip().partition("\n")
    end = 0
    for found in _BLOCK.finditer(body):
        yield from _paragraphs(body[end : found.start()])
        end = found.end()
        title, lines = found["title"], found["code"]
        yield code(text(lines)) if title is None else tag("h3", text(title))
    yield from _paragraphs(body[end:])


def _paragraphs(words: str) -> Iterator[str]:
    """Paragraphs, and tables between them."""
    for each in words.strip().split("\n\n"):
        if each.startswith("|"):
            head, _, *rows = (
                [c.strip() for c in line.split("|")[1:-1]] for line in each.split("\n")
            )
            cells = [[_inline(cell) for cell in row] for row in rows]
            yield table(head, cells, " and ".join(filter(None, head)))
        elif each:
            yield tag("p", _inline(each))


def _inline(words: str) -> str:
    """Code and links to other rules within a paragraph."""
    parts, end = [], 0
    for found in _INLINE.finditer(words):
        parts.append(text(words[end : found.start()]))
        end = found.end()
        if found["code"] is not None:
            parts.append(tag("code", text(found["code"])))
        else:
            link, page = text(found["link"]), page_of(found["page"])
            parts.append(tag("a", link, href=page) if page else link)
    return "".join([*parts, text(words[end:])])
