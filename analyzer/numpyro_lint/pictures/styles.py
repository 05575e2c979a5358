"""How edges and nodes are told apart: funnels, what handlers cut and what they set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from numpyro_lint.model.centring import form_of
from numpyro_lint.model.hierarchy import SCALES
from numpyro_lint.pictures.graph import Edge, Node

if TYPE_CHECKING:
    from numpyro_lint_runtime.values import SiteEvidence

# Handlers that give a site its value, and say so in the picture.
_SET = frozenset({"condition", "substitute", "replay", "lift", "reparam"})


def note(value_from: str | None, hidden: bool) -> str:
    """What handlers did to a site, in a few words."""
    if value_from == "do":
        return "set by do"
    told = ["hidden by block"] if hidden else []
    if value_from in _SET:
        told.append(f"by {value_from}")
    return ", ".join(told)


def styled(
    nodes: Sequence[Node], edges: Iterable[Edge], evidence: Mapping[str, SiteEvidence]
) -> Iterator[Edge]:
    """Edges as they are to be drawn. `evidence` is what the data say of sites, by their names."""
    edges = list(edges)
    inferred = {e.source for e in edges if nodes[e.target].kind != "deterministic"}
    is_observed = any(node.kind == "observed" for node in nodes)
    for edge in edges:
        target = nodes[edge.target]
        if target.kind == "intervened":
            yield Edge(edge.source, edge.target, edge.arguments, "cut", "cut by do")
        elif not _is_scale(nodes, edge):
            yield edge
        elif edge.target in inferred or is_observed:
            yield _scaling(edge, evidence.get(target.name))
        else:
            # Nothing is observed: what nothing was computed from is an observation to be.
            yield edge


def _is_scale(nodes: Sequence[Node], edge: Edge) -> bool:
    """Whether a latent site scales another one."""
    source, target = nodes[edge.source], nodes[edge.target]
    if source.kind != "latent" or target.kind != "latent" or target.hidden:
        return False
    return SCALES.get(target.family) in edge.arguments


def _scaling(edge: Edge, found: SiteEvidence | None) -> Edge:
    """The edge from a scale to a latent site: a funnel, unless the data say much of the site."""
    source, target, arguments = edge.source, edge.target, edge.arguments
    if found is None:
        return Edge(source, target, arguments, "funnel", "scale")
    kappa = f"κ {found.kappa:.2f}"
    if form_of(found) == "centred":
        return Edge(source, target, arguments, "plain", f"scale, {kappa}")
    return Edge(source, target, arguments, "funnel", f"funnel, {kappa}")
