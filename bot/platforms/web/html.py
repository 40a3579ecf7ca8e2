"""HTML that is safe by construction: what is not yet HTML is escaped on its way into an element."""

from __future__ import annotations

import re
from html import escape

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_VOID_TAGS = frozenset({"hr", "input"})

Attribute = str | int | bool | None


class Html(str):
    """Text that is HTML already; every other string counts as words."""

    __slots__ = ()


def escape_text(text: str) -> Html:
    """Words as HTML; what no browser can show (NUL, lone surrogates) stands as a replacement character."""
    return Html(escape(_UNPRINTABLE.sub("\ufffd", text)))


def join_html(*parts: str) -> Html:
    """The parts one after another; plain strings among them are escaped."""
    return Html("".join(part if isinstance(part, Html) else escape_text(part) for part in parts))


def render_element(tag: str, /, *children: str, **attributes: Attribute) -> Html:
    """`element("p", "a < b", class_="note")` is `<p class="note">a &lt; b</p>`.

    Args:
        children: words, or `Html` from another call.
        attributes: `data_action` becomes `data-action`, `class_` `class`; True stands bare, None and False
            are left out.
    """
    told = "".join(_render_attribute(key, value) for key, value in attributes.items())
    if tag in _VOID_TAGS:
        return Html(f"<{tag}{told}>")
    return Html(f"<{tag}{told}>{join_html(*children)}</{tag}>")


def _render_attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape_text(str(value))}"'
