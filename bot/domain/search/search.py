"""The lexical search: words, stems, synonyms and typos against the cards and their ways of asking."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt

from bot.dialogue.spans import words as plain_words
from bot.domain.search.finding import Finding, Hit, Share, Verdict
from bot.domain.search.words import KnownStems, Speller
from bot.library.library import Library
from bot.library.models import Card

HITS = 10
SURE = 0.34
UNSURE = 0.22
_NEAREST = 3  # ways of asking that count for a card
_ASKING = 0.7  # their part of a score; the rest is the card's own words
_TITLE = 3.0  # how much a word in the title counts against one in the answer


@dataclass(frozen=True, slots=True)
class _Line:
    card: str
    text: str
    length: float


class Search:
    """An index over one library; built once, then only read."""

    def __init__(self, library: Library) -> None:
        self._speller = Speller(library.vocabulary)
        stemmed = [
            (card_id, line, Counter(name for name, _ in self._speller.stems(line)))
            for card_id, card in library.cards.items()
            for line in (card.title, *library.asks.get(card_id, ()))
        ]
        cards = {card_id: self._card_stems(card) for card_id, card in library.cards.items()}
        self._rarity = _rarity([set(counts) for _, _, counts in stemmed] + [set(c) for c in cards.values()])
        self._known = KnownStems(self._rarity)
        self._lines: list[_Line] = []
        self._in_lines: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (card_id, text, counts) in enumerate(stemmed):
            weights = {name: self._rarity[name] * sqrt(times) for name, times in counts.items()}
            self._lines.append(_Line(card_id, text, _length(weights)))
            for name, weight in weights.items():
                self._in_lines[name].append((number, weight))
        self._in_cards: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for card_id, own in cards.items():
            for name, times in own.items():
                self._in_cards[name].append((card_id, times / (times + 1.0)))

    def find(self, question: str) -> Finding:
        """The cards that answer a question, best first.

        Args:
            question: any text; the first 4,000 characters count.
        """
        asked = self._asked(question)
        weights = {name: self._rarity[name] for name in asked}
        length = _length(weights)
        if not length:
            return Finding((), 0.0, Verdict.MISS, (), SURE, UNSURE)
        near = self._nearest_lines(weights, length)
        own = self._own_words(weights)
        scored = sorted(
            (
                (
                    _ASKING * sum(s for s, _ in near.get(card, ())) / _NEAREST
                    + (1 - _ASKING) * sum(s for s, _ in own.get(card, ())),
                    card,
                )
                for card in {*near, *own}
            ),
            key=lambda pair: (-pair[0], pair[1]),
        )
        hits = tuple(
            Hit(card, score, self._shares(near.get(card, []), own.get(card, []), asked))
            for score, card in scored[:HITS]
        )
        confidence = hits[0].score if hits else 0.0
        verdict = (
            Verdict.SURE if confidence >= SURE else Verdict.MAYBE if confidence >= UNSURE else Verdict.MISS
        )
        return Finding(hits, confidence, verdict, tuple(asked.values()), SURE, UNSURE)

    def _asked(self, question: str) -> dict[str, str]:
        """The question's known stems with the words that they came from."""
        asked: dict[str, str] = {}
        for name, word in self._speller.stems(question):
            known = self._known.nearest(name)
            if known is not None:
                asked.setdefault(known, word)
        return asked

    def _nearest_lines(
        self, weights: Mapping[str, float], length: float
    ) -> dict[str, list[tuple[float, int]]]:
        """Per card its nearest ways of asking: cosine, and the line's number."""
        dots: dict[int, float] = defaultdict(float)
        for name, weight in weights.items():
            for number, line_weight in self._in_lines.get(name, ()):
                dots[number] += weight * line_weight
        near: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for number, dot in dots.items():
            line = self._lines[number]
            near[line.card].append((dot / (length * line.length), number))
        return {card: sorted(lines, key=lambda p: (-p[0], p[1]))[:_NEAREST] for card, lines in near.items()}

    def _own_words(self, weights: Mapping[str, float]) -> dict[str, list[tuple[float, str]]]:
        """Per card the question's words that stand in it: share of the question's weight, and the stem."""
        own: dict[str, list[tuple[float, str]]] = defaultdict(list)
        total = sum(weights.values())
        for name, weight in weights.items():
            for card, strength in self._in_cards.get(name, ()):
                own[card].append((strength * weight / total, name))
        return own

    def _shares(
        self, near: list[tuple[float, int]], own: list[tuple[float, str]], asked: Mapping[str, str]
    ) -> tuple[Share, ...]:
        shares = [Share("asking", self._lines[number].text, _ASKING * s / _NEAREST) for s, number in near]
        shares += [Share("word", asked[name], (1 - _ASKING) * s) for s, name in own]
        return tuple(sorted(shares, key=lambda share: (-share.points, share.text)))

    def _card_stems(self, card: Card) -> dict[str, float]:
        counts: dict[str, float] = defaultdict(float)
        answer = " ".join(plain_words(paragraph.spans) for paragraph in card.answer)
        fields = (
            (card.title, _TITLE),
            (card.short, _TITLE),
            (answer, 1.0),
            (plain_words(card.good_for), 1.0),
        )
        for text, weight in fields:
            for name, _ in self._speller.stems(text):
                counts[name] += weight
        return counts


def _rarity(sets: list[set[str]]) -> dict[str, float]:
    """How telling a stem is: the fewer texts hold it, the more."""
    seen = Counter(name for stems in sets for name in stems)
    return {name: log(1 + len(sets) / times) for name, times in seen.items()}


def _length(weights: Mapping[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))
