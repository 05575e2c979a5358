"""The report as a real Chromium shows it."""

from __future__ import annotations

from typing import Any

import pytest
from browser.programs import NAMES
from browser.seeing import SCHEMES, WIDTHS, barriers, excess, open_folds, tabbed

pytestmark = pytest.mark.browser
Reports = dict[str, str]
SITES = ("mu", "tau", "theta", "obs")
# On the screen: words beside an axis are turned.
_SIZES = """all => all.map((each) => {
    const on = each.getScreenCTM();
    return parseFloat(getComputedStyle(each).fontSize) * Math.hypot(on.a, on.b);
})"""


@pytest.mark.parametrize("name", NAMES)
def test_a_page_asks_for_nothing_and_complains_of_nothing(
    name: str, reports: Reports, tab: Any
) -> None:
    tab.goto(reports[name])
    open_folds(tab)
    assert tab.asked == [reports[name]]
    assert tab.complaints == []


@pytest.mark.parametrize("name", NAMES)
def test_no_page_is_wider_than_the_screen(name: str, reports: Reports, tab: Any) -> None:
    tab.goto(reports[name])
    open_folds(tab)
    assert {width: excess(tab, width) for width in WIDTHS} == dict.fromkeys(WIDTHS, 0)


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_barrier(name: str, reports: Reports, tab: Any) -> None:
    tab.goto(reports[name])
    open_folds(tab)
    assert {scheme: barriers(tab, scheme) for scheme in SCHEMES} == {"light": [], "dark": []}


@pytest.mark.parametrize("name", NAMES)
def test_tab_reaches_everything_in_order_and_marks_it(
    name: str, reports: Reports, tab: Any
) -> None:
    tab.goto(reports[name])
    stops, went = tabbed(tab)
    assert [each["number"] for each in went] == list(range(len(stops)))
    assert min((each["mark"] for each in went), default=2) >= 2


def test_enter_opens_and_closes_what_is_folded(reports: Reports, tab: Any) -> None:
    tab.goto(reports["verified"])
    folds = tab.locator("details").all()
    assert len(folds) > 4
    for fold in folds:
        was_open = fold.evaluate("each => each.open")
        fold.locator("summary").focus()
        for is_open in (not was_open, was_open):
            tab.keyboard.press("Enter")
            assert fold.evaluate("each => each.open") is is_open


@pytest.mark.parametrize("name", ["verified", "handlers", "many"])
def test_enter_follows_every_link_within_the_page(name: str, reports: Reports, tab: Any) -> None:
    tab.goto(reports[name])
    links = tab.locator("a[href^='#']").all()
    assert len(links) > 2
    for link in links:
        link.focus()
        tab.keyboard.press("Enter")
        target = tab.locator(":target")
        assert target.count() == 1
        assert target.evaluate("each => each.getBoundingClientRect().top < innerHeight")


def test_a_rule_of_a_finding_leads_to_its_page_and_away(reports: Reports, tab: Any) -> None:
    tab.goto(reports["verified"])
    tab.locator(".finding h3 a").first.focus()
    with tab.expect_event("requestfailed"):
        tab.keyboard.press("Enter")
    assert tab.asked[1:] == ["https://numpyro-lint.readthedocs.io/rules/funnel"]


def test_what_is_wider_than_its_place_is_scrolled_by_arrows(reports: Reports, tab: Any) -> None:
    tab.set_viewport_size({"width": 375, "height": 812})
    tab.goto(reports["verified"])
    for kind in (".sites", ".diff", ".nl-plot"):
        place = tab.locator("[tabindex]", has=tab.locator(kind)).or_(tab.locator(f"pre{kind}"))
        place.first.focus()
        tab.keyboard.press("ArrowRight")
        scrolled = "() => document.activeElement.scrollLeft > 0"
        tab.wait_for_function(scrolled, timeout=5000)


def test_colours_follow_the_reader(reports: Reports, tab: Any) -> None:
    tab.goto(reports["verified"])
    parts = ("body", ".finding .level", "pre", "mark", ".nl-graph .paper", ".nl-graph .shape")
    look = "each => ((s) => [s.color, s.backgroundColor, s.fill])(getComputedStyle(each))"
    seen = {}
    for scheme in SCHEMES:
        tab.emulate_media(color_scheme=scheme)
        seen[scheme] = [tab.locator(part).first.evaluate(look) for part in parts]
    for part, light, dark in zip(parts, *seen.values(), strict=True):
        assert light != dark, part
    assert seen["light"][0][1] == "rgb(255, 255, 255)"
    assert seen["dark"][0][1] == "rgb(22, 25, 29)"


def test_the_graph_is_drawn_as_the_model_is(reports: Reports, tab: Any) -> None:
    tab.goto(reports["verified"])
    graph = tab.get_by_role("img", name="Graph of eight_schools")
    assert graph.is_visible()
    sites = {each: graph.locator(f"[data-site={each}] > .shape") for each in SITES}
    boxes = {each: shape.bounding_box() for each, shape in sites.items()}
    assert graph.locator("[data-site]").count() == len(SITES)
    plate = graph.locator("[data-plate=J] > rect").bounding_box()
    assert {each for each, box in boxes.items() if _holds(plate, box)} == {"theta", "obs"}
    whole = graph.bounding_box()
    assert all(_holds(whole, box) for box in (plate, *boxes.values()))
    assert graph.get_by_text("J · 8").is_visible()
    assert graph.get_by_text("funnel, κ 0.12", exact=True).is_visible()
    assert boxes["mu"]["y"] < boxes["theta"]["y"] < boxes["obs"]["y"]
    fills = {each: shape.evaluate("s => getComputedStyle(s).fill") for each, shape in sites.items()}
    assert fills["obs"] not in {fills[each] for each in ("mu", "tau", "theta")}


def _holds(outer: dict[str, float], inner: dict[str, float]) -> bool:
    return (
        outer["x"] <= inner["x"]
        and outer["y"] <= inner["y"]
        and outer["x"] + outer["width"] >= inner["x"] + inner["width"]
        and outer["y"] + outer["height"] >= inner["y"] + inner["height"]
    )


@pytest.mark.parametrize("name", ["verified", "crossed", "wide"])
def test_words_of_pictures_can_be_read_on_a_phone(name: str, reports: Reports, tab: Any) -> None:
    tab.set_viewport_size({"width": 375, "height": 812})
    tab.goto(reports[name])
    sizes = tab.locator("figure svg text").evaluate_all(_SIZES)
    assert len(sizes) > 8
    assert min(sizes) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off_or_folded_away_on_paper(name: str, reports: Reports, tab: Any) -> None:
    tab.goto(reports[name])
    tab.emulate_media(media="print")
    # A4 at 96 pixels an inch, less its margins.
    assert excess(tab, 720) == 0
    hidden = "all => all.filter((each) => !each.checkVisibility({contentVisibilityAuto: true}))"
    folded = tab.locator("details > :not(summary)")
    assert folded.evaluate_all(f"all => ({hidden})(all).length") == 0
    cut = "all => all.filter((each) => each.scrollWidth > each.clientWidth + 1).length"
    assert tab.locator("pre, .wide, figure").evaluate_all(cut) == 0
