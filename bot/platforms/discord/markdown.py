"""Spans as Discord's markdown, with everything in them that is not ours made inert by a backslash."""

from __future__ import annotations

import re
from typing import assert_never

from bot.messaging.spans import ChannelMention, Code, Emphasis, Link, Span, Spans, Strong, Text

_SPECIAL_CHARS = re.compile(r"[\\*_~`|<\[@]")
_URL_SCHEME = re.compile(r"\b([a-z][a-z0-9+.-]*):(?=//)", re.IGNORECASE)  # Discord links addresses by itself
_LINE_START = re.compile(r"^(\s*)([#>+-])", re.MULTILINE)
_NUMBERED_LINE = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)


def escape(text: str) -> str:
    """The text so that Discord shows these very characters: no style, no mention, no link."""
    inert = _SPECIAL_CHARS.sub(r"\\\g<0>", text)
    inert = _URL_SCHEME.sub(r"\1\\:", inert)
    inert = _LINE_START.sub(r"\1\\\2", inert)
    return _NUMBERED_LINE.sub(r"\1\\\2", inert)


def render_spans(spans: Spans) -> str:
    """A run of spans as one piece of markdown."""
    return "".join(map(_render_span, spans))


def _render_span(span: Span) -> str:
    match span:
        case Text(text):
            return escape(text)
        case Strong(text):
            return _wrap("**", text)
        case Emphasis(text):
            return _wrap("*", text)
        case Code(text):
            return _render_code(text)
        case Link():
            return _render_link(span)
        case ChannelMention(id_):
            return f"<#{id_}>"
        case _:
            assert_never(span)


def _wrap(marker: str, text: str) -> str:
    """The marks close around words: Discord shows `* x*` as it stands."""
    words = text.strip()
    if not words:
        return text
    before, _, after = text.partition(words)
    return f"{before}{marker}{escape(words)}{marker}{after}"


def _render_code(text: str) -> str:
    """Nothing can be escaped inside, so the fence is longer than any run of backticks there."""
    runs = re.findall(r"`+", text)
    if not runs:
        return f"`{text}`"
    fence = "`" * (max(map(len, runs)) + 1)
    return f"{fence} {text} {fence}"


def _render_link(link: Link) -> str:
    """Discord does not link words that look like an address, so such a link stands as its address alone."""
    url = link.url.translate({ord("<"): "%3C", ord(">"): "%3E", ord(" "): "%20"})
    if url.count("(") != url.count(")"):
        url = url.replace(")", "%29")
    if link.label == link.url:
        return f"<{url}>"
    return f"[{escape(link.label)}](<{url}>)"
