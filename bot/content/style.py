"""How the cards read: a reading aid for authors, not a rule."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.content.attribution_lint import list_source_names
from bot.content.content import Content
from bot.content.first_screen import compute_median_words
from bot.content.models import Card
from bot.messaging.spans import spans_to_text

_WORD = re.compile(r"[A-Za-z]+(?:['\u2019][A-Za-z]+)*")
_SENTENCE_BREAK = re.compile(r"(?<=[.!?])[\"')\u201d]*\s+(?=[\"'(\u201c]*[A-Z0-9])")
_VOWELS = re.compile(r"[aeiouy]+")
_CONTRACTION = re.compile(r"(?:n['\u2019]t|['\u2019](?:re|ll|ve|d|m|s))\b", re.IGNORECASE)
_POSSESSIVE = re.compile(
    r"(?<!\bit)(?<!\bthat)(?<!\bwhat)(?<!\bthere)(?<!\bwho)(?<!\bhe)['\u2019]s\b", re.IGNORECASE
)
_YOU = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
_REPORTING = re.compile(
    r"\b(?:says?|said|writes?|wrote|reckons?|argues?|thinks?|thought|believes?|believed|notes?|noted|agrees?|agreed"
    r"|adds?|added|reports?|reported|finds?|found|warns?|warned|calls?|called|according to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StyleMeasures:
    """Measures over all answers.

    Attributes:
        reading_ease: Flesch's, 0 to 100; plain English is 60 and more.
        reporting_share: sentences that say who said something, of 1.
        contractions, you: per 100 words.
        first_screen_words: the median card.
    """

    cards: int
    words: int
    reading_ease: float
    reporting_share: float
    contractions: float
    you: float
    first_screen_words: float


def measure_cards(content: Content) -> StyleMeasures:
    """Measure the answers of all cards."""
    texts = [_read_answer(card) for card in content.cards.values()]
    sentences = [sentence for text in texts for sentence in split_sentences(text)]
    words = [word for text in texts for word in _WORD.findall(text)]
    names = {name.casefold() for source in content.sources.values() for name in list_source_names(source)}
    reporting = sum(is_reporting(sentence, names) for sentence in sentences)
    hundreds = max(len(words), 1) / 100
    return StyleMeasures(
        cards=len(texts),
        words=len(words),
        reading_ease=compute_reading_ease(words, len(sentences)),
        reporting_share=reporting / max(len(sentences), 1),
        contractions=sum(len(_CONTRACTION.findall(_POSSESSIVE.sub("", text))) for text in texts) / hundreds,
        you=sum(len(_YOU.findall(text)) for text in texts) / hundreds,
        first_screen_words=compute_median_words(content),
    )


def format_style(measures: StyleMeasures) -> str:
    """Return the measures, one a line, with what to aim for."""
    return "\n".join(
        (
            f"{measures.cards} cards, {measures.words} words in their answers",
            f"Flesch reading ease: {measures.reading_ease:.0f} (60 and more is plain English)",
            f"reporting sentences: {measures.reporting_share:.1%} (aim: under 15%)",
            f"contractions per 100 words: {measures.contractions:.1f}",
            f'"you" per 100 words: {measures.you:.1f} (aim: over 5)',
            f"words on a card's first screen, median: {measures.first_screen_words:.0f} (60 to 120)",
        )
    )


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [sentence for sentence in _SENTENCE_BREAK.split(text) if _WORD.search(sentence)]


def is_reporting(sentence: str, names: set[str]) -> bool:
    """Whether a sentence tells what somebody said: a verb of saying, and a source or an author."""
    folded = sentence.casefold()
    return bool(_REPORTING.search(sentence)) and (
        "author" in folded or any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) for name in names)
    )


def compute_reading_ease(words: list[str], sentence_count: int) -> float:
    """Return Flesch's reading ease: 206.835 - 1.015 words a sentence - 84.6 syllables a word."""
    if not words or not sentence_count:
        return 0.0
    syllables = sum(count_syllables(word) for word in words)
    return 206.835 - 1.015 * len(words) / sentence_count - 84.6 * syllables / len(words)


def count_syllables(word: str) -> int:
    """Estimate a word's syllables: its groups of vowels, without a silent e at its end."""
    folded = word.casefold()
    count = len(_VOWELS.findall(folded))
    if folded.endswith("e") and not folded.endswith(("le", "ee")) and count > 1:
        count -= 1
    return max(count, 1)


def _read_answer(card: Card) -> str:
    return " ".join(spans_to_text(paragraph.spans) for paragraph in card.answer)
