"""The bot's fixed sentences, filled in. What fills a name is text from code or people, never markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.messaging.spans import Span, Spans, Strong, Text, build_spans, spans_to_text

PlaceholderValue = str | int | Span | Spans
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Plural:
    """A sentence for one and one for every other number, picked by {n}."""

    one: Spans
    other: Spans


def find_placeholders(text: str) -> set[str]:
    """The {names} that a sentence wants filled."""
    return set(_PLACEHOLDER.findall(text))


@dataclass(frozen=True, slots=True)
class Strings:
    """Looks sentences up; `read` made sure that every key of `phrases` is there with names that exist."""

    by_key: Mapping[str, Spans | Plural]

    def __call__(self, key: str, **placeholders: PlaceholderValue) -> Spans:
        """The sentence with its names filled in, as `Text` or as the spans given."""
        form = self.by_key[key]
        if isinstance(form, Plural):
            form = form.one if placeholders.get("n") == 1 else form.other
        return tuple(part for span in form for part in _fill_placeholders(span, placeholders))

    def get_text(self, key: str, **placeholders: PlaceholderValue) -> str:
        """The sentence as one plain line, for labels, headings and summaries."""
        return spans_to_text(self(key, **placeholders))


def _fill_placeholders(span: Span, placeholders: Mapping[str, PlaceholderValue]) -> Spans:
    """A span with its names filled; a bold name stays bold, other fills keep the style they bring."""
    parts = _PLACEHOLDER.split(span.text)
    if len(parts) == 1:
        return (span,)
    style = type(span) if isinstance(span, (Text, Strong)) else Text
    run: list[Span] = []
    for index, part in enumerate(parts):
        fill: PlaceholderValue = placeholders[part] if index % 2 else part
        if isinstance(fill, (str, int)):
            if str(fill):
                run.append(style(str(fill)))
        else:
            run.extend(build_spans(fill))
    return tuple(run)
