"""The graph of a model as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from numpyro_lint.pictures.describe import described
from numpyro_lint.pictures.frame import picture
from numpyro_lint.pictures.graph import Box, Edge, Graph, Node
from numpyro_lint.pictures.layout import (
    LINE,
    Placed,
    Point,
    Rect,
    arrow,
    box_label,
    lay_out,
    shortened,
    width_of,
)
from numpyro_lint.pictures.legend import legend
from numpyro_lint.pictures.markup import element, number, path, text
from numpyro_lint.pictures.shapes import outline, place

_EDGE = 12.0
# Room of the title above, and of a line below.
_TITLE, _CAPTION = 30.0, 20.0

STYLE = """
.nl-graph .name { font-weight: 600; }
.nl-graph .told { fill: var(--faint); font-size: 12px; }
.nl-graph .plate > rect { fill: none; stroke: var(--plate); stroke-width: 1.2; }
.nl-graph .shape { fill: var(--paper); stroke: var(--ink); stroke-width: 1.4; }
.nl-graph .observed > .shape, .nl-graph .factor > .shape { fill: var(--shade); }
.nl-graph .deterministic > .shape { stroke-dasharray: 5 3; }
.nl-graph .param > .shape { stroke: var(--line); stroke-width: 1; }
.nl-graph .hidden > .shape { stroke-dasharray: 1 3; stroke: var(--faint); }
.nl-graph .hidden > text { fill: var(--faint); }
.nl-graph .edge > .line { fill: none; stroke: var(--line); stroke-width: 1.3; }
.nl-graph .edge > .head { fill: var(--line); stroke: none; }
.nl-graph .label, .nl-graph .plate-label { fill: var(--faint); font-size: 12px;
  paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round; }
