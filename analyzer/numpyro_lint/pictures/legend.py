"""What the signs of a picture mean: those that are in it."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.pictures.graph import Edge, Graph, Kind, Node, Style
from numpyro_lint.pictures.layout import Rect
from numpyro_lint.pictures.markup import element, number, path, text
from numpyro_lint.pictures.shapes import outline
from numpyro_lint.record import record

_NODES: dict[Kind, str] = {
    "latent": "drawn: not observed",
    "observed": "observed",
    "deterministic": "deterministic: computed",
    "intervened": "set by do",
    "param": "param: optimised",
    "factor": "factor: added to the log density",
}
_EDGES: dict[Style, str] = {
    "funnel": "scales a latent site: a funnel where the data say little (κ: their share)",
    "cut": "computed from it, had a handler not cut it",
    "beside": "in its mask, scale or observation",
}


@record
class Sign:
    """A sign, as something of its kind is drawn, and what it means."""

    of: Node | Edge
    words: str

    def drawn(self, x: float, y: float) -> str:
        """The sign and its words, on a line at `y`."""
        label = element("text", text(self.words), class_="key", x=number(x + 36), y=number(y + 4))
        if isinstance(self.of, Node):
            kind = f"{self.of.kind} hidden" if self.of.hidden else self.of.kind
            rect = Rect(x, y - 6.0, 26.0, 12.0)
            return element("g", *outline(self.of.kind, rect), label, class_=f"sign {kind}")
        line = element("path", class_="line", d=path(((x, y), (x + 26.0, y))))
        return element("g", line, label, class_=f"sign edge {self.of.style}")


def legend(graph: Graph) -> list[Sign]:
    """The signs that are in a graph and need words."""
    return list(_signs(graph))


def _signs(graph: Graph) -> Iterator[Sign]:
    kinds = {node.kind for node in graph.nodes if not node.hidden}
    styles = {edge.style for edge in graph.edges}
    for kind, words in _NODES.items():
        if kind in kinds:
            yield Sign(Node("", kind), words)
    if any(node.hidden for node in graph.nodes):
        yield Sign(Node("", "latent", hidden=True), "hidden by block: no site of the trace")
    for style, words in _EDGES.items():
        if style in styles:
            yield Sign(Edge(0, 0, (), style), words)
