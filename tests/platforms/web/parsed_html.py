"""HTML as a browser reads it."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID_TAGS = {"hr", "input"}
_INLINE_TAGS = {"strong", "em", "code", "a", "bdi"}


class ParsedHtml(HTMLParser):
    """What a browser makes of it.

    Attributes:
        words: all that is read, the addresses of links included.
        pressed: the encoded actions of what can be pressed, in order.
        tags: every element, in order.
        open: the elements that were never closed.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.actions: list[str] = []
        self.tags: list[str] = []
        self.open_tags: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins; the page has no handlers in its HTML."""
        self.tags.append(tag)
        self.text += "" if tag in _INLINE_TAGS else " "
        if tag not in _VOID_TAGS:
            self.open_tags.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            if name == "href":
                self.text += f" {value} "
            if name == "data-action":
                self.actions.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        """An element ends where it should."""
        assert self.open_tags.pop() == tag

    def handle_data(self, data: str) -> None:
        """Words."""
        self.text += data
