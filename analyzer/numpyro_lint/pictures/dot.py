"""The graph of a model for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.pictures.graph import Edge, Graph, Kind, Node, Style
from numpyro_lint.pictures.layout import box_label

_NODES: dict[Kind, str] = {
    "latent": "shape=ellipse, style=filled, fillcolor=white",
    "observed": 'shape=ellipse, style=filled, fillcolor="#d5dbe2"',
    "deterministic": "shape=ellipse, style=dashed",
    "intervened": "shape=ellipse, peripheries=2",
    "param": "shape=box",
    "factor": 'shape=box, style=filled, fillcolor="#d5dbe2"',
}
_EDGES: dict[Style, str] = {
    "plain": "",
    "funnel": 'color="#b3261e", fontcolor="#b3261e", style="dashed", penwidth=2.5',
    "cut": "style=dotted, arrowhead=tee",
    "beside": "style=dotted",
}


def dot(graph: Graph) -> str:
    """A graph in the language of Graphviz, with a cluster for each plate."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    yield f"// {_one_line(graph.caption)}"
    yield f"digraph {_quoted(graph.title)} {{"
    yield f"  label={_quoted(graph.title)}; labelloc=t; fontname=sans;"
    yield "  node [fontname=sans]; edge [fontname=sans, fontsize=11];"
    yield from _within(graph, None, "  ")
    for edge in graph.edges:
        yield f"  n{edge.source} -> n{edge.target}{_attributes(edge)};"
    yield "}"


def _within(graph: Graph, box: int | None, indent: str) -> Iterator[str]:
    """The nodes that stand in a box and no further one, then the boxes in it."""
    for number, (node, inside) in enumerate(zip(graph.nodes, graph.inside, strict=True)):
        if inside == box:
            yield f"{indent}n{number} [label={_label(node)}, {_look(node)}];"
    for number, each in enumerate(graph.boxes):
        if each.parent == box:
            label = _quoted(box_label(each.plate.name, each.plate.size))
            yield f"{indent}subgraph cluster_{number} {{"
            yield f"{indent}  label={label}; labeljust=l; labelloc=b;"
            yield from _within(graph, number, indent + "  ")
            yield f"{indent}}}"


def _look(node: Node) -> str:
    look = _NODES[node.kind]
    return f'{look}, style="dotted", fontcolor=gray40' if node.hidden else look


def _attributes(edge: Edge) -> str:
    tip = ", ".join(edge.arguments)
    told = [_EDGES[edge.style]]
    told += [f"label={_quoted(edge.label)}"] if edge.label else []
    told += [f"tooltip={_quoted(tip)}"] if tip else []
    told = [each for each in told if each]
    return f" [{', '.join(told)}]" if told else ""


def _label(node: Node) -> str:
    return '"' + "\\n".join(map(_escaped, node.lines)) + '"'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """Backslashes are doubled: Graphviz has escapes of its own in labels."""
    return _one_line(text).replace("\\", "\\\\").replace('"', '\\"')


def _one_line(text: str) -> str:
    return "".join(each if each.isprintable() else "\ufffd" for each in text)
