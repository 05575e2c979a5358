"""The graph of a model as its trace tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from numpyro_lint.model.attach import Attached
from numpyro_lint.model.centring import evidence_of
from numpyro_lint.pictures.graph import Edge, Graph, Kind, Node, Plate, graph
from numpyro_lint.pictures.styles import note, styled

if TYPE_CHECKING:
    from numpyro_lint_runtime.sites import TracedSite

_KINDS: dict[str, Kind] = {
    "deterministic": "deterministic",
    "param": "param",
    "mutable": "param",
    "factor": "factor",
}


def traced(trace: Attached, title: str, caption: str) -> Graph:
    """What was computed from what in a trace, and what its handlers did to each site."""
    sites = [j.traced for j in trace.sites if _kind(j.traced) is not None]
    nodes = [_node(site) for site in sites]
    evidence = {found.site.name: found for _, found in evidence_of(trace)}
    return graph(title, caption, nodes, styled(nodes, _edges(sites), evidence))


def _kind(site: TracedSite) -> Kind | None:
    if site.type != "sample":
        return _KINDS.get(site.type)
    if _is_copy(site):
        return "intervened"
    return "observed" if site.observed else "latent"


def _is_copy(site: TracedSite) -> bool:
    """Whether it is what `do` puts in the place of a site, which goes on beside it."""
    return site.value_from == "do" and site.hidden


def _node(site: TracedSite) -> Node:
    kind = _kind(site)
    assert kind is not None
    plates = tuple(Plate(plate.name, plate.size) for plate in site.plates)
    # A factor is sent as a sample of a distribution of NumPyro's own, which nobody writes.
    family = "" if kind == "factor" else site.distribution or ""
    shape = None if kind == "factor" else site.shape
    hidden = site.hidden and kind != "intervened"
    return Node(site.name, kind, family, shape, plates, hidden, note(site.value_from, hidden))


def _edges(sites: Sequence[TracedSite]) -> Iterator[Edge]:
    numbers = {site.name: n for n, site in reversed(list(enumerate(sites)))}
    numbers |= {site.name: n for n, site in enumerate(sites) if not site.hidden}
    for target, site in enumerate(sites):
        sources: dict[str, list[str]] = {}
        for argument, names in (site.depends or {}).items():
            for name in names:
                sources.setdefault(name, []).append(argument)
        for name, arguments in sources.items():
            if name in numbers:
                yield Edge(numbers[name], target, tuple(arguments))
        for name in site.depends_beside or ():
            if name in numbers and name not in sources:
                yield Edge(numbers[name], target, style="beside")
