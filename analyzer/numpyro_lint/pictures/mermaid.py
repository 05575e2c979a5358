"""The graph of a model as a flowchart of Mermaid, which GitHub and many editors draw."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.pictures.graph import Edge, Graph, Kind, Node, Style
from numpyro_lint.pictures.layout import box_label

_SHAPES: dict[Kind, tuple[str, str]] = {
    "latent": ("([", "])"),
    "observed": ("([", "])"),
    "deterministic": ("([", "])"),
    "intervened": ("(((", ")))"),
    "param": ("[", "]"),
    "factor": ("[", "]"),
}
# Colours that can be read on light and on dark: none but strokes and what is filled.
_CLASSES = {
    "observed": "fill:#d5dbe2,color:#1f2328",
    "factor": "fill:#d5dbe2,color:#1f2328",
    "deterministic": "stroke-dasharray:5 3",
    "hidden": "stroke-dasharray:1 3",
}
_ARROWS: dict[Style, str] = {"plain": "-->", "funnel": "==>", "cut": "-.-x", "beside": "-.->"}


def mermaid(graph: Graph) -> str:
    """A graph as a flowchart, with a subgraph for each plate."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    yield "flowchart TB"
    yield f"  accTitle: Graph of {_told(graph.title)}"
    yield f"  accDescr: {_told(graph.caption)}"
    yield from _within(graph, None, "  ")
    for edge in graph.edges:
        yield f"  n{edge.source} {_arrow(edge)} n{edge.target}"
    funnels = [str(n) for n, edge in enumerate(graph.edges) if edge.style == "funnel"]
    if funnels:
        yield f"  linkStyle {','.join(funnels)} stroke:#b3261e,stroke-width:3px"
    used = {name for node in graph.nodes for name in _classes(node)}
    for name, style in _CLASSES.items():
        if name in used:
            yield f"  classDef {name} {style}"


def _within(graph: Graph, box: int | None, indent: str) -> Iterator[str]:
    for number, (node, inside) in enumerate(zip(graph.nodes, graph.inside, strict=True)):
        if inside == box:
            before, after = _SHAPES[node.kind]
            label = "<br>".join(map(_told, node.lines))
            names = "".join(f":::{name}" for name in _classes(node)[:1])
            yield f'{indent}n{number}{before}"{label}"{after}{names}'
    for number, each in enumerate(graph.boxes):
        if each.parent == box:
            label = _told(box_label(each.plate.name, each.plate.size))
            yield f'{indent}subgraph p{number}["{label}"]'
            yield from _within(graph, number, indent + "  ")
            yield f"{indent}end"


def _classes(node: Node) -> list[str]:
    found = ["hidden"] if node.hidden else []
    return [*found, node.kind] if node.kind in _CLASSES else found


def _arrow(edge: Edge) -> str:
    label = f'|"{_told(edge.label)}"|' if edge.label else ""
    return f"{_ARROWS[edge.style]}{label}"


def _told(text: str) -> str:
    """A text in which nothing is markup: whatever is no letter, digit or blank is written as its
    number."""
    plain = " .,-_:"
    return "".join(
        each if each.isalnum() or each in plain else f"#{ord(each)};"
        for each in ("".join(c if c.isprintable() else "\ufffd" for c in text))
    )
