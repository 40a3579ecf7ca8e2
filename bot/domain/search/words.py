"""From a question to its stems: one normal form for typos, plurals, slang and synonyms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer
from rapidfuzz import fuzz, process

from bot.library.models import Vocabulary

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}
_LONGEST = 4_000  # characters of a question that are read; nobody asks more, and a flood must not cost
_TYPO = 84.0  # rapidfuzz ratio: one letter off in a word of six or more
_SHORTEST = 5  # letters; among shorter words every second one is a letter off another
_LETTERS = re.compile(r"[^\W\d_]+")


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


class Mender:
    """Mends typos: a word that nobody wrote, but for a letter or two, becomes the one that somebody did.

    Args:
        texts: everything whose words are known.
        vocabulary: its spellings, and words that are known besides.
    """

    def __init__(self, texts: Iterable[str], vocabulary: Vocabulary) -> None:
        self._spelled = {wrong.casefold(): right for wrong, right in vocabulary.spelled.items()}
        besides = (phrase for group in vocabulary.same for phrase in group)
        known = {word for text in (*texts, *besides, *vocabulary.ignored) for word in tokens(text)}
        self._stems = frozenset(map(stem, known))
        self._known = sorted(word for word in known if len(word) >= _SHORTEST)

    def mended(self, text: str) -> str:
        """The text with its typos mended, everything else as it was."""
        return _LETTERS.sub(lambda found: self._word(found[0]), text[:_LONGEST])

    def _word(self, word: str) -> str:
        plain = word.casefold()
        if (right := self._spelled.get(plain)) is not None:
            return right
        if len(plain) < _SHORTEST or stem(plain) in self._stems:
            return word
        near = process.extractOne(plain, self._known, scorer=fuzz.ratio, score_cutoff=_TYPO)
        return near[0] if near and near[0][0] == plain[0] else word
