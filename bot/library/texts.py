"""The bot's fixed sentences, filled in. What fills a name is text from code or people, never markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.messaging.spans import Span, Spans, Strong, Text, build_spans, spans_to_text

Fill = str | int | Span | Spans
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Plural:
    """A sentence for one and one for every other number, picked by {n}."""

    one: Spans
    other: Spans


def names_in(text: str) -> set[str]:
    """The {names} that a sentence wants filled."""
    return set(_NAME.findall(text))


@dataclass(frozen=True, slots=True)
class Texts:
    """Looks sentences up; `read` made sure that every key of `phrases` is there with names that exist."""

    sentences: Mapping[str, Spans | Plural]

    def __call__(self, key: str, **names: Fill) -> Spans:
        """The sentence with its names filled in, as `Text` or as the spans given."""
        form = self.sentences[key]
        if isinstance(form, Plural):
            form = form.one if names.get("n") == 1 else form.other
        return tuple(part for span in form for part in _filled(span, names))

    def words(self, key: str, **names: Fill) -> str:
        """The sentence as one plain line, for labels, headings and summaries."""
        return spans_to_text(self(key, **names))


def _filled(span: Span, names: Mapping[str, Fill]) -> Spans:
    """A span with its names filled; a bold name stays bold, other fills keep the style they bring."""
    parts = _NAME.split(span.text)
    if len(parts) == 1:
        return (span,)
    style = type(span) if isinstance(span, (Text, Strong)) else Text
    run: list[Span] = []
    for index, part in enumerate(parts):
        fill: Fill = names[part] if index % 2 else part
        if isinstance(fill, (str, int)):
            if str(fill):
                run.append(style(str(fill)))
        else:
            run.extend(build_spans(fill))
    return tuple(run)
