"""Takes the pictures of a report that docs/report.md shows: `make screenshots`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from chromium import chromium
from playwright.sync_api import Browser, Page, ViewportSize

ROOT = Path(__file__).parents[1]
EXAMPLE = "examples/eight_schools.py"
DESKTOP, PHONE = ViewportSize(width=1100, height=860), ViewportSize(width=375, height=812)


def report() -> str:
    """The report of an example, which names no folder of this machine."""
    options = ("--python", sys.executable, "--output-format", "html", "--verify", EXAMPLE)
    command = (sys.executable, "-m", "numpyro_lint", *options)
    page = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert sys.executable in page
    return page.replace(sys.executable, "python")


def take(browser: Browser, page: str, folder: Path) -> None:
    """The top of a page in light and in dark, the graph, and the runs of NUTS."""
    light = opened(browser, page, DESKTOP, "light")
    light.screenshot(path=folder / "report.png")
    light.locator(".nl-graph").screenshot(path=folder / "report-graph.png")
    light.locator(".runs").screenshot(path=folder / "report-runs.png")
    opened(browser, page, PHONE, "dark").screenshot(path=folder / "report-phone.png")


def opened(browser: Browser, page: str, viewport: ViewportSize, scheme: str) -> Page:
    tab = browser.new_page(viewport=viewport, color_scheme=scheme)
    tab.set_content(page)
    return tab


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with chromium() as browser:
        take(browser, report(), folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
