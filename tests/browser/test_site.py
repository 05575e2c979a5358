"""The documentation site as a real Chromium shows it, once `make site` has built it."""

from __future__ import annotations

from typing import Any

import pytest
from browser.seeing import SCHEMES, WIDTHS, barriers, excess

pytestmark = pytest.mark.browser
# What is more than these is the theme's.
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
PAGES = ["", "rules/README/", "rules/funnel/", "handlers/", "geometry/", "report/", "settings/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_fits_every_screen(path: str, site: str, tab: Any) -> None:
    tab.goto(site + path)
    tab.wait_for_load_state("networkidle")
    assert tab.complaints == []
    assert [url for url in tab.asked if not url.startswith(site)] == []
    assert {width: excess(tab, width) for width in WIDTHS} == dict.fromkeys(WIDTHS, 0)
    widths = "all => all.map((each) => each.naturalWidth)"
    pictures = tab.locator("article img").evaluate_all(widths)
    assert len(pictures) == (4 if path == "report/" else 0)
    assert all(pictures)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_barrier(path: str, site: str, tab: Any) -> None:
    tab.goto(site + path)
    found = {scheme: barriers(tab, scheme, *WCAG) for scheme in SCHEMES}
    assert found == {"light": [], "dark": []}


def test_pages_are_reached_on_a_phone(site: str, tab: Any) -> None:
    tab.set_viewport_size({"width": 375, "height": 812})
    tab.goto(site)
    tab.locator("label.nav-overlay-icon").click()
    tab.locator(".sidebar-tree").get_by_role("link", name="The handlers").click()
    assert tab.get_by_role("heading", level=1).inner_text().startswith("The handlers")


def test_a_rule_is_found_by_the_search(site: str, tab: Any) -> None:
    tab.goto(site)
    tab.get_by_placeholder("Search").fill("funnel")
    tab.keyboard.press("Enter")
    found = tab.locator("#search-results").get_by_role("link", name="funnel", exact=True)
    found.first.click()
    assert tab.url.startswith(f"{site}rules/funnel/")
