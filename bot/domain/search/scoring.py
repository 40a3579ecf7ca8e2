"""Score one question against every target, with a confidence and every reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from bot.domain.search import lexical_index
from bot.domain.search.lexical_index import LexicalMatch
from bot.domain.search.ranker import Ranker, Scale, compute_confidence_features, fit_scale
from bot.domain.search.results import ConfidenceBand, ScoreContribution, SearchHit, SearchResult
from bot.domain.search.search_targets import FloatArray, SearchTarget
from bot.domain.search.semantic_index import SemanticMatch

_MAX_HITS = 10
_SCORE_DECIMALS = 6


class QuestionScores:
    """A question's similarities to the targets, and their weighted sum.

    Attributes:
        similarities: by name, one number a target.
        scores: one a target; the average card has 0.
    """

    def __init__(
        self,
        targets: Sequence[SearchTarget],
        lexical_match: LexicalMatch,
        semantic_match: SemanticMatch | None,
        ranker: Ranker,
    ) -> None:
        self._targets, self._lexical_match, self._semantic_match, self._ranker = (
            targets,
            lexical_match,
            semantic_match,
            ranker,
        )
        self._card_count = sum(not target.is_no_match for target in targets)
        self.similarities = _collect_similarities(lexical_match, semantic_match, self._card_count)
        self._scales: dict[str, Scale] = {
            name: fit_scale(self.similarities[name][: self._card_count], weight)
            for name, weight in ranker.weights.items()
        }
        self.scores: FloatArray = np.zeros(len(targets))
        for name, one in self._scales.items():
            self.scores += (self.similarities[name] - one.mean) * one.factor

    @property
    def confidence_features(self) -> Mapping[str, float]:
        """What tells whether any card answers; see `compute_confidence_features`."""
        asking = self.similarities["asking" if self._semantic_match else "lines"]
        return compute_confidence_features(
            self.scores, asking, self._card_count, self._lexical_match.known_share
        )

    def build_result(self) -> SearchResult:
        """Return the best cards with their reasons."""
        ranker = self._ranker
        if not self._card_count or (self._semantic_match is None and not self._lexical_match.word_by_stem):
            return SearchResult((), 0.0, ConfidenceBand.NO_MATCH, (), 0.0, ranker.sure, ranker.no_match)
        # Rounded: the last bits differ between processors, and must not decide between two cards.
        rounded = np.round(self.scores, _SCORE_DECIMALS)
        order = sorted(range(self._card_count), key=lambda at: (-rounded[at], self._targets[at].id))[
            :_MAX_HITS
        ]
        hits = tuple(
            SearchHit(self._targets[at].id, float(self.scores[at]), tuple(self._list_contributions(at)))
            for at in order
        )
        # A question without any known word is no question that a card answers, however near it seems.
        features = self.confidence_features
        is_known = bool(self._lexical_match.word_by_stem)
        confidence = ranker.any_card.predict(features) if is_known else 0.0
        first_confidence = min(ranker.first_card.predict(features), confidence)
        category = self._find_no_match_category(order[0])
        return SearchResult(
            hits,
            confidence,
            _choose_band(confidence, first_confidence, category is not None, ranker),
            self._list_matched_words(order[0]),
            first_confidence,
            ranker.sure,
            ranker.no_match,
            category,
        )

    def _find_no_match_category(self, best_index: int) -> str | None:
        """Return the out-of-scope category that scores above the best card; None for unknown words."""
        if not self._lexical_match.known_share:
            return None
        nearest = int(self.scores.argmax())
        return (
            self._targets[nearest].id
            if nearest != best_index and self._targets[nearest].is_no_match
            else None
        )

    def _list_matched_words(self, best_index: int) -> tuple[str, ...]:
        gains = self._lexical_match.bm25_by_stem.get(best_index, {})
        return tuple(
            self._lexical_match.word_by_stem[name]
            for name in sorted(gains, key=lambda name: (-gains[name], name))
        )

    def _list_contributions(self, target_index: int) -> list[ScoreContribution]:
        """Return why a target has its score; the points add up to it."""
        shares = [
            ScoreContribution("asking", line, points)
            for line, points in self._compute_utterance_points(target_index).items()
        ]
        usual = 0.0
        for name, one in self._scales.items():
            likeness = float(self.similarities[name][target_index])
            match name:
                case "words":
                    for stem, gain in self._lexical_match.bm25_by_stem.get(target_index, {}).items():
                        shares.append(
                            ScoreContribution(
                                "word", self._lexical_match.word_by_stem[stem], gain * one.factor
                            )
                        )
                    usual -= one.mean * one.factor
                case "lines" | "asking":
                    usual -= one.mean * one.factor
                case _:
                    shares.append(ScoreContribution(name, "", one.to_points(likeness)))
        if usual:
            shares.append(ScoreContribution("usual", "", usual))
        return sorted(shares, key=lambda share: (-share.points, share.kind, share.text))

    def _compute_utterance_points(self, target_index: int) -> Mapping[str, float]:
        """Return what each of the nearest example questions adds, by its words and by its meaning."""
        points: dict[str, float] = {}
        for name, lines, number in self._iter_nearest_utterances(target_index):
            for text, likeness in lines:
                points[text] = points.get(text, 0.0) + likeness / number * self._scales[name].factor
        return points

    def _iter_nearest_utterances(
        self, target_index: int
    ) -> Iterator[tuple[str, Sequence[tuple[str, float]], int]]:
        yield (
            "lines",
            self._lexical_match.nearest_utterances.get(target_index, ()),
            lexical_index.NEAREST_UTTERANCES,
        )
        if self._semantic_match is not None:
            lines = self._semantic_match.nearest_utterances[target_index]
            yield "asking", lines, len(lines)


def _collect_similarities(
    lexical_match: LexicalMatch, semantic_match: SemanticMatch | None, card_count: int
) -> Mapping[str, FloatArray]:
    by_words = {"lines": lexical_match.utterance_scores, "words": lexical_match.bm25_scores}
    if semantic_match is None:
        return by_words
    # An out-of-scope category has no author texts: there it counts as the average card.
    own = semantic_match.author_text_scores.copy()
    own[card_count:] = own[:card_count].mean()
    return {
        **by_words,
        "whole": semantic_match.discriminant_scores,
        "asking": semantic_match.utterance_scores,
        "own": own,
    }


def _choose_band(
    confidence: float, first_confidence: float, has_no_match_category: bool, ranker: Ranker
) -> ConfidenceBand:
    """Choose the band; a card that scores below an out-of-scope category is not offered as a guess."""
    if confidence < ranker.no_match:
        return ConfidenceBand.NO_MATCH
    if first_confidence >= ranker.certain:
        return ConfidenceBand.CERTAIN
    if first_confidence >= ranker.sure:
        return ConfidenceBand.SURE
    return ConfidenceBand.NO_MATCH if has_no_match_category else ConfidenceBand.MAYBE
