"""The outlines of nodes by their kinds."""

from __future__ import annotations

from numpyro_lint.pictures.graph import Kind
from numpyro_lint.pictures.layout import Rect
from numpyro_lint.pictures.markup import element, number


def outline(kind: Kind, rect: Rect) -> list[str]:
    """What is drawn around the text of a node: `shape` is the class of what bounds it."""
    if kind in ("param", "factor"):
        return [element("rect", class_="shape", **place(rect))]
    if kind == "intervened":
        return [_round(rect, 0.0), _round(rect, 3.0)]
    return [_round(rect, 0.0)]


def place(rect: Rect) -> dict[str, str]:
    """The attributes of a `rect` that say where it stands."""
    return {
        "x": number(rect.x),
        "y": number(rect.y),
        "width": number(rect.width),
        "height": number(rect.height),
    }


def _round(rect: Rect, by: float) -> str:
    """An ellipse, smaller than its rectangle by so many pixels at each side."""
    x, y = rect.middle
    rx, ry = rect.width / 2 - by, rect.height / 2 - by
    return element(
        "ellipse", class_="shape", cx=number(x), cy=number(y), rx=number(rx), ry=number(ry)
    )
