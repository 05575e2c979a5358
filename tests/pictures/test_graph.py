"""Pictures of models: everything is there, where it belongs, and can be told from the rest."""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pictures.seen import SVG, contrast, groups, nodes, plates, themes, words

from numpyro_lint import text
from numpyro_lint.analyst import Analyst
from numpyro_lint.check import Report, check
from numpyro_lint.config import Settings
from numpyro_lint.model.program import Function, Stack
from numpyro_lint.pictures.dot import dot
from numpyro_lint.pictures.graph import Edge, Graph, Node, Plate, graph
from numpyro_lint.pictures.mermaid import mermaid
from numpyro_lint.pictures.models import picture_of, untraced
from numpyro_lint.pictures.svg import svg
from numpyro_lint.text import Source

pytestmark = pytest.mark.trace

ROOT = Path(__file__).parents[2]
Analyze = Callable[..., tuple[int, str, str]]
UNDRAWN = ("plate", "prng_key", "subsample", "control_flow")
FILES = (
    "examples/eight_schools.py",
    "examples/eight_schools_decentred.py",
    "examples/intervention.py",
    "examples/linear_regression_handlers.py",
    "tests/pictures/crossed.py",
    "tests/tracing/programs/blocks.py",
    "tests/tracing/programs/hmm_scan.py",
    "tests/tracing/programs/mixture.py",
    "tests/tracing/programs/radon_frame.py",
    "tests/tracing/programs/survival.py",
)


@pytest.fixture(scope="module")
def reports() -> Iterator[dict[str, Report]]:
    """Each program traced, and its data asked."""
    with Analyst(Settings(python=sys.executable), static=False, values=True) as analyst:
        yield {
            name: analyst.report(text.load(str(ROOT / name), text.OURS.encode())) for name in FILES
        }


def all_of(report: Report) -> Iterator[Function | Stack]:
    """The models and stacks that were traced."""
    for function in report.module.functions.values():
        if function.key in report.context.traces:
            yield function
    yield from report.context.stacks


def model(report: Report, name: str) -> Function:
    return next(each for each in report.module.functions.values() if each.name == name)


def stack(report: Report, *kinds: str) -> Stack:
    found = report.module.stacks
    return next(each for each in found if tuple(h.kind for h in each.handlers) == kinds)


def drawn(graph: Graph) -> ET.Element:
    return ET.fromstring(svg(graph))


def lines(found: Graph) -> set[tuple[str, str, str]]:
    """The edges of a graph by the names of their ends, with their styles."""
    named = found.nodes
    return {(named[e.source].name, named[e.target].name, e.style) for e in found.edges}


@pytest.mark.parametrize("name", FILES)
def test_every_site_is_drawn_once_and_in_its_plates_alone(
    reports: dict[str, Report], name: str
) -> None:
    about = list(all_of(reports[name]))
    assert about
    for each in about:
        found = picture_of(reports[name], each)
        traces = reports[name].context
        trace = traces.stacks[each] if isinstance(each, Stack) else traces.traces[each.key]
        sites = [j.traced for j in trace.sites if j.traced.type not in UNDRAWN]
        root = drawn(found)
        places = nodes(root)
        assert sorted(site for site, _ in places) == sorted(site.name for site in sites)
        boxes = plates(root)
        for site, (_, area) in zip(sites, places, strict=True):
            around = {plate for plate, box in boxes if box.holds(area)}
            assert around == {plate.name for plate in site.plates}, site.name
            assert not [p for p, box in boxes if box.meets(area) and not box.holds(area)]
        for number, (_, area) in enumerate(places):
            assert not [other for other, place in places[:number] if place.meets(area)]
        for number, (_, box) in enumerate(boxes):
            for _, other in boxes[:number]:
                assert box.holds(other) or other.holds(box) or not box.meets(other)


@pytest.mark.parametrize("name", FILES)
def test_every_dependence_is_a_line_that_ends_at_both_sites(
    reports: dict[str, Report], name: str
) -> None:
    for each in all_of(reports[name]):
        found = picture_of(reports[name], each)
        root = drawn(found)
        areas = [area for _, area in nodes(root)]
        edges = groups(root, "edge")
        told = [(int(e.attrib["data-source"]), int(e.attrib["data-target"])) for e in edges]
        assert told == [(edge.source, edge.target) for edge in found.edges]
        for edge, (source, target) in zip(edges, told, strict=True):
            line, head = (_points(part) for part in edge.findall(f"{SVG}path")[:2])
            for point, number in ((line[0], source), (head[0], target)):
                x = min(max(point[0], areas[number].x), areas[number].right)
                y = min(max(point[1], areas[number].y), areas[number].foot)
                assert math.dist(point, (x, y)) < 1.0


