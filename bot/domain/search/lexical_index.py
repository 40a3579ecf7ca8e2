"""How near each target lies to a question in words: stems, synonyms and typos, without any model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from bot.domain.search.normalizer import Normalizer
from bot.domain.search.search_targets import FloatArray, SearchTarget

NEAREST_UTTERANCES = 3  # ways of asking that count for a target
_TITLE_WEIGHT = 3.0  # how much a word in a title counts against one in the answer
_BM25_K1 = 1.2  # BM25's k1 and b, at their usual values
_BM25_B = 0.75


@dataclass(frozen=True, slots=True)
class _IndexedLine:
    target_index: int
    text: str
    norm: float


@dataclass(frozen=True, slots=True)
class LexicalMatch:
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

    word_by_stem: Mapping[str, str]
    known_share: float
    utterance_scores: FloatArray
    bm25_scores: FloatArray
    nearest_utterances: Mapping[int, Sequence[tuple[str, float]]]
    bm25_by_stem: Mapping[int, Mapping[str, float]]


class LexicalIndex:
    """An index over targets; built once, then only read."""

    def __init__(self, targets: Sequence[SearchTarget], normalizer: Normalizer) -> None:
        self._normalizer = normalizer
        self._target_count = len(targets)
        stemmed = [
            (number, line, Counter(name for name, _ in normalizer.extract_stems(line)))
            for number, target in enumerate(targets)
            for line in (*target.titles, *target.utterances)
        ]
        bags = [self._count_stems(target) for target in targets]
        self._idf = _compute_idf([set(counts) for _, _, counts in stemmed] + [set(bag) for bag in bags])
        self._unknown_idf = max(self._idf.values(), default=1.0)
        self._lines: list[_IndexedLine] = []
        self._line_postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, text, counts in stemmed:
            weights = {name: self._idf[name] * sqrt(times) for name, times in counts.items()}
            for name, weight in weights.items():
                self._line_postings[name].append((len(self._lines), weight))
            self._lines.append(_IndexedLine(number, text, _compute_norm(weights)))
        self._bm25_postings = _build_bm25_postings(bags)

    def match(self, question: str) -> LexicalMatch:
        """A question's words, typos mended, against every target."""
        said: dict[str, str] = {}
        strange = 0
        for name, word in self._normalizer.extract_stems(question):
            if name in self._idf:
                said.setdefault(name, word)
            else:
                strange += 1
        by_word: dict[int, dict[str, float]] = defaultdict(dict)
        for name in said:
            for target, gain in self._bm25_postings.get(name, ()):
                by_word[target][name] = gain
        lines = self._find_nearest_utterances(said)
        told = sum(self._idf[name] for name in said)
        return LexicalMatch(
            said,
            _compute_known_share(told, strange * self._unknown_idf),
            self._build_array(
                {target: sum(c for _, c in near) / NEAREST_UTTERANCES for target, near in lines.items()}
            ),
            self._build_array({target: sum(gains.values()) for target, gains in by_word.items()}),
            lines,
            by_word,
        )

    def _build_array(self, value_by_target: Mapping[int, float]) -> FloatArray:
        numbers = np.zeros(self._target_count)
        for target, number in value_by_target.items():
            numbers[target] = number
        return numbers

    def _find_nearest_utterances(
        self, word_by_stem: Mapping[str, str]
    ) -> Mapping[int, Sequence[tuple[str, float]]]:
        weights = {name: self._idf[name] for name in word_by_stem}
        length = _compute_norm(weights)
        dots: dict[int, float] = defaultdict(float)
        for name, weight in weights.items():
            for number, line_weight in self._line_postings.get(name, ()):
                dots[number] += weight * line_weight
        near: dict[int, list[tuple[str, float]]] = defaultdict(list)
        for number, dot in dots.items():
            line = self._lines[number]
            near[line.target_index].append((line.text, dot / (length * line.norm)))
        return {
            target: sorted(lines, key=lambda p: (-p[1], p[0]))[:NEAREST_UTTERANCES]
            for target, lines in near.items()
        }

    def _count_stems(self, target: SearchTarget) -> Mapping[str, float]:
        """What a target says, by stem: a name's words count more, a way of asking once a stem."""
        counts: dict[str, float] = defaultdict(float)
        for texts, weight in ((target.titles, _TITLE_WEIGHT), (target.texts, 1.0)):
            for text in texts:
                for name, _ in self._normalizer.extract_stems(text):
                    counts[name] += weight
        for line in target.utterances:
            for name in {name for name, _ in self._normalizer.extract_stems(line)}:
                counts[name] += 1.0
        return counts


def _build_bm25_postings(bags: Sequence[Mapping[str, float]]) -> Mapping[str, Sequence[tuple[int, float]]]:
    """Per stem the targets that hold it, each with what a question gains by saying it."""
    seen = Counter(name for bag in bags for name in bag)
    usual = sum(sum(bag.values()) for bag in bags) / max(len(bags), 1)
    gains: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for target, bag in enumerate(bags):
        slack = _BM25_K1 * (1 - _BM25_B + _BM25_B * sum(bag.values()) / usual)
        for name, times in bag.items():
            rare = log(1 + (len(bags) - seen[name] + 0.5) / (seen[name] + 0.5))
            gains[name].append((target, rare * times * (_BM25_K1 + 1) / (times + slack)))
    return gains


def _compute_idf(stem_sets: list[set[str]]) -> dict[str, float]:
    """How telling a stem is: the fewer texts hold it, the more."""
    seen = Counter(name for stems in stem_sets for name in stems)
    return {name: log(1 + len(stem_sets) / times) for name, times in seen.items()}


def _compute_known_share(known: float, unknown: float) -> float:
    return known / (known + unknown) if known or unknown else 1.0


def _compute_norm(weights: Mapping[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))
