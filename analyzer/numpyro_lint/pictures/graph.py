"""A model as a graph to be drawn: its sites, what each was computed from, and its plates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from numpyro_lint.record import record

Kind = Literal["latent", "observed", "deterministic", "param", "factor", "intervened"]
# `cut`: what a handler replaced was computed from it. `beside`: it is no argument of the
# distribution, but has a part in the log density.
Style = Literal["plain", "funnel", "cut", "beside"]


@record
class Plate:
    """A plate around a site; `size` is None where it is not known."""

    name: str
    size: int | None = None


@record
class Node:
    """A site. `plates` are outermost first; `note` says what a handler did to it."""

    name: str
    kind: Kind
    family: str = ""
    shape: tuple[int, ...] | None = None
    plates: tuple[Plate, ...] = ()
    hidden: bool = False
    note: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands in it, line by line."""
        shape = "" if not self.shape else str(self.shape)
        what = self.family or ("" if self.kind == "latent" else self.kind)
        told = f"{what} {shape}".strip()
        return tuple(line for line in (self.name, told, self.note) if line)


@record
class Edge:
    """One node was computed from another: `arguments` of its distribution were."""

    source: int
    target: int
    arguments: tuple[str, ...] = ()
    style: Style = "plain"
    label: str = ""


@record
class Box:
    """A plate around nodes that stand together; `parent` is the box around it."""

    plate: Plate
    parent: int | None


@record
class Graph:
    """What is drawn. `inside` is the innermost box of each node.

    `title` names the model and `caption` says where the picture comes from.
    """

    title: str
    caption: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    boxes: tuple[Box, ...] = ()
    inside: tuple[int | None, ...] = ()


def graph(title: str, caption: str, nodes: Sequence[Node], edges: Iterable[Edge]) -> Graph:
    """A graph with a box for each plate.

    Plates that cross cannot be drawn as one box each: the one with fewer sites is drawn once in the
    other and once beside it.
    """
    order = _outermost_first(nodes)
    found: dict[tuple[Plate, ...], int] = {}
    boxes: list[Box] = []
    inside: list[int | None] = []
    for node in nodes:
        path = tuple(sorted(set(node.plates), key=order.__getitem__))
        for length in range(1, len(path) + 1):
            if path[:length] not in found:
                found[path[:length]] = len(boxes)
                boxes.append(Box(path[length - 1], found.get(path[: length - 1])))
        inside.append(found.get(path))
    once = dict.fromkeys(each for each in edges if each.source != each.target)
    return Graph(title, caption, tuple(nodes), tuple(once), tuple(boxes), tuple(inside))


def _outermost_first(nodes: Iterable[Node]) -> dict[Plate, int]:
    """The place of each plate in the order in which boxes are put into each other."""
    met = [plate for node in nodes for plate in node.plates]
    counts = Counter(met)
    first = {plate: number for number, plate in reversed(list(enumerate(met)))}
    ordered = sorted(counts, key=lambda plate: (-counts[plate], first[plate]))
    return {plate: number for number, plate in enumerate(ordered)}
