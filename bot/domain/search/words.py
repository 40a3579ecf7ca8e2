"""From a question to its stems: one normal form for typos, plurals, slang and synonyms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cached_property, lru_cache

import Stemmer
from rapidfuzz import fuzz, process

from bot.library.models import Vocabulary

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}
_LONGEST = 4_000  # characters of a question that are read; nobody asks more, and a flood must not cost
_TYPO = 84.0  # rapidfuzz ratio: one letter off in a word of six or more


def tokens(text: str) -> list[str]:
    """Lower-case words without accents, invisible characters and punctuation."""
    text = text[:_LONGEST]
    if text.isascii():  # nearly every line of a library: reading it must not cost a step a letter
        return _WORD.findall(text.lower())
    visible = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE or c.isspace())
    plain = unicodedata.normalize("NFKD", visible.casefold())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'"))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word without its endings (Snowball, English)."""
    stemmed: str = _STEMMER.stemWord(word.removesuffix("'s"))
    return stemmed


_STEMMER = Stemmer.Stemmer("english")


class Speller:
    """Turns words into stems: spellings mended, synonyms to one name, stop words left out."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._spelled = {wrong.casefold(): right for wrong, right in vocabulary.spelled.items()}
        self._ignored = frozenset(word for line in vocabulary.ignored for word in tokens(line))
        self._phrases: dict[tuple[str, ...], str] = {}
        for group in vocabulary.same:
            name = "=" + "_".join(tokens(group[0]))
            for phrase in group:
                self._phrases[tuple(map(stem, tokens(phrase)))] = name
        self._longest: dict[str, int] = {}  # by its first stem, how many words a phrase has at most
        for phrase_stems in self._phrases:
            first = phrase_stems[0]
            self._longest[first] = max(self._longest.get(first, 0), len(phrase_stems))

    def stems(self, text: str) -> list[tuple[str, str]]:
        """Pairs of stem and the words that it came from, in order."""
        words: list[str] = []
        for token in tokens(text):
            right = self._spelled.get(token)
            words += tokens(right) if right is not None else (token,)
        stemmed = [stem(word) for word in words]
        found: list[tuple[str, str]] = []
        at = 0
        while at < len(words):
            longest = self._longest.get(stemmed[at], 0)
            for length in range(min(longest, len(words) - at), 0, -1):
                name = self._phrases.get(tuple(stemmed[at : at + length]))
                if name is not None:
                    found.append((name, " ".join(words[at : at + length])))
                    at += length
                    break
            else:
                if words[at] not in self._ignored and len(words[at]) > 1:
                    found.append((stemmed[at], words[at]))
                at += 1
        return found


class KnownStems:
    """The stems of a library, to mend a question's typos against."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._stems = frozenset(stems)

    @cached_property
    def _list(self) -> Collection[str]:
        return sorted(name for name in self._stems if len(name) > 3)

    def nearest(self, name: str) -> str | None:
        """The stem itself when it is known, else the one that it is a typo of, else None."""
        if name in self._stems:
            return name
        if len(name) < 5:
            return None
        best = process.extractOne(name, self._list, scorer=fuzz.ratio, score_cutoff=_TYPO)
        return best[0] if best else None
