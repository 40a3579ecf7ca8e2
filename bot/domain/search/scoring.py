"""One question against every target: the scores, how sure they are, and every reason for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from bot.domain.search import lexical
from bot.domain.search.finding import Finding, Hit, Share, Verdict
from bot.domain.search.lexical import Match
from bot.domain.search.meaning import Near
from bot.domain.search.ranker import Ranker, Scale, scale, signs
from bot.domain.search.targets import Numbers, Target

_HITS = 10


class Scored:
    """A question's likenesses to the targets, added up.

    Attributes:
        likenesses: by name, one number a target.
        scores: one a target; the average card has 0.
        signs: what tells whether any card answers.
    """

    def __init__(self, targets: Sequence[Target], match: Match, near: Near | None, ranker: Ranker) -> None:
        self._targets, self._match, self._near, self._ranker = targets, match, near, ranker
        self._cards = sum(not target.outside for target in targets)
        self.likenesses = _likenesses(match, near, self._cards)
        self._scales: dict[str, Scale] = {
            name: scale(self.likenesses[name][: self._cards], weight)
            for name, weight in ranker.weights.items()
        }
        self.scores: Numbers = np.zeros(len(targets))
        for name, one in self._scales.items():
            self.scores += (self.likenesses[name] - one.mean) * one.factor

    @property
    def signs(self) -> Mapping[str, float]:
        """What tells whether any card answers."""
        asking = self.likenesses["asking" if self._near else "lines"]
        return signs(self.scores, asking, self._cards, self._match.known)

    def finding(self) -> Finding:
        """What was found, with its reasons."""
        ranker = self._ranker
        if not self._cards or (self._near is None and not self._match.said):
            return Finding((), 0.0, Verdict.MISS, (), ranker.sure, ranker.unsure)
        order = sorted(range(self._cards), key=lambda at: (-self.scores[at], self._targets[at].id))[:_HITS]
        hits = tuple(
            Hit(self._targets[at].id, float(self.scores[at]), tuple(self._shares(at))) for at in order
        )
        # What nobody ever wrote about is no question that a card answers, however near its sound.
        confidence = ranker.confident(self.signs) if self._match.said else 0.0
        outside = self._outside(order[0])
        return Finding(
            hits,
            confidence,
            _verdict(confidence, outside is not None, ranker),
            self._said(order[0]),
            ranker.sure,
            ranker.unsure,
            outside,
        )

    def _outside(self, best: int) -> str | None:
        """The out-of-scope class that scores above the best card; none for words that nobody knows."""
        if not self._match.known:
            return None
        nearest = int(self.scores.argmax())
        return self._targets[nearest].id if nearest != best and self._targets[nearest].outside else None

    def _said(self, best: int) -> tuple[str, ...]:
        gains = self._match.by_word.get(best, {})
        return tuple(self._match.said[name] for name in sorted(gains, key=lambda name: (-gains[name], name)))

    def _shares(self, target: int) -> list[Share]:
        """Why a target has its score; the points add up to it."""
        shares = [Share("asking", line, points) for line, points in self._by_line(target).items()]
        usual = 0.0
        for name, one in self._scales.items():
            likeness = float(self.likenesses[name][target])
            match name:
                case "words":
                    for stem, gain in self._match.by_word.get(target, {}).items():
                        shares.append(Share("word", self._match.said[stem], gain * one.factor))
                    usual -= one.mean * one.factor
                case "lines" | "asking":
                    usual -= one.mean * one.factor
                case _:
                    shares.append(Share(name, "", one.points(likeness)))
        if usual:
            shares.append(Share("usual", "", usual))
        return sorted(shares, key=lambda share: (-share.points, share.kind, share.text))

    def _by_line(self, target: int) -> Mapping[str, float]:
        """What each of the nearest ways of asking adds, by its words and by its meaning."""
        points: dict[str, float] = {}
        for name, lines, number in self._nearest(target):
            for text, likeness in lines:
                points[text] = points.get(text, 0.0) + likeness / number * self._scales[name].factor
        return points

    def _nearest(self, target: int) -> Iterator[tuple[str, Sequence[tuple[str, float]], int]]:
        yield "lines", self._match.lines.get(target, ()), lexical.NEAREST
        if self._near is not None:
            lines = self._near.lines[target]
            yield "asking", lines, len(lines)


def _likenesses(match: Match, near: Near | None, cards: int) -> Mapping[str, Numbers]:
    by_words = {"lines": match.asking, "words": match.words}
    if near is None:
        return by_words
    # A class of questions has no texts of its own: there it counts as the average card.
    own = near.own.copy()
    own[cards:] = own[:cards].mean()
    return {**by_words, "whole": near.whole, "asking": near.asking, "own": own}


def _verdict(confidence: float, outside: bool, ranker: Ranker) -> Verdict:
    """A card that lies less near than what no card answers is not offered as a guess."""
    if confidence >= ranker.sure:
        return Verdict.SURE
    return Verdict.MAYBE if confidence >= ranker.unsure and not outside else Verdict.MISS
