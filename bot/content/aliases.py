"""What people call the options of a comparison, prepared once a reading of the content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.content.models import Comparison

_WORD = re.compile(r"[^\s,;/|+&?!.()]+")


def split_words(text: str) -> list[str]:
    """The words by which options are recognised."""
    return [word.casefold() for word in _WORD.findall(text)]


@dataclass(frozen=True, slots=True)
class OptionAliases:
    """Everything the options of one comparison are called.

    Attributes:
        exact: an option's id by the words of a name.
        texts: the names of so many words, each with its option's id; for what is nearly a name.
        longest: how many words the longest name has.
        whole: what all of the comparison is called, each as `plain` writes it.
    """

    option_by_words: Mapping[tuple[str, ...], str]
    option_by_text: Mapping[int, Mapping[str, str]]
    max_words: int
    whole_comparison: frozenset[str]


def normalize_words(words: list[str]) -> str:
    """The words with hyphens as spaces: `big-tech` is `big tech`."""
    return " ".join(part for word in words for part in word.split("-") if part)


def build_option_aliases(comparison_id: str, comparison: Comparison) -> OptionAliases:
    """The names: id, name and aliases, also as one word; of the whole its id, title and short name."""
    exact: dict[tuple[str, ...], str] = {}
    for option_id, option in comparison.options.items():
        for name in (option_id, option_id.replace("-", " "), option.name, *option.aliases):
            for form in _iter_forms(name):
                exact.setdefault(form, option_id)
    texts: dict[int, dict[str, str]] = {}
    for words, option_id in exact.items():
        texts.setdefault(len(words), {}).setdefault(" ".join(words), option_id)
    whole = frozenset(
        normalize_words(split_words(name)) for name in (comparison_id, comparison.short, comparison.title)
    )
    return OptionAliases(exact, texts, max(texts, default=0), whole)


def _iter_forms(name: str) -> Iterator[tuple[str, ...]]:
    words = tuple(split_words(name))
    yield words
    joined = "".join(words)
    if joined != words[0]:
        yield (joined,)  # "bigtech"
