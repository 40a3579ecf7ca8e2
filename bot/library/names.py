"""What people call the options of a comparison, prepared once a reading of the content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.library.models import Comparison

_WORD = re.compile(r"[^\s,;/|+&?!.()]+")


def words_of(text: str) -> list[str]:
    """The words by which options are recognised."""
    return [word.casefold() for word in _WORD.findall(text)]


@dataclass(frozen=True, slots=True)
class Names:
    """Everything the options of one comparison are called.

    Attributes:
        exact: an option's id by the words of a name.
        texts: the names of so many words, each with its option's id; for what is nearly a name.
        longest: how many words the longest name has.
        whole: what all of the comparison is called, each as `plain` writes it.
    """

    exact: Mapping[tuple[str, ...], str]
    texts: Mapping[int, Mapping[str, str]]
    longest: int
    whole: frozenset[str]


def plain(words: list[str]) -> str:
    """The words with hyphens as spaces: `big-tech` is `big tech`."""
    return " ".join(part for word in words for part in word.split("-") if part)


def names_of(comparison_id: str, comparison: Comparison) -> Names:
    """The names: id, name and aliases, also as one word; of the whole its id, title and short name."""
    exact: dict[tuple[str, ...], str] = {}
    for option_id, option in comparison.options.items():
        for name in (option_id, option_id.replace("-", " "), option.name, *option.aliases):
            for form in _forms(name):
                exact.setdefault(form, option_id)
    texts: dict[int, dict[str, str]] = {}
    for words, option_id in exact.items():
        texts.setdefault(len(words), {}).setdefault(" ".join(words), option_id)
    whole = frozenset(plain(words_of(name)) for name in (comparison_id, comparison.short, comparison.title))
    return Names(exact, texts, max(texts, default=0), whole)


def _forms(name: str) -> Iterator[tuple[str, ...]]:
    words = tuple(words_of(name))
    yield words
    joined = "".join(words)
    if joined != words[0]:
        yield (joined,)  # "bigtech"