.nl-graph .label { stroke-width: 10px; }
.nl-graph .plate-label { text-anchor: end; }
.nl-graph .funnel > .line { stroke: var(--alarm); stroke-width: 2.6; stroke-dasharray: 9 4; }
.nl-graph .funnel > .head { fill: var(--alarm); }
.nl-graph .label.of-funnel { fill: var(--alarm); font-weight: 600; }
.nl-graph .cut > .line { stroke-dasharray: 2 4; }
.nl-graph .cut > .bar { stroke: var(--line); stroke-width: 2; }
.nl-graph .beside > .line { stroke-dasharray: 1 3; }
"""


def svg(graph: Graph, key: str = "graph") -> str:
    """A graph as an SVG that needs nothing else. Raises Undrawable.

    `key` begins the ids in it, which are to differ in a page with several.
    """
    placed = lay_out(graph)
    keys = legend(graph)
    # A line of the caption and of the legend, in a smaller type.
    below = [graph.caption, *(each.words for each in keys)]
    widest = max(width_of(graph.title) * 1.2, *(0.88 * width_of(line) + 40.0 for line in below))
    width = max(placed.width, min(widest, 620.0)) + 2 * _EDGE
    top = _EDGE + _TITLE
    lines = _wrapped(graph.caption, width - 2 * _EDGE)
    bottom = top + placed.height + 2 * _EDGE
    height = bottom + _CAPTION * (len(keys) + len(lines))
    left = (width - placed.width) / 2
    drawn = element(
        "g", *_drawn(graph, placed), transform=f"translate({number(left)} {number(top)})"
    )
    told = [
        element(
            "text", text(shortened(graph.title)), class_="title", x=_EDGE, y=number(_EDGE + 14)
        ),
        drawn,
        *(each.drawn(_EDGE, bottom + _CAPTION * n) for n, each in enumerate(keys)),
        *(
            element("text", text(line), class_="caption", x=_EDGE, y=number(_at(n, keys, bottom)))
            for n, line in enumerate(lines)
        ),
    ]
    title, size = f"Graph of {graph.title}", (width, height)
    return picture("graph", title, described(graph), key, size, *told, style=STYLE)


def _at(line: int, keys: Sequence[object], bottom: float) -> float:
    return bottom + _CAPTION * (len(keys) + line) + 4


def _wrapped(caption: str, width: float) -> list[str]:
    """A caption in as many lines as it takes."""
    import textwrap

    return textwrap.wrap(caption, max(int(width / 6.7), 20)) or [""]


def _drawn(graph: Graph, placed: Placed) -> Iterator[str]:
    """Plates, then edges, then what they lead to; labels of edges over all."""
    for box, rect in zip(graph.boxes, placed.boxes, strict=True):
        yield _plate(box, rect)
    for edge, points in zip(graph.edges, placed.edges, strict=True):
        yield _edge(graph, edge, points)
    for box, rect in zip(graph.boxes, placed.boxes, strict=True):
        yield _plate_label(box, rect)
    for number_, (node, rect) in enumerate(zip(graph.nodes, placed.nodes, strict=True)):
        yield _node(node, rect, number_)
    for edge, points, at in zip(graph.edges, placed.edges, placed.labels, strict=True):
        if edge.label:
            yield _label(edge, at or _half_way(points))


def _plate(box: Box, rect: Rect) -> str:
    plate = box.plate
    size = "" if plate.size is None else f" of size {plate.size}"
    return element(
        "g",
        element("title", text(f"plate {plate.name}{size}")),
        element("rect", **place(rect), rx=6),
        class_="plate",
        data_plate=plate.name,
    )


def _plate_label(box: Box, rect: Rect) -> str:
    label = shortened(box_label(box.plate.name, box.plate.size))
    x, y = number(rect.x + rect.width - 8), number(rect.y + rect.height - 7)
    return element("text", text(label), class_="plate-label", x=x, y=y)


def _node(node: Node, rect: Rect, position: int) -> str:
    x, y = rect.middle
    first = y - LINE * (len(node.lines) - 1) / 2 + 4.5
    lines = [
        element(
            "text",
            text(shortened(line)),
            class_="name" if n == 0 else "told",
            x=number(x),
            y=number(first + LINE * n),
        )
        for n, line in enumerate(node.lines)
    ]
    kind = f"node {node.kind}" + (" hidden" if node.hidden else "")
    return element(
        "g",
        element("title", text(", ".join((node.name, node.kind, *node.lines[1:])))),
        *outline(node.kind, rect),
        *lines,
        class_=kind,
        data_site=node.name,
        data_node=position,
    )


def _edge(graph: Graph, edge: Edge, points: Sequence[Point]) -> str:
    source, target = graph.nodes[edge.source], graph.nodes[edge.target]
    what = f" ({', '.join(edge.arguments)})" if edge.arguments else ""
    said = f": {edge.label}" if edge.label else ""
    tip, left, right = arrow(points)
    base = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
    inside = [
        element("title", text(f"{source.name} → {target.name}{what}{said}")),
        element("path", class_="line", d=path([*points[:-1], base])),
        element("path", class_="head", d=path((tip, left, right)) + " Z"),
    ]
    if edge.style == "cut":
        inside.append(_bar(points))
    return element(
        "g",
        *inside,
        class_=f"edge {edge.style}",
        data_source=edge.source,
        data_target=edge.target,
    )


def _bar(points: Sequence[Point]) -> str:
    """A stroke across a line, near its end: it is cut there."""
    _, left, right = arrow(points, 20.0)
    return element("path", class_="bar", d=path((left, right)))


def _label(edge: Edge, at: Point) -> str:
    x, y = number(at[0]), number(at[1] + 4)
    return element("text", text(edge.label), class_=f"label of-{edge.style}", x=x, y=y)


def _half_way(points: Sequence[Point]) -> Point:
    """The middle of the longest part of a line."""
    parts = pairwise(points)
    (x, y), (u, v) = max(parts, key=lambda part: math.dist(*part))
    return (x + u) / 2, (y + v) / 2
