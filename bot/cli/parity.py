"""Whether a platform's payload says all that the reply says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Reply

_WORD = re.compile(r"\w+")


def find_missing_words(reply: Reply, payload: object) -> list[str]:
    """The words of a reply that stand nowhere in a payload, in reading order."""
    said = {word for text in _iter_texts(payload) for word in _split_words(text.replace("\\", ""))}
    return [word for word in dict.fromkeys(_split_words(render_plain(reply))) if word not in said]


def _split_words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("_", " "))


def _iter_texts(payload: object) -> Iterator[str]:
    """Every text in a payload, however deep."""
    if isinstance(payload, str):
        yield payload
    elif isinstance(payload, Mapping):
        for part in payload.values():
            yield from _iter_texts(part)
    elif isinstance(payload, list | tuple):
        for part in payload:
            yield from _iter_texts(part)
