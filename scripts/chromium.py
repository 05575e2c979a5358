"""A real Chromium, driven by Playwright: for the tests of pages, and for pictures of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# Without a sandbox: root has none. And nothing of its own that asks the network.
_OPTIONS = ("--no-sandbox", "--disable-quic", "--disable-sync", "--no-first-run")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium on the path, or at CHROMIUM, with a profile of its own.

    Raises FileNotFoundError where there is none.
    """
    name = os.environ.get("CHROMIUM", "chromium")
    program = shutil.which(name)
    if program is None:
        raise FileNotFoundError(f"{name} is not on the path: install it, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_OPTIONS)
        yield browser
        browser.close()
