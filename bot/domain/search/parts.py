"""The questions in a question: what ends in a question mark and says enough to be asked alone."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"(?<=[?!.])\s+|\n+")
_FEWEST = 4  # words; "any advice?" asks nothing by itself
_MOST = 4  # each part costs a search


def parts(text: str) -> tuple[str, ...]:
    """The questions in a text, at most four, in order; empty when none ends in a question mark."""
    sentences = (sentence.strip() for sentence in _SENTENCE.split(text[:4_000]))
    found = [one for one in sentences if one.endswith("?") and len(one.split()) >= _FEWEST]
    return tuple(found[:_MOST])
