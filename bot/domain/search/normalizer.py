"""From a question to its stems: one normal form for typos, plurals, slang and synonyms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer
from rapidfuzz import fuzz, process

from bot.content.models import Vocabulary

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_INVISIBLE_CATEGORIES = {"Cf", "Cc", "Cs", "Co", "Cn"}
_MAX_QUESTION_LENGTH = (
    4_000  # characters of a question that are read; nobody asks more, and a flood must not cost
)
_MIN_TYPO_SIMILARITY = 84.0  # rapidfuzz ratio: one letter off in a word of six or more
_MIN_TYPO_LENGTH = 5  # letters; among shorter words every second one is a letter off another
_LETTER_RUN = re.compile(r"[^\W\d_]+")


def tokenize(text: str) -> list[str]:
    """Lower-case words without accents, invisible characters and punctuation."""
    text = text[:_MAX_QUESTION_LENGTH]
    if text.isascii():  # nearly every line of a library: reading it must not cost a step a letter
        return _TOKEN.findall(text.lower())
    visible = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE_CATEGORIES or c.isspace())
    plain = unicodedata.normalize("NFKD", visible.casefold())
    return _TOKEN.findall("".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'"))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word without its endings (Snowball, English)."""
    stemmed: str = _STEMMER.stemWord(word.removesuffix("'s"))
    return stemmed


_STEMMER = Stemmer.Stemmer("english")


class Normalizer:
    """Turns words into stems: spellings mended, synonyms to one name, stop words left out."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._corrections = {wrong.casefold(): right for wrong, right in vocabulary.spelled.items()}
        self._stopwords = frozenset(word for line in vocabulary.ignored for word in tokenize(line))
        self._synonyms: dict[tuple[str, ...], str] = {}
        for group in vocabulary.same:
            name = "=" + "_".join(tokenize(group[0]))
            for phrase in group:
                self._synonyms[tuple(map(stem, tokenize(phrase)))] = name
        self._max_phrase_length: dict[str, int] = {}  # by its first stem, how many words a phrase has at most
        for phrase_stems in self._synonyms:
            first = phrase_stems[0]
            self._max_phrase_length[first] = max(self._max_phrase_length.get(first, 0), len(phrase_stems))

    def extract_stems(self, text: str) -> list[tuple[str, str]]:
        """Pairs of stem and the words that it came from, in order."""
        words: list[str] = []
        for token in tokenize(text):
            right = self._corrections.get(token)
            words += tokenize(right) if right is not None else (token,)
        stemmed = [stem(word) for word in words]
        found: list[tuple[str, str]] = []
        at = 0
        while at < len(words):
            longest = self._max_phrase_length.get(stemmed[at], 0)
            for length in range(min(longest, len(words) - at), 0, -1):
                name = self._synonyms.get(tuple(stemmed[at : at + length]))
                if name is not None:
                    found.append((name, " ".join(words[at : at + length])))
                    at += length
                    break
            else:
                if words[at] not in self._stopwords and len(words[at]) > 1:
                    found.append((stemmed[at], words[at]))
                at += 1
        return found


class SpellCorrector:
    """Mends typos: a word that nobody wrote, but for a letter or two, becomes the one that somebody did.

    Args:
        texts: everything whose words are known.
        vocabulary: its spellings, and words that are known besides.
    """

    def __init__(self, texts: Iterable[str], vocabulary: Vocabulary) -> None:
        self._corrections = {wrong.casefold(): right for wrong, right in vocabulary.spelled.items()}
        besides = (phrase for group in vocabulary.same for phrase in group)
        known = {word for text in (*texts, *besides, *vocabulary.ignored) for word in tokenize(text)}
        self._known_stems = frozenset(map(stem, known))
        self._known_words = sorted(word for word in known if len(word) >= _MIN_TYPO_LENGTH)

    def correct(self, text: str) -> str:
        """The text with its typos mended, everything else as it was."""
        return _LETTER_RUN.sub(lambda found: self._correct_word(found[0]), text[:_MAX_QUESTION_LENGTH])

    def _correct_word(self, word: str) -> str:
        plain = word.casefold()
        if (right := self._corrections.get(plain)) is not None:
            return right
        if len(plain) < _MIN_TYPO_LENGTH or stem(plain) in self._known_stems:
            return word
        near = process.extractOne(
            plain, self._known_words, scorer=fuzz.ratio, score_cutoff=_MIN_TYPO_SIMILARITY
        )
        return near[0] if near and near[0][0] == plain[0] else word
