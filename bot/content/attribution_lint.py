"""Sentences with a figure must name whose figure it is, or say that it is our own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.content.models import Source

OUR_OWN = "our own"

_SENTENCE_BREAK = re.compile(r"""(?<=[.!?])["')]*\s+(?=["'(]*[A-Z])""")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty"
    "|sixty|seventy|eighty|ninety|hundred|thousand|half|third|quarter"
)
_FIGURE = re.compile(
    rf"\d|\b(?:{_NUMBER_WORDS})s?\b(?:\W+\w+){{0,2}}\W+(?:times|fold|years|months|per cent|percent)\b",
    re.IGNORECASE,
)
_NAME_SEPARATOR = re.compile(r",\s*(?:with|and)\s+|\s+(?:with|and)\s+|,\s*")


def find_unattributed_sentences(text: str, sources: Iterable[Source]) -> Iterator[str]:
    """Yield the sentences of a text that hold a figure and name none of the sources.

    A year is no figure, since a citation carries one. A source is named by its author's full name or last
    name, or by its site.
    """
    names = (OUR_OWN, *(name.casefold() for source in sources for name in list_source_names(source)))
    for sentence in _SENTENCE_BREAK.split(text):
        if _FIGURE.search(_YEAR.sub("", sentence)) and not any(name in sentence.casefold() for name in names):
            yield sentence


def list_source_names(source: Source) -> Iterator[str]:
    """Yield what a sentence may call a source: `Tommaso Dreossi`, `Dreossi`, `msultan.github.io`."""
    for name in _NAME_SEPARATOR.split(
        source.author.replace("the author of ", "").removesuffix(" and others")
    ):
        yield name
        if " " in name:
            yield name.rpartition(" ")[2]
