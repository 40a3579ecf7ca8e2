"""Sentences with their style as data. Nothing here is markup, so only renderers escape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import LimitExceededError

_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{1,30}|[0-9]{1,30}")


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text. Text from a person is always this."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold text."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Italic text."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Text to type exactly so."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an http or https address; `label` is its visible text."""

    label: str
    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise LimitExceededError(f"a link must start with http:// or https://, got {self.url!r}")
        if not self.label.strip():
            raise LimitExceededError(f"the link to {self.url} has no label")

    @property
    def text(self) -> str:
        """Return the visible text."""
        return self.label


@dataclass(frozen=True, slots=True)
class ChannelMention:
    """A channel of the platform that the reply goes to, shown by its name there. It notifies nobody.

    Attributes:
        id: the platform's own: digits on Discord, `C0123ABC` on Slack. Never a name or any other text.
    """

    id: str

    def __post_init__(self) -> None:
        if not is_channel_id(self.id):
            raise LimitExceededError(f"not a channel id: {self.id!r}")

    @property
    def text(self) -> str:
        """Return the visible text where no platform knows the name."""
        return f"#{self.id}"


def is_channel_id(text: str) -> bool:
    """Return whether a text has the format of a channel id."""
    return _CHANNEL_ID.fullmatch(text) is not None


Span = Text | Strong | Emphasis | Code | Link | ChannelMention
Spans = tuple[Span, ...]


def build_spans(*parts: str | Span | Spans) -> Spans:
    """Join strings (as `Text`), spans and tuples of spans."""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            spans.append(Text(part))
        elif isinstance(part, tuple):
            spans.extend(part)
        else:
            spans.append(part)
    return tuple(spans)


def spans_to_text(spans: Spans) -> str:
    """Return the text without style; a link adds its address unless the label is the address."""
    return "".join(
        f"{span.label} ({span.url})" if isinstance(span, Link) and span.label != span.url else span.text
        for span in spans
    )
