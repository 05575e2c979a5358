"""The graph of a model as its text tells it, where there is no trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from numpyro_lint.model.binding import resolve
from numpyro_lint.model.expand import Execution, Path
from numpyro_lint.model.ir import Const, Dist, Frame, Value
from numpyro_lint.model.ir import Site as Primitive
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.model.supports import dist_of
from numpyro_lint.pictures.graph import Edge, Graph, Kind, Node, Plate, graph
from numpyro_lint.pictures.styles import note, styled
from numpyro_lint.record import record
from numpyro_lint.text import Span

_KINDS: dict[str, Kind] = {
    "sample": "latent",
    "deterministic": "deterministic",
    "param": "param",
    "module": "param",
    "mutable": "param",
    "factor": "factor",
}
_Key = tuple[Span, Path]


@record
class _Site:
    """What a handler makes of a primitive where a run reaches it.

    `role`: `main` stands for it, `copy` is what `do` puts in its place, and a `part` is what a
    reparameterisation computes it from.
    """

    node: Node
    step: Execution
    role: str


def written(prediction: Prediction, title: str, caption: str) -> Graph:
    """What was computed from what by the text of a model, and what its handlers do."""
    steps = {(step.site.span, step.path): step for step in prediction.executions}
    groups: dict[_Key, list[Effect]] = {}
    for effect in prediction.effects:
        key = effect.site.span, effect.path
        if _kind(effect) is not None and key in steps:
            groups.setdefault(key, []).append(effect)
    plates = {(e.site.span, e.path): e.name.glob for e in prediction.effects if e.type == "plate"}
    sites = [
        _Site(_node(effect, steps[key], plates), steps[key], _role(effect, effects))
        for key, effects in groups.items()
        for effect in effects
    ]
    # Branches may draw one site in several places.
    first: dict[tuple[str, Kind], int] = {}
    kept: list[_Site] = []
    numbers: list[int] = []
    for site in sites:
        if (site.node.name, site.node.kind) not in first:
            first[site.node.name, site.node.kind] = len(kept)
            kept.append(site)
        numbers.append(first[site.node.name, site.node.kind])
    nodes = [site.node for site in kept]
    return graph(title, caption, nodes, styled(nodes, _edges(sites, numbers), {}))


def _kind(effect: Effect) -> Kind | None:
    if effect.type != "sample":
        return _KINDS.get(effect.type)
    if effect.value_from == "do" and effect.hidden:
        return "intervened"
    return "observed" if effect.observed is not False else "latent"


def _node(effect: Effect, step: Execution, names: Mapping[_Key, str]) -> Node:
    kind = _kind(effect)
    assert kind is not None
    dist = dist_of(step) if effect.value_from != "reparam" else None
    plates = tuple(
        _plate(names.get((a.frame.plate.span, a.path), a.name.glob), a.frame.plate)
        for a in step.active
        if isinstance(a.frame, Frame)
    )
    hidden = bool(effect.hidden) and kind != "intervened"
    family = (dist.family or "") if dist is not None else ""
    told = note(effect.value_from, hidden)
    return Node(effect.name.glob, kind, family, None, plates, hidden, told)


def _role(effect: Effect, group: Sequence[Effect]) -> str:
    if effect.value_from == "do" and effect.hidden:
        return "copy"
    reparameterised = any(each.value_from == "reparam" for each in group)
    return "part" if reparameterised and effect.value_from != "reparam" else "main"


def _edges(sites: Sequence[_Site], numbers: Sequence[int]) -> Iterator[Edge]:
    """The edges between nodes: `numbers` are those of the sites."""
    for n, site in enumerate(sites):
        if site.role == "part":
            for m, other in enumerate(sites):
                if other.step is site.step and other.role == "main":
                    yield Edge(numbers[n], numbers[m], ("value",))
            continue
        sources: dict[int, list[str]] = {}
        beside: set[int] = set()
        for argument, value in _arguments(site.step):
            for span in sorted(site.step.origins(value)):
                for source in _sources(span, site.step.path, sites):
                    if argument:
                        sources.setdefault(numbers[source], []).append(argument)
                    else:
                        beside.add(numbers[source])
        for source, arguments in sources.items():
            yield Edge(source, numbers[n], tuple(dict.fromkeys(arguments)))
        for source in sorted(beside - set(sources)):
            yield Edge(source, numbers[n], style="beside")


def _arguments(step: Execution) -> Iterator[tuple[str, Value]]:
    """What a site is computed from, by name; without one, what it observes."""
    site = step.site
    dist = resolve(site.dist, step.values) if site.dist is not None else None
    if isinstance(dist, Dist):
        yield from dist.args
    elif dist is not None:
        yield "distribution", dist
    if site.kind in ("deterministic", "factor"):
        yield from (("value", value) for _, value in site.args)
    if site.obs is not None:
        yield "", site.obs


def _sources(span: Span, path: Path, sites: Sequence[_Site]) -> list[int]:
    """The sites that stand for a primitive: of a helper that is called more than once, those that
    the nearest call reaches."""
    found = [n for n, site in enumerate(sites) if site.step.site.span == span]
    copies = [n for n in found if sites[n].role == "copy"]
    found = copies or [n for n in found if sites[n].role == "main"]
    shared = [_shared(sites[n].step.path, path) for n in found]
    return [n for n, length in zip(found, shared, strict=True) if length == max(shared)]


def _shared(first: Path, second: Path) -> int:
    """How many calls two paths have in common."""
    length = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        length += 1
    return length


def _plate(name: str, plate: Primitive) -> Plate:
    size = plate.arg("size")
    told = size.value if isinstance(size, Const) else None
    return Plate(name, told if type(told) is int else None)
