"""The graph of a model in words, for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.pictures.graph import Graph


def described(graph: Graph) -> str:
    """All that is drawn: sites by kind, plates, and what each site was computed from."""
    return " ".join(f"{sentence}." for sentence in _sentences(graph))


def _sentences(graph: Graph) -> Iterator[str]:
    kinds: dict[str, list[str]] = {}
    for node in graph.nodes:
        kinds.setdefault(node.kind, []).append(
            f"{node.name} (hidden)" if node.hidden else node.name
        )
    if not kinds:
        yield "No sites"
    for kind, names in kinds.items():
        yield f"{kind.capitalize()}: {', '.join(names)}"
    for number, box in enumerate(graph.boxes):
        within = [
            node.name
            for node, inside in zip(graph.nodes, graph.inside, strict=True)
            if _is_in(graph, inside, number)
        ]
        size = "" if box.plate.size is None else f" of size {box.plate.size}"
        yield f"Plate {box.plate.name}{size}: {', '.join(within)}"
    for edge in graph.edges:
        source, target = graph.nodes[edge.source].name, graph.nodes[edge.target].name
        told = [*edge.arguments] if not edge.label else [*edge.arguments, edge.label]
        yield f"{target} depends on {source}" + (f" ({', '.join(told)})" if told else "")


def _is_in(graph: Graph, inside: int | None, box: int) -> bool:
    while inside is not None:
        if inside == box:
            return True
        inside = graph.boxes[inside].parent
    return False
