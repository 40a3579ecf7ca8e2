"""How near each target lies to a question in words: stems, synonyms and typos, without any model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from bot.domain.search.targets import Numbers, Target
from bot.domain.search.words import Speller

NEAREST = 3  # ways of asking that count for a target
_NAME = 3.0  # how much a word in a title counts against one in the answer
_SATURATION = 1.2  # BM25's k1 and b, at their usual values
_LENGTH = 0.75


@dataclass(frozen=True, slots=True)
class _Line:
    target: int
    text: str
    length: float


@dataclass(frozen=True, slots=True)
class Match:
    """A question's words against every target, in the order of the targets.

    Attributes:
        said: the question's known stems with the words that they came from.
        known: the share of the question's words that the content knows, the rare ones counting more; 1 when
            it has only words that say nothing about a topic ("who are you?").
        asking: the mean cosine of the nearest ways of asking.
        words: BM25 over all that a target says.
        lines: per target its nearest ways of asking with their cosine, nearest first.
        by_word: per target what each stem adds to `words`.
    """

    said: Mapping[str, str]
    known: float
    asking: Numbers
    words: Numbers
    lines: Mapping[int, Sequence[tuple[str, float]]]
    by_word: Mapping[int, Mapping[str, float]]


class Lexical:
    """An index over targets; built once, then only read."""

    def __init__(self, targets: Sequence[Target], speller: Speller) -> None:
        self._speller = speller
        self._size = len(targets)
        stemmed = [
            (number, line, Counter(name for name, _ in speller.stems(line)))
            for number, target in enumerate(targets)
            for line in (*target.names, *target.asks)
        ]
        bags = [self._bag(target) for target in targets]
        self._rarity = _rarity([set(counts) for _, _, counts in stemmed] + [set(bag) for bag in bags])
        self._strange = max(self._rarity.values(), default=1.0)
        self._lines: list[_Line] = []
        self._in_lines: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, text, counts in stemmed:
            weights = {name: self._rarity[name] * sqrt(times) for name, times in counts.items()}
            for name, weight in weights.items():
                self._in_lines[name].append((len(self._lines), weight))
            self._lines.append(_Line(number, text, _length(weights)))
        self._gains = _bm25(bags)

    def match(self, question: str) -> Match:
        """A question's words, typos mended, against every target."""
        said: dict[str, str] = {}
        strange = 0
        for name, word in self._speller.stems(question):
            if name in self._rarity:
                said.setdefault(name, word)
            else:
                strange += 1
        by_word: dict[int, dict[str, float]] = defaultdict(dict)
        for name in said:
            for target, gain in self._gains.get(name, ()):
                by_word[target][name] = gain
        lines = self._nearest(said)
        told = sum(self._rarity[name] for name in said)
        return Match(
            said,
            _share(told, strange * self._strange),
            self._all({target: sum(c for _, c in near) / NEAREST for target, near in lines.items()}),
            self._all({target: sum(gains.values()) for target, gains in by_word.items()}),
            lines,
            by_word,
        )

    def _all(self, some: Mapping[int, float]) -> Numbers:
        numbers = np.zeros(self._size)
        for target, number in some.items():
            numbers[target] = number
        return numbers

    def _nearest(self, said: Mapping[str, str]) -> Mapping[int, Sequence[tuple[str, float]]]:
        weights = {name: self._rarity[name] for name in said}
        length = _length(weights)
        dots: dict[int, float] = defaultdict(float)
        for name, weight in weights.items():
            for number, line_weight in self._in_lines.get(name, ()):
                dots[number] += weight * line_weight
        near: dict[int, list[tuple[str, float]]] = defaultdict(list)
        for number, dot in dots.items():
            line = self._lines[number]
            near[line.target].append((line.text, dot / (length * line.length)))
        return {
            target: sorted(lines, key=lambda p: (-p[1], p[0]))[:NEAREST] for target, lines in near.items()
        }

    def _bag(self, target: Target) -> Mapping[str, float]:
        """What a target says, by stem: a name's words count more, a way of asking once a stem."""
        counts: dict[str, float] = defaultdict(float)
        for texts, weight in ((target.names, _NAME), (target.texts, 1.0)):
            for text in texts:
                for name, _ in self._speller.stems(text):
                    counts[name] += weight
        for line in target.asks:
            for name in {name for name, _ in self._speller.stems(line)}:
                counts[name] += 1.0
        return counts


def _bm25(bags: Sequence[Mapping[str, float]]) -> Mapping[str, Sequence[tuple[int, float]]]:
    """Per stem the targets that hold it, each with what a question gains by saying it."""
    seen = Counter(name for bag in bags for name in bag)
    usual = sum(sum(bag.values()) for bag in bags) / max(len(bags), 1)
    gains: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for target, bag in enumerate(bags):
        slack = _SATURATION * (1 - _LENGTH + _LENGTH * sum(bag.values()) / usual)
        for name, times in bag.items():
            rare = log(1 + (len(bags) - seen[name] + 0.5) / (seen[name] + 0.5))
            gains[name].append((target, rare * times * (_SATURATION + 1) / (times + slack)))
    return gains


def _rarity(sets: list[set[str]]) -> dict[str, float]:
    """How telling a stem is: the fewer texts hold it, the more."""
    seen = Counter(name for stems in sets for name in stems)
    return {name: log(1 + len(sets) / times) for name, times in seen.items()}


def _share(known: float, strange: float) -> float:
    return known / (known + strange) if known or strange else 1.0


def _length(weights: Mapping[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))
