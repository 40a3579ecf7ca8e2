"""Sentences with style as data. Nothing here is markup, so nothing needs escaping until a renderer speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import LimitExceededError

_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{1,30}|[0-9]{1,30}")


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words. Everything that came from a person is this."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that carry the sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words said differently."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Words to type as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A way out, to http or https only; `label` is what people read."""

    label: str
    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise LimitExceededError(f"a link starts with http:// or https://, not {self.url!r}")
        if not self.label.strip():
            raise LimitExceededError(f"the link to {self.url} has no words")

    @property
    def text(self) -> str:
        """What people read."""
        return self.label


@dataclass(frozen=True, slots=True)
class ChannelMention:
    """A channel of the platform that the reply goes to; people read its name there. It pings nobody.

    Attributes:
        id: the platform's own: digits on Discord, `C0123ABC` on Slack. Never a name, and never other text.
    """

    id: str

    def __post_init__(self) -> None:
        if not is_channel_id(self.id):
            raise LimitExceededError(f"this is no channel's id: {self.id!r}")

    @property
    def text(self) -> str:
        """What people read where no platform knows the name."""
        return f"#{self.id}"


def is_channel_id(text: str) -> bool:
    """Whether a text has the shape of a channel's id."""
    return _CHANNEL_ID.fullmatch(text) is not None


Span = Text | Strong | Emphasis | Code | Link | ChannelMention
Spans = tuple[Span, ...]


def build_spans(*parts: str | Span | Spans) -> Spans:
    """One run of spans from strings (as `Text`), spans and runs of spans."""
    run: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            run.append(Text(part))
        elif isinstance(part, tuple):
            run.extend(part)
        else:
            run.append(part)
    return tuple(run)


def spans_to_text(spans: Spans) -> str:
    """The run as people read it, without style; a link says its address only when its label hides it."""
    return "".join(
        f"{span.label} ({span.url})" if isinstance(span, Link) and span.label != span.url else span.text
        for span in spans
    )
