"""Pictures in the pages: told to those who do not see them, and small."""

from __future__ import annotations

import re

from pages import ROOT

IMAGES = ROOT / "docs/images"
SHOWN = [
    found
    for page in sorted(IMAGES.parent.glob("*.md"))
    for found in re.findall(r"!\[([^\]]*)\]\(images/([^)]+)\)", page.read_text(encoding="utf-8"))
]


def test_every_picture_is_shown_and_told_in_words() -> None:
    assert sorted(name for _, name in SHOWN) == sorted(each.name for each in IMAGES.iterdir())
    assert [name for words, name in SHOWN if len(words.split()) < 10] == []


def test_pictures_are_small() -> None:
    sizes = {each.name: each.stat().st_size for each in IMAGES.iterdir()}
    assert {name: size for name, size in sizes.items() if size > 150_000} == {}
    assert len(sizes) >= 4
