"""Builds docs/ as a site: `make site`.

The pages are plain Markdown that a code host shows as well. index.md is the table of contents: the
links under each of its headings become a part of the navigation.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "analyzer"))

from numpyro_lint import __version__ as release  # noqa: E402

project = "numpyro-lint"
author = "The numpyro-lint authors"
copyright = f"{author}, Apache 2.0"
extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["conf.py"]
nitpicky = True
# Headings are linked to as on a code host.
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"numpyro-lint {release}"
html_copy_source = False
html_favicon = "../editors/vscode/images/icon.png"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False

# What stands outside of docs/ is no page: there the words of a link are all that a site has.
_OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./(?:[\w/-]+|[\w/-]+\.md(?:#[\w-]+)?)\)")
# Of the theme's pages: what is wider than a phone, and the captions in the navigation.
_SCROLLED = re.compile(r'<pre|<div(?= class="table-wrapper)')
_CAPTION = re.compile(r'role="heading"')
_PART = re.compile(r"^## (.+)\n((?:.*\n)*?)(?=## |\Z)", re.MULTILINE)
_ENTRY = re.compile(r"^- .*?\[[^\]]+\]\(([\w/-]+)\.md\)", re.MULTILINE)


def contents(text: str) -> dict[str, list[str]]:
    """The pages under each heading of index.md, without `.md`."""
    return {title: _ENTRY.findall(entries) for title, entries in _PART.findall(text)}


def navigation(name: str, text: str) -> str:
    """The table of contents that a page has besides its text: of index.md, and of the rules."""
    if name == "index":
        parts = contents(text)
    elif name == "rules/README":
        parts = {"": sorted(each.stem for each in (HERE / "rules").glob("[a-z]*.md"))}
    else:
        return ""
    return "".join(_toctree(title, pages) for title, pages in parts.items())


def _toctree(title: str, pages: list[str]) -> str:
    caption = f":caption: {title}\n" if title else ""
    return "\n```{toctree}\n:hidden:\n" + caption + "\n" + "\n".join(pages) + "\n```\n"


def _add_navigation(app: Any, name: str, source: list[str]) -> None:
    source[0] = _OUTSIDE.sub(r"\1", source[0]) + navigation(name, source[0])


def _drop_empty_heads(app: Any, tree: Any) -> None:
    """Markdown has no table without a head: one that says nothing is none."""
    from docutils import nodes

    for head in list(tree.findall(nodes.thead)):
        if not head.astext().strip():
            head.parent.remove(head)


def _for_keyboards(app: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """What is scrolled can be focused, and captions of the navigation are headings of a level."""
    context["body"] = _SCROLLED.sub(r'\g<0> tabindex="0"', context.get("body", ""))
    navigation = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = _CAPTION.sub(r'\g<0> aria-level="2"', navigation)


def setup(app: Any) -> None:
    app.connect("source-read", _add_navigation)
    app.connect("doctree-read", _drop_empty_heads)
    # After the theme.
    app.connect("html-page-context", _for_keyboards, priority=900)
