"""The questions in a question: what ends in a question mark and says enough to be asked alone."""

from __future__ import annotations

import re

_SENTENCE_BREAK = re.compile(r"(?<=[?!.])\s+|\n+")
_MIN_WORDS = 4  # words; "any advice?" asks nothing by itself
_MAX_QUESTIONS = 4  # each part costs a search


def split_questions(text: str) -> tuple[str, ...]:
    """The questions in a text, at most four, in order; empty when none ends in a question mark."""
    sentences = (sentence.strip() for sentence in _SENTENCE_BREAK.split(text[:4_000]))
    found = [one for one in sentences if one.endswith("?") and len(one.split()) >= _MIN_WORDS]
    return tuple(found[:_MAX_QUESTIONS])
