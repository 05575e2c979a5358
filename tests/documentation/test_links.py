"""Pages lead to pages, and the table of contents to all of them."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest
from pages import ROOT, Page, pages

from numpyro_lint.rules import page_of

DOCS = ROOT / "docs"
RULES = [Page(path) for path in sorted((DOCS / "rules").glob("*.md"))]


@pytest.fixture(scope="module")
def conf() -> ModuleType:
    specification = importlib.util.spec_from_file_location("conf", DOCS / "conf.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", [*pages(), *RULES], ids=str)
def test_links_lead_somewhere(page: Page) -> None:
    for link in page.links:
        if re.match(r"https://|mailto:", link):
            continue
        assert "://" not in link, link
        path, _, anchor = unquote(link).partition("#")
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.exists(), link
        if anchor:
            assert anchor in Page(target).anchors, link


def test_the_contents_name_every_page_once(conf: ModuleType) -> None:
    listed = [each for part in conf.contents(_index()).values() for each in part]
    written = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.glob("*.md")}
    assert sorted(listed) == sorted((written - {"index"}) | {"rules/README"})


def test_the_contents_name_every_rule(conf: ModuleType) -> None:
    named = conf.navigation("rules/README", "").split()
    names = {page.path.stem for page in RULES} - {"README"}
    assert names <= set(named)
    assert len(names) > 90


def test_findings_lead_to_pages_of_the_site() -> None:
    for page in RULES:
        if page.path.stem != "README":
            assert str(page_of(page.path.stem)).endswith(f"/rules/{page.path.stem}")


def test_every_entry_of_the_contents_is_one(conf: ModuleType) -> None:
    entries = [line for line in _index().splitlines() if line.startswith("- ")]
    assert len(entries) == sum(len(part) for part in conf.contents(_index()).values())


def test_a_site_has_no_links_out_of_its_folder(conf: ModuleType) -> None:
    seen = 0
    for page in pages():
        if page.path.parent == DOCS:
            outside = [link for link in page.links if link.startswith("../")]
            seen += len(outside)
            for link in re.findall(r"\]\((\.\./[^)]+)\)", conf._OUTSIDE.sub(r"\1", page.text)):
                assert (DOCS / link).is_file(), link
                assert not link.endswith(".md"), link
    assert seen > 3


def _index() -> str:
    return (DOCS / "index.md").read_text(encoding="utf-8")


def test_pages_name_no_folder_of_a_machine() -> None:
    assert [str(page) for page in pages() if str(Path.home()) in page.text] == []
