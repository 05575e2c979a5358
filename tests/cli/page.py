"""A page of HTML as a parser reads it: what is not well formed raises."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = frozenset({"meta"})
# Elements that a parser of HTML ends by itself where another of their kind begins.
_FLOW = frozenset({"article", "section", "p", "pre", "ul", "dl", "figure", "details", "div", "h3"})


class Page(HTMLParser):
    """The elements of a page, each with its attributes, and the text that is read in it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        assert text.startswith("<!DOCTYPE html>\n")
        self.feed(text)
        self.close()
        assert self._open == []
        ids = [at["id"] for _, at in self.elements if "id" in at]
        assert len(ids) == len(set(ids))
        for _, at in self.elements:
            assert "src" not in at
            assert not [key for key in at if key.startswith("on")]
            href = at.get("href", "#")
            if href.startswith("#"):
                assert href == "#" or href[1:] in ids
            else:
                assert href.startswith("https://")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, attrs)
        assert not (tag in _FLOW and "p" in self._open), f"<{tag}> would end a paragraph"
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "svg" in self._open, f"<{tag}/> is not closed in HTML"
        self._begin(tag, attrs)

    def _begin(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs))
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def count(self, tag: str, kind: str = "") -> int:
        """How many elements of a name there are, of a class where one is given."""
        return len(self.all(tag, kind))

    def all(self, tag: str, kind: str = "") -> list[dict[str, str]]:
        found = [at for name, at in self.elements if name == tag]
        return [at for at in found if not kind or kind in at.get("class", "").split()]
