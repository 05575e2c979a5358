"""What stands where in an SVG of a graph."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

SVG = "{http://www.w3.org/2000/svg}"
# A pixel is drawn on both sides of a line.
_NEAR = 0.2


@dataclass(frozen=True)
class Area:
    x: float
    y: float
    right: float
    foot: float

    def holds(self, other: Area) -> bool:
        return (
            self.x <= other.x + _NEAR
            and self.y <= other.y + _NEAR
            and self.right >= other.right - _NEAR
            and self.foot >= other.foot - _NEAR
        )

    def meets(self, other: Area) -> bool:
        return (
            self.x + _NEAR < other.right
            and other.x + _NEAR < self.right
            and self.y + _NEAR < other.foot
            and other.y + _NEAR < self.foot
        )


def area_of(shape: ET.Element) -> Area:
    at = {key: float(value) for key, value in shape.items() if key not in ("class", "rx", "ry")}
    if shape.tag == f"{SVG}ellipse":
        rx, ry = float(shape.attrib["rx"]), float(shape.attrib["ry"])
        return Area(at["cx"] - rx, at["cy"] - ry, at["cx"] + rx, at["cy"] + ry)
    return Area(at["x"], at["y"], at["x"] + at["width"], at["y"] + at["height"])


def groups(root: ET.Element, kind: str) -> list[ET.Element]:
    """The groups of a class, without the legend."""
    found = [each for each in root.iter(f"{SVG}g") if kind in each.get("class", "").split()]
    return [each for each in found if "sign" not in each.get("class", "")]


def nodes(root: ET.Element) -> list[tuple[str, Area]]:
    """Each site and where it is drawn."""
    found = []
    for each in groups(root, "node"):
        shape = next(part for part in each if part.get("class") == "shape")
        found.append((each.attrib["data-site"], area_of(shape)))
    return found


def plates(root: ET.Element) -> list[tuple[str, Area]]:
    found = []
    for each in groups(root, "plate"):
        rect = each.find(f"{SVG}rect")
        assert rect is not None
        found.append((each.attrib["data-plate"], area_of(rect)))
    return found


def words(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def themes(picture: str) -> list[dict[str, str]]:
    """The colours of a picture in light and in dark."""
    parts = picture.split("@media (prefers-color-scheme: dark)")[:2]
    return [dict(re.findall(r"--(\w+): (#\w{6})", part)) for part in parts]


def contrast(first: str, second: str) -> float:
    """The contrast of two colours as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
