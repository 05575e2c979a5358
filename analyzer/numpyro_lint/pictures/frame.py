"""What all pictures have: a theme, a title and words for those who do not see them."""

from __future__ import annotations

from numpyro_lint.pictures.markup import element, number, text

_THEME = """
.nl-picture { --paper: #ffffff; --ink: #1f2328; --faint: #515b66; --line: #57606a; --shade: #d9dfe6;
  --plate: #8c959f; --grid: #e7ebef; --mark: #0550ae; --alarm: #b3261e;
  font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif; }
@media (prefers-color-scheme: dark) {
  .nl-picture { --paper: #16191d; --ink: #e6edf3; --faint: #9aa4ae; --line: #9aa4ae;
    --shade: #2f3843; --plate: #6e7781; --grid: #262c34; --mark: #6cb0ff; --alarm: #ff8f87; }
}
.nl-picture .paper { fill: var(--paper); }
.nl-picture text { fill: var(--ink); text-anchor: middle; }
.nl-picture .title { font-weight: 600; font-size: 15px; text-anchor: start; }
.nl-picture .caption, .nl-picture .key { fill: var(--faint); font-size: 11px; text-anchor: start; }
"""


def picture(
    kind: str,
    title: str,
    said: str,
    key: str,
    size: tuple[float, float],
    *inside: str,
    style: str = "",
) -> str:
    """An SVG that needs nothing else. `key` begins the ids in it; its class is nl-`kind`."""
    width, height = map(number, size)
    return (
        element(
            "svg",
            element("title", text(title), id=f"{key}-title"),
            element("desc", text(said), id=f"{key}-desc"),
            element("style", _THEME + style),
            element("rect", class_="paper", width="100%", height="100%"),
            *inside,
            xmlns="http://www.w3.org/2000/svg",
            class_=f"nl-picture nl-{kind}",
            role="img",
            aria_labelledby=f"{key}-title",
            aria_describedby=f"{key}-desc",
            viewBox=f"0 0 {width} {height}",
            width=width,
            height=height,
        )
        + "\n"
    )
