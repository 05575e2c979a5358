"""What is asked of a page in a browser."""

from __future__ import annotations

from typing import Any

# Small phones, phones, tablets, desks.
WIDTHS = (320, 375, 768, 1280)
SCHEMES = ("light", "dark")

_FOCUSED = """() => {
    const at = document.activeElement, style = getComputedStyle(at);
    const mark = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
    return at === document.body ? null : {number: window.stops.indexOf(at), mark};
}"""
_STOPS = """() => {
    const able = [...document.querySelectorAll("a[href], summary, [tabindex='0']")];
    window.stops = able.filter((each) => each.checkVisibility());
    return window.stops.map((each) => each.tagName.toLowerCase());
}"""


def open_folds(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")


def excess(page: Any, width: int) -> int:
    """By how many pixels a page is wider than the screen."""
    page.set_viewport_size({"width": width, "height": 800})
    parts = "[document.documentElement, document.body]"
    return page.evaluate(f"Math.max(...{parts}.map((each) => each.scrollWidth)) - innerWidth")


def barriers(page: Any, scheme: str, *tags: str) -> list[str]:
    """What axe finds in a page, by all its rules or those of some tags: what, and where."""
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if tags:
        options["runOnly"] = list(tags)
    found = Axe().run(page, options=options).response
    assert found["passes"]
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def tabbed(page: Any) -> tuple[list[str], list[dict[str, float]]]:
    """What can be focused, by its element, and where Tab goes until it leaves the page."""
    stops = page.evaluate(_STOPS)
    went = []
    for _ in range(len(stops) + 1):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None:
            break
        went.append(focused)
    return stops, went