def _points(part: ET.Element) -> list[tuple[float, float]]:
    numbers = part.attrib["d"].replace("M", "").replace("L", "").replace("Z", "").split()
    return [(float(x), float(y)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def test_a_funnel_is_marked_by_colour_line_and_words(reports: dict[str, Report]) -> None:
    report = reports["examples/eight_schools.py"]
    found = picture_of(report, model(report, "eight_schools"))
    assert lines(found) == {
        ("mu", "theta", "plain"),
        ("tau", "theta", "funnel"),
        ("theta", "obs", "plain"),
    }
    text = svg(found)
    root = ET.fromstring(text)
    assert len(groups(root, "funnel")) == 1
    assert any(each.startswith("funnel, κ 0.1") for each in words(root))
    rule = next(line for line in text.splitlines() if ".funnel > .line" in line)
    assert "stroke: var(--alarm)" in rule
    assert "stroke-dasharray" in rule


def test_a_decentred_site_is_no_funnel(reports: dict[str, Report]) -> None:
    report = reports["examples/eight_schools_decentred.py"]
    found = picture_of(report, stack(report, "reparam"))
    assert not [edge for edge in found.edges if edge.style == "funnel"]
    theta = next(node for node in found.nodes if node.name == "theta")
    assert (theta.kind, theta.note) == ("deterministic", "by reparam")


def test_what_the_data_say_much_of_is_no_funnel() -> None:
    from numpyro_lint.pictures.styles import styled
    from numpyro_lint_runtime.values import Hierarchy, SiteEvidence

    sites = [Node("tau", "latent"), Node("theta", "latent", "Normal"), Node("y", "observed")]
    edges = [Edge(0, 1, ("scale",)), Edge(1, 2, ("loc",))]
    strong = SiteEvidence(Hierarchy("theta", "Normal", ("tau",)), 8, 0.97, 0.9, 0.99, 0.9, 0.99)
    first, second = styled(sites, edges, {"theta": strong})
    assert (first.style, first.label) == ("plain", "scale, κ 0.97")
    assert second == edges[1]


def test_an_observation_to_be_is_no_funnel(reports: dict[str, Report]) -> None:
    report = reports["examples/intervention.py"]
    found = picture_of(report, stack(report, "do"))
    assert ("noise", "crop", "plain") in lines(found)


def test_what_do_cuts_is_drawn_cut(reports: dict[str, Report]) -> None:
    report = reports["examples/intervention.py"]
    found = picture_of(report, stack(report, "do"))
    assert {line for line in lines(found) if "irrigated__CF" in line} == {
        ("habit", "irrigated__CF", "cut"),
        ("urge", "irrigated__CF", "cut"),
        ("irrigated__CF", "crop", "plain"),
    }
    root = drawn(found)
    assert len(groups(root, "intervened")) == 1
    for edge in groups(root, "cut"):
        assert [part.get("class") for part in edge.findall(f"{SVG}path")] == [
            "line",
            "head",
            "bar",
        ]
    assert words(root).count("cut by do") == 2


def test_what_block_hides_is_drawn_hidden(reports: dict[str, Report]) -> None:
    report = reports["examples/linear_regression_handlers.py"]
    root = drawn(picture_of(report, stack(report, "trace", "block", "seed")))
    (hidden,) = groups(root, "hidden")
    assert hidden.attrib["data-site"] == "noise"
    assert "hidden by block" in words(root)


def test_kinds_of_sites_are_told_apart(reports: dict[str, Report]) -> None:
    report = reports["tests/pictures/crossed.py"]
    found = picture_of(report, model(report, "crossed"))
    text = svg(found)
    root = ET.fromstring(text)
    kinds = {
        each.attrib["data-site"]: each.attrib["class"].split()[1] for each in groups(root, "node")
    }
    assert kinds == {
        **dict.fromkeys(["sd_row", "sd_col", "row", "column", "cell", "u", "v", "alone"], "latent"),
        "width": "param",
        "mean": "deterministic",
        "y<&\"'>": "observed",
        "z": "observed",
        "penalty": "factor",
    }
    style = root.find(f"{SVG}style")
    assert style is not None
    assert ".observed > .shape, .nl-graph .factor > .shape { fill: var(--shade); }" in (
        style.text or ""
    )
    assert ".deterministic > .shape { stroke-dasharray" in (style.text or "")


def test_plates_that_cross_are_drawn_beside_each_other(reports: dict[str, Report]) -> None:
    report = reports["tests/pictures/crossed.py"]
    root = drawn(picture_of(report, model(report, "crossed")))
    names = [name for name, _ in plates(root)]
    assert sorted(names) == sorted(
        [
            "columns",
            "columns",
            "inner",
            "middle",
            "outer",
            "rows_with_a_rather_long_name_of_their_own",
        ]
    )
    told = words(root)
    assert told.count("columns · 5") == 2
    assert "rows_with_a_rather_long_name_of_the…" in told


def test_both_themes_are_legible(reports: dict[str, Report]) -> None:
    report = reports["examples/eight_schools.py"]
    for theme in themes(svg(picture_of(report, model(report, "eight_schools")))):
        for ink in ("ink", "faint", "alarm"):
            assert contrast(theme[ink], theme["paper"]) >= 4.5
            if ink != "alarm":  # no red stands on a shaded site
                assert contrast(theme[ink], theme["shade"]) >= 4.5


def test_the_picture_is_told_in_words(reports: dict[str, Report]) -> None:
    report = reports["examples/eight_schools.py"]
    root = drawn(picture_of(report, model(report, "eight_schools")))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == title.attrib["id"]
    assert root.attrib["aria-describedby"] == desc.attrib["id"]
    assert title.text == "Graph of eight_schools"
    for part in ("Observed: obs.", "Plate J of size 8: theta, obs.", "depends on tau (scale, "):
        assert part in (desc.text or "")


@pytest.mark.parametrize("name", FILES)
def test_text_and_trace_tell_one_graph(reports: dict[str, Report], name: str) -> None:
    """But for what a reparameterisation computes: the trace looks through it."""
    report = reports[name]
    alone = check(report.source, module=report.module)
    compared = 0
    for each in all_of(report):
        if isinstance(each, Stack) and each.model.function is None:
            continue
        if isinstance(each, Stack) and "reparam" in {h.kind for h in each.handlers}:
            continue
        by_trace, by_text = picture_of(report, each), picture_of(alone, each)
        assert "as the text tells it" in by_text.caption
        assert {n.name: n.kind for n in by_trace.nodes} == {n.name: n.kind for n in by_text.nodes}
        assert lines(by_trace) == lines(by_text)
        compared += 1
    assert compared


HOSTILE = (
    "<script>alert(1)</script>",
    '"]]> --> & \x00\ud800',
    "n0[x]|y|\n end %% \\",
    "名前" * 30,
)


def hostile() -> Graph:
    sites = [
        Node(name, "latent", plates=(Plate(name, n),), note=name) for n, name in enumerate(HOSTILE)
    ]
    edges = [Edge(n, n + 1, (name,), "funnel", name) for n, name in enumerate(HOSTILE[1:])]
    return graph(HOSTILE[0], HOSTILE[1], sites, edges)


def test_hostile_names_stay_text() -> None:
    written = svg(hostile())
    root = ET.fromstring(written.encode("utf-8"))
    assert not list(root.iter(f"{SVG}script"))
    assert root.findall(f".//{SVG}text[.='{HOSTILE[0]}']")
    assert groups(root, "node")[0].attrib["data-site"] == HOSTILE[0]
    flow = mermaid(hostile())
    assert "<script" not in flow
    assert all(line.count('"') in (0, 2) for line in flow.splitlines())
    for line in dot(hostile()).splitlines()[1:]:
        assert line.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0


def test_the_same_model_gives_the_same_bytes(reports: dict[str, Report], analyze: Analyze) -> None:
    report = reports["tests/pictures/crossed.py"]
    found = picture_of(report, model(report, "crossed"))
    for draw in (svg, dot, mermaid):
        assert draw(found) == draw(picture_of(report, model(report, "crossed")))
    first, second = (analyze("graph", "tests/pictures/crossed.py", "--static")[1] for _ in range(2))
    assert first == second != ""


def test_dot_and_mermaid_say_the_same(reports: dict[str, Report]) -> None:
    report = reports["tests/pictures/crossed.py"]
    found = picture_of(report, model(report, "crossed"))
    asked, flow = dot(found), mermaid(found)
    for number, node in enumerate(found.nodes):
        assert f"n{number} [label=" in asked
        assert (
            len([each for each in flow.splitlines() if each.strip().startswith(f"n{number}")]) > 0
        )
        assert node.name.partition("<")[0] in flow
    for edge in found.edges:
        assert f"n{edge.source} -> n{edge.target}" in asked
        assert [
            each
            for each in flow.splitlines()
            if each.startswith(f"  n{edge.source} ") and each.endswith(f" n{edge.target}")
        ]
    assert asked.count("subgraph cluster_") == flow.count("subgraph p") == len(found.boxes)
    assert asked.count("{") == asked.count("}")
    assert flow.count("subgraph ") == flow.splitlines().count("  end") + flow.count("   end")
    graphviz = shutil.which("dot")
    if graphviz:  # an outside opinion, where there is one
        done = subprocess.run([graphviz, "-Tsvg"], input=asked, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_model_without_sites_is_a_picture() -> None:
    source = Source(
        "m.py", "import numpyro\n\ndef nothing():\n    pass\n\nnumpyro.render_model(nothing)\n"
    )
    report = check(source)
    found = picture_of(report, model(report, "nothing"))
    assert found.nodes == ()
    assert "No sites." in svg(found)
    assert untraced(report, model(report, "nothing")) == "it was not tried"
