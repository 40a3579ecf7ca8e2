"""Sentences as Slack's rich text: style travels as data, so nothing that a person typed can become markup."""

from __future__ import annotations

import re
from typing import Any, assert_never

from bot.dialogue.spans import Channel, Code, Emphasis, Link, Span, Spans, Strong, Text, words

Json = dict[str, Any]

_LIVE_IN_MRKDWN = re.compile(r"[*_~`\n]|:[a-z0-9_+'-]+:", re.IGNORECASE)


def section(run: Spans) -> Json:
    """One run of sentences."""
    return {"type": "rich_text_section", "elements": elements(run)}


def quote(run: Spans) -> Json:
    """Sentences set apart with a bar."""
    return {"type": "rich_text_quote", "elements": elements(run)}


def bullets(items: tuple[Spans, ...]) -> Json:
    """A list."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [section(item) for item in items]}


def block(*parts: Json) -> Json:
    """Sections, quotes and lists as one block."""
    return {"type": "rich_text", "elements": list(parts)}


def elements(run: Spans) -> list[Json]:
    """One element a span; Slack refuses empty ones."""
    return [_element(span) for span in run if span.text]


def _element(span: Span) -> Json:
    match span:
        case Text(text):
            return {"type": "text", "text": text}
        case Strong(text):
            return {"type": "text", "text": text, "style": {"bold": True}}
        case Emphasis(text):
            return {"type": "text", "text": text, "style": {"italic": True}}
        case Code(text):
            return {"type": "text", "text": text, "style": {"code": True}}
        case Link(label, url):
            return {"type": "link", "url": url, "text": label}
        case Channel(id_):
            return {"type": "channel", "channel_id": id_}
        case _:
            assert_never(span)


def small(run: Spans) -> Json:
    """Small print, which Slack has only for mrkdwn; where that could come alive, ordinary rich text."""
    if all(isinstance(span, (Text, Link)) and not _LIVE_IN_MRKDWN.search(span.text) for span in run):
        text = "".join(_mrkdwn(span) for span in run)
        return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}
    return block(section(run))


def _mrkdwn(span: Span) -> str:
    if isinstance(span, Link):
        return f"<{escaped(span.url.replace('|', '%7C'))}|{escaped(span.label)}>"
    return escaped(span.text)


def aloud(run: Spans) -> str:
    """Sentences for `text`, as Slack's screen readers say them: a channel by its name, which Slack knows."""
    return "".join(f"<#{span.id}>" if isinstance(span, Channel) else escaped(words((span,))) for span in run)


def escaped(text: str) -> str:
    """The three characters by which text in mrkdwn pings or links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def label(text: str) -> Json:
    """Words on something: no markup, no emoji from `:names:`."""
    return {"type": "plain_text", "text": text, "emoji": False}
