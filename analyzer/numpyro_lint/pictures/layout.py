"""Where everything of a graph stands, in pixels: left to a library that keeps plates together."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from numpyro_lint.pictures.graph import Box, Edge, Graph, Node
from numpyro_lint.record import record

# Of text: what a character takes at most, and a line.
_CHARACTER, LINE = 7.6, 17.0
LONGEST = 36
# Between a plate and what stands in it: at the foot, where its name is, and elsewhere.
_FOOT, _SIDE = 26.0, 12.0
_OPTIONS = {
    "direction": "topbottom",
    "spacing": {
        "layer_gap": 34.0,
        "node_gap": 26.0,
        "dummy_gap": 20.0,
        "isolated_gap": 26.0,
        "compound_padding": _FOOT,
    },
    "routing": {"style": "diagonal"},
}

Point = tuple[float, float]
# What it takes to find places.
NEEDED = "the package graphlay: pip install 'numpyro-lint[graph]'"


class Undrawable(Exception):
    """Nothing is there to find the places with: the text says what would be."""


@record
class Rect:
    """A rectangle; `x` and `y` are those of its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@record
class Placed:
    """The places of nodes, boxes and edges, in the order of the graph's. `labels` are centres."""

    width: float
    height: float
    nodes: tuple[Rect, ...]
    boxes: tuple[Rect, ...]
    edges: tuple[tuple[Point, ...], ...]
    labels: tuple[Point | None, ...]


def shortened(text: str) -> str:
    """A text as it is shown in a picture: whole, or its beginning."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def width_of(text: str) -> float:
    """At most how wide a text is."""
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return _CHARACTER * (len(text) + wide)


def can_lay_out() -> bool:
    """Whether there is what finds places."""
    try:
        import graphlay  # noqa: F401
    except ImportError:
        return False
    return True


def lay_out(graph: Graph) -> Placed:
    """The places of all of a graph, the same for the same graph. Raises Undrawable."""
    if not can_lay_out():
        raise Undrawable(f"this picture needs {NEEDED}")
    import graphlay

    if not graph.nodes:
        return Placed(0.0, 0.0, (), (), (), ())
    request = _request(graph)
    found = graphlay.layout(request, options=_OPTIONS).raw
    return _placed(graph, found)


def _request(graph: Graph) -> dict[str, Any]:
    """What the library is asked: boxes come after the nodes and are nodes themselves."""
    first = len(graph.nodes)
    nodes = [
        {**_sized(*size_of(node)), "shape": _shape(node), **_parent(box, first)}
        for node, box in zip(graph.nodes, graph.inside, strict=True)
    ]
    for box in graph.boxes:
        label = width_of(shortened(box_label(box.plate.name, box.plate.size)))
        nodes.append({**_sized(label, LINE), "shape": "box", **_parent(box.parent, first)})
    return {"nodes": nodes, "edges": [_edge(edge) for edge in graph.edges]}


def box_label(name: str, size: int | None) -> str:
    """What stands on a plate."""
    return name if size is None else f"{name} · {size}"


def size_of(node: Node) -> tuple[float, float]:
    """The width and height of a node, by what stands in it."""
    widest = max(width_of(shortened(line)) for line in node.lines)
    round_ = node.kind in ("latent", "observed", "deterministic", "intervened")
    return max(widest * (1.18 if round_ else 1.0) + 18.0, 64.0), LINE * len(node.lines) + 14.0


def _shape(node: Node) -> str:
    return "box" if node.kind in ("param", "factor") else "ellipse"


def _sized(width: float, height: float) -> dict[str, Any]:
    return {"size": {"width": width, "height": height}}


def _parent(box: int | None, first: int) -> dict[str, Any]:
    return {} if box is None else {"parent": first + box}


def _edge(edge: Edge) -> dict[str, Any]:
    told: dict[str, Any] = {"source": edge.source, "target": edge.target, "weight": 1.0}
    if edge.label:
        told["label_size"] = {"width": width_of(edge.label), "height": LINE}
    return told


def _placed(graph: Graph, found: dict[str, Any]) -> Placed:
    """The answer of the library, moved to begin at 0."""
    least = found["bounds"]["min"]
    most = found["bounds"]["max"]

    def point(at: dict[str, float]) -> Point:
        return at["x"] - least["x"], at["y"] - least["y"]

    rects = [_rect(point(each["center"]), each["size"]) for each in found["nodes"]]
    count = len(graph.nodes)
    return Placed(
        most["x"] - least["x"],
        most["y"] - least["y"],
        tuple(rects[:count]),
        tuple(_tight(graph, rects)),
        tuple(tuple(map(point, each["points"])) for each in found["edges"]),
        tuple(_label(each, point) for each in found["edges"]),
    )


def _tight(graph: Graph, rects: Sequence[Rect]) -> list[Rect]:
    """Boxes without the room that the library leaves for the lines that lead into them."""
    count, found = len(graph.nodes), list(rects)
    for number in reversed(range(len(graph.boxes))):
        within = [found[n] for n, inside in enumerate(graph.inside) if inside == number]
        within += [found[count + n] for n, b in enumerate(graph.boxes) if b.parent == number]
        found[count + number] = _around(within, found[count + number], graph.boxes[number])
    return found[count:]


def _around(within: Sequence[Rect], given: Rect, box: Box) -> Rect:
    """What holds some rectangles and the name of a plate, and is no larger than what was given."""
    left, right = min(r.x for r in within), max(r.x + r.width for r in within)
    top, foot = min(r.y for r in within), max(r.y + r.height for r in within)
    label = width_of(shortened(box_label(box.plate.name, box.plate.size))) + 16.0
    side = max(_SIDE, (label - (right - left)) / 2)
    x = max(left - side, given.x)
    y = max(top - _SIDE, given.y)
    end = min(right + side, given.x + given.width)
    return Rect(x, y, end - x, min(foot + _FOOT, given.y + given.height) - y)


def _label(edge: dict[str, Any], point: Any) -> Point | None:
    anchor = edge["label_anchor"]
    return None if anchor is None else point(anchor)


def _rect(middle: Point, size: dict[str, float]) -> Rect:
    width, height = size["width"], size["height"]
    return Rect(middle[0] - width / 2, middle[1] - height / 2, width, height)


def arrow(points: Sequence[Point], length: float = 9.0) -> tuple[Point, Point, Point]:
    """The head at the end of a line: its tip, and the corners of its base."""
    (x, y), tip = points[-2], points[-1]
    dx, dy = tip[0] - x, tip[1] - y
    norm = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / norm, dy / norm
    base = tip[0] - length * ux, tip[1] - length * uy
    half = 0.42 * length
    return (
        tip,
        (base[0] - half * uy, base[1] + half * ux),
        (base[0] + half * uy, base[1] - half * ux),
    )
