"""Pages in a real Chromium, which `make test-browser` installs."""

from __future__ import annotations

import functools
import re
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from browser import programs

from numpyro_lint.analyst import Analyst
from numpyro_lint.cli.html.render import render
from numpyro_lint.config import Settings
from numpyro_lint.text import Source, notebook

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build/site"
_OUTSIDE = re.compile(r"https?://(?!127\.0\.0\.1)")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    # Not above: without a browser these tests are collected all the same, and left out.
    from chromium import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A tab that remembers what it asked for and complained of, and gets nothing from outside."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.route(_OUTSIDE, lambda route: route.abort())
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture(scope="session")
def reports(
    tmp_path_factory: pytest.TempPathFactory, analyze: Callable[..., tuple[int, str, str]]
) -> dict[str, str]:
    """The addresses of reports, by name."""
    folder = tmp_path_factory.mktemp("reports")
    files = ("examples/eight_schools.py", "examples/misspelt_key.py")
    options = ("--output-format", "html", "--verify", "--verbose")
    written = {"verified": analyze(*options, *files, traced=True)[1]}
    settings = Settings(python=sys.executable)
    for name, (file, text, is_traced) in programs.ALL.items():
        source = notebook(file, text) if file.endswith(".ipynb") else Source(file, text)
        with Analyst(settings, static=not is_traced) as analyst:
            written[name] = render([analyst.report(source)], "python", "verbose")
    for name, page in written.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in written}


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the documentation site, as `make site` has built it."""
    assert (SITE / "index.html").is_file(), "there is no site: make site"

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *said: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
