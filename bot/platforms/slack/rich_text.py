"""Sentences as Slack's rich text: style travels as data, so nothing that a person typed can become markup."""

from __future__ import annotations

import re
from typing import Any, assert_never

from bot.messaging.spans import ChannelMention, Code, Emphasis, Link, Span, Spans, Strong, Text, spans_to_text

JsonObject = dict[str, Any]

_MRKDWN_SYNTAX = re.compile(r"[*_~`\n]|:[a-z0-9_+'-]+:", re.IGNORECASE)


def build_section(spans: Spans) -> JsonObject:
    """One run of sentences."""
    return {"type": "rich_text_section", "elements": build_elements(spans)}


def build_quote(spans: Spans) -> JsonObject:
    """Sentences set apart with a bar."""
    return {"type": "rich_text_quote", "elements": build_elements(spans)}


def build_list(items: tuple[Spans, ...]) -> JsonObject:
    """A list."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [build_section(item) for item in items]}


def build_block(*parts: JsonObject) -> JsonObject:
    """Sections, quotes and lists as one block."""
    return {"type": "rich_text", "elements": list(parts)}


def build_elements(spans: Spans) -> list[JsonObject]:
    """One element a span; Slack refuses empty ones."""
    return [_build_element(span) for span in spans if span.text]


def _build_element(span: Span) -> JsonObject:
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
        case ChannelMention(id_):
            return {"type": "channel", "channel_id": id_}
        case _:
            assert_never(span)


def build_note(spans: Spans) -> JsonObject:
    """Small print, which Slack has only for mrkdwn; where that could come alive, ordinary rich text."""
    if all(isinstance(span, (Text, Link)) and not _MRKDWN_SYNTAX.search(span.text) for span in spans):
        text = "".join(_render_mrkdwn(span) for span in spans)
        return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}
    return build_block(build_section(spans))


def _render_mrkdwn(span: Span) -> str:
    if isinstance(span, Link):
        return f"<{escape(span.url.replace('|', '%7C'))}|{escape(span.label)}>"
    return escape(span.text)


def render_fallback_text(spans: Spans) -> str:
    """Sentences for `text`, as Slack's screen readers say them: a channel by its name, which Slack knows."""
    return "".join(
        f"<#{span.id}>" if isinstance(span, ChannelMention) else escape(spans_to_text((span,)))
        for span in spans
    )


def escape(text: str) -> str:
    """The three characters by which text in mrkdwn pings or links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def build_plain_text(text: str) -> JsonObject:
    """Words on something: no markup, no emoji from `:names:`."""
    return {"type": "plain_text", "text": text, "emoji": False}
