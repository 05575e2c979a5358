"""A page of HTML that needs nothing else: no scripts, no fonts, no network."""

from __future__ import annotations

import re

from numpyro_lint.pictures.markup import tag, text

_WIDTH = re.compile(r'<svg[^>]* width="([\d.]+)"')
_STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2328; --faint: #59636e;
  --line: #d1d9e0; --raised: #f6f8fa; --link: #0550ae; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16191d; --ink: #e6edf3; --faint: #9aa4ae; --line: #3d444d; --raised: #1f242a;
    --link: #6cb0ff; }
}
body { margin: 0 auto; padding: 1rem; max-width: 64rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
figure { margin: 1rem 0; overflow-x: auto; }
figure svg { max-width: 100%; min-width: calc(0.75 * var(--width)); height: auto; }
.faint { color: var(--faint); }
@media print { figure { break-inside: avoid; } figure svg { min-width: 0; } }
"""


def page(title: str, *body: str, style: str = "") -> str:
    """A page with some elements in its body."""
    head = tag(
        "head",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        tag("title", text(title)),
        tag("style", _STYLE + style),
    )
    return f'<!DOCTYPE html>\n<html lang="en">{head}<body>{"".join(body)}</body></html>\n'


def figure(picture: str) -> str:
    """An SVG in a page: as wide as there is room, as long as its words can be read.

    From there on one can scroll it, with the keyboard as well.
    """
    width = _WIDTH.match(picture)
    style = f"--width: {width[1]}px" if width else None
    return tag("figure", picture, tabindex="0", style=style)
