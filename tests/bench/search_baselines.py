"""The search beside what one would otherwise take: the same cards, ways of asking and questions.

python -m tests.bench.search_baselines FILE.jsonl measures on other questions. The base models as they come
take part when their packages are installed; see training/README.md.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import log
from pathlib import Path
from time import perf_counter

import numpy as np
from rapidfuzz import fuzz, process

from bot.content.loader import load_content
from bot.domain import evaluation
from bot.domain.evaluation import EvalQuestion
from bot.domain.search import ConfidenceBand, ModelSize, SearchHit, SearchIndex, SearchResult, ShippedModel
from bot.domain.search.normalizer import stem, tokenize
from bot.domain.search.search_targets import FloatArray, SearchTarget, build_targets
from tests.bench.raw_encoders import RawEncoder
from tests.bench.timing import BenchResult
from tests.chat import CONTENT

QUESTIONS = Path(__file__).parents[1] / "domain" / "search" / "questions.jsonl"
LINES_PER_CARD = 5  # ways of asking that count for a card; what served most peers best
MEASURES = ("hit1", "hit3", "mrr", "auroc_len", "p50_ms")

ScoreFunction = Callable[[str], FloatArray]


class BaselineCorpus:
    """The cards' lines, and the mean over the nearest of them."""

    def __init__(self) -> None:
        library = load_content(CONTENT)
        self.library = library
        self.targets: Sequence[SearchTarget] = [one for one in build_targets(library) if not one.is_no_match]
        self.lines = [line for one in self.targets for line in (*one.utterances, *one.author_texts)]
        self._ends = np.cumsum([len(one.utterances) + len(one.author_texts) for one in self.targets])[:-1]

    def average_top_scores(self, line_scores: FloatArray) -> FloatArray:
        """One number a card."""
        return np.array(
            [np.sort(own)[::-1][:LINES_PER_CARD].mean() for own in np.split(line_scores, self._ends)]
        )

    def build_finder(self, score: ScoreFunction) -> Callable[[str], SearchResult]:
        """A peer's scores as a finding; its confidence is its best score."""

        def find(question: str) -> SearchResult:
            scores = score(question)
            order = np.argsort(-scores, kind="stable")[:10]
            hits = tuple(SearchHit(self.targets[at].id, float(scores[at]), ()) for at in order)
            return SearchResult(
                hits, float(scores[order[0]]), ConfidenceBand.SURE, (), float(scores[order[0]])
            )

        return find


def build_fuzzy_scorer(corpus: BaselineCorpus) -> ScoreFunction:
    """rapidfuzz, token_set_ratio against every line."""
    lines = [line.casefold() for line in corpus.lines]

    def score(question: str) -> FloatArray:
        return corpus.average_top_scores(
            process.cdist([question.casefold()], lines, scorer=fuzz.token_set_ratio)[0]
        )

    return score


def build_bm25_scorer(corpus: BaselineCorpus) -> ScoreFunction:
    """BM25 over stems; a card with all its lines is one document."""
    bags = [
        Counter(stem(word) for line in (*one.utterances, *one.author_texts) for word in tokenize(line))
        for one in corpus.targets
    ]
    seen = Counter(word for bag in bags for word in bag)
    lengths = np.array([bag.total() for bag in bags])
    slack = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())

    def score(question: str) -> FloatArray:
        total = np.zeros(len(bags))
        for word in {stem(word) for word in tokenize(question)} & seen.keys():
            times = np.array([bag[word] for bag in bags])
            total += (
                log(1 + (len(bags) - seen[word] + 0.5) / (seen[word] + 0.5)) * times * 2.2 / (times + slack)
            )
        return total

    return score


def build_ngram_scorer(corpus: BaselineCorpus) -> ScoreFunction:
    """TF-IDF of two to five characters inside words, cosine against every line."""
    counted = [Counter(_split_ngrams(line)) for line in corpus.lines]
    seen = Counter(piece for line in counted for piece in line)
    rare = {piece: log((1 + len(counted)) / (1 + times)) + 1 for piece, times in seen.items()}
    holders: dict[str, list[tuple[int, float]]] = {}
    for at, line in enumerate(counted):
        weights = {piece: (1 + log(times)) * rare[piece] for piece, times in line.items()}
        length = sum(weight * weight for weight in weights.values()) ** 0.5
        for piece, weight in weights.items():
            holders.setdefault(piece, []).append((at, weight / length))

    def score(question: str) -> FloatArray:
        likeness = np.zeros(len(counted))
        for piece, times in Counter(_split_ngrams(question)).items():
            for at, weight in holders.get(piece, ()):
                likeness[at] += weight * (1 + log(times)) * rare[piece]
        return corpus.average_top_scores(likeness)

    return score


def _split_ngrams(text: str) -> Iterator[str]:
    for word in tokenize(text):
        padded = f" {word} "
        for size in range(2, 6):
            yield from (padded[at : at + size] for at in range(len(padded) - size + 1))


def build_embedding_scorer(corpus: BaselineCorpus, encoder: RawEncoder) -> ScoreFunction:
    """Score by a sentence model as it comes: cosine against every line."""
    lines = encoder.encode_lines(corpus.lines)

    def score(question: str) -> FloatArray:
        return corpus.average_top_scores((lines @ encoder.encode([question])[0]).astype(np.float64))

    return score


def build_raw_encoders() -> Iterator[RawEncoder]:
    """Yield the base models whose packages are installed."""
    for size in (ModelSize.SMALL, ModelSize.LARGE):
        try:
            yield RawEncoder(size)
        except RuntimeError as error:
            print(f"left out: {error}", file=sys.stderr)


def measure_file(file: Path) -> Iterator[BenchResult]:
    """Every measure of every peer, ours last."""
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    questions = [EvalQuestion(row["q"], row["gold"], tuple(row["also"]), row["in_scope"]) for row in rows]
    cards = BaselineCorpus()
    scorers = {
        "rapidfuzz": build_fuzzy_scorer(cards),
        "BM25": build_bm25_scorer(cards),
        "character TF-IDF": build_ngram_scorer(cards),
        **{encoder.name: build_embedding_scorer(cards, encoder) for encoder in build_raw_encoders()},
    }
    finders = {name: cards.build_finder(score) for name, score in scorers.items()}
    for size in (None, ModelSize.SMALL, ModelSize.LARGE):
        search = SearchIndex(cards.library, ShippedModel(size.folder) if size else None)
        search.warm_up()
        finders[f"ours, {size or 'keywords alone'}"] = search.find
    for name, find in finders.items():
        measured = evaluation.evaluate_search(questions, find, perf_counter)
        for what in MEASURES:
            yield BenchResult(f"{name}: {what}", getattr(measured, what), "ms" if what == "p50_ms" else "")


def measure() -> list[BenchResult]:
    """The rows of this bench."""
    return list(measure_file(QUESTIONS))


if __name__ == "__main__":
    for row in measure_file(Path(sys.argv[1])):
        print(f"{row.label:<32}{row.value:10.3f} {row.unit}")
