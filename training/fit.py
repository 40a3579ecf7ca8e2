"""Choose the few weights of ranker.json on real questions, by cross-validation over the pages they are from.

python -m training.fit large|small|words QUESTIONS.jsonl [--write]

Prints what each step gives on questions that it was not chosen on. Each line of the file is as for
`career-bot eval`, with the page in "url". Never give it lines that a writer made up.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.content.loader import load_content
from bot.domain.search import ModelSize, SearchIndex, ShippedModel
from bot.domain.search.ranker import RANKER_FILE, compute_confidence_features
from bot.domain.search.search_targets import FloatArray
from training.dataset import CONTENT_DIR

_SIMILARITIES = ("whole", "asking", "own", "lines", "words")
_START = {
    "model": np.array([0.30, 0.30, 0.22, 0.06, 0.12]),
    "words": np.array([0.0, 0.0, 0.0, 0.35, 0.65]),
}
# Signs that a card answers, fitted once on many out-of-scope lines; real questions only move and stretch it.
_ANY_CARD_START = {
    "model": {
        "best": 5.51, "outside": -14.57, "lead": 3.43, "asking": 9.85, "beyond": -7.91, "known": 3.32,
    },
    "words": {
        "best": 2.18, "outside": -9.68, "lead": 2.55, "asking": 1.0, "beyond": 4.89, "known": 4.15,
    },
}  # fmt: skip
_ANY_FEATURES = ("any",)
_FIRST_FEATURES = ("any", "lead2")
_CANDIDATES = 1_500  # weights that are tried
_SHARPNESS = 12.0  # of the probabilities that scores are turned into when weights are compared
_RIDGE = 1.0
_FOLDS = 6
_MAX_ANSWERED_OUT = 0.10
_MIN_SURE_PRECISION = 0.92
_MIN_ANSWERED_IN = 0.90
_CERTAIN = 0.97


@dataclass(frozen=True, slots=True)
class _Sample:
    """One question: its similarities to every target, and which cards are right."""

    page: str
    in_scope: bool
    similarities: Mapping[str, FloatArray]
    known_share: float
    is_right: npt.NDArray[np.bool_]

    def score(self, weights: FloatArray) -> FloatArray:
        cards = len(self.is_right)
        total = np.zeros(len(self.similarities["lines"]))
        for name, weight in zip(_SIMILARITIES, weights, strict=True):
            if name in self.similarities and weight:
                values = self.similarities[name]
                spread = max(float(values[:cards].std()), 1e-9)
                total += weight * (values - values[:cards].mean()) / spread / np.sqrt(max(cards - 1, 24))
        return total

    def list_features(self, weights: FloatArray) -> Mapping[str, float]:
        kind = "model" if "asking" in self.similarities else "words"
        asking = self.similarities["asking" if kind == "model" else "lines"]
        features = compute_confidence_features(
            self.score(weights), asking, len(self.is_right), self.known_share
        )
        total = sum(weight * features[name] for name, weight in _ANY_CARD_START[kind].items())
        return {**features, "any": total}

    def is_hit(self, weights: FloatArray, first: int) -> bool:
        order = np.argsort(-self.score(weights)[: len(self.is_right)], kind="stable")[:first]
        return bool(self.is_right[order].any())

    def compute_log_likelihood(self, weights: FloatArray) -> float:
        scores = _SHARPNESS * self.score(weights)[: len(self.is_right)]
        shares = np.exp(scores - scores.max())
        return float(np.log(shares[self.is_right].sum() / shares.sum() + 1e-9))


def _load_samples(file: Path, size: str) -> list[_Sample]:
    content = load_content(CONTENT_DIR)
    model = None if size == "words" else ShippedModel(ModelSize(size).folder)
    index = SearchIndex(content, model)
    index.warm_up()
    ids = list(content.cards)
    samples = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        scores = index.score_question(row["q"])
        right = {row["gold"], *(row.get("also") or ())}
        samples.append(
            _Sample(
                row.get("url") or row["q"],
                row["in_scope"],
                scores.similarities,
                scores.confidence_features["known"],
                np.array([card in right for card in ids]),
            )
        )
    return samples


def _choose_weights(samples: Sequence[_Sample], start: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return the weights under which the right cards are likeliest, not far from the start."""
    inside = [sample for sample in samples if sample.in_scope and sample.is_right.any()]
    candidates = [start, *rng.dirichlet(8 * start[start > 0] + 0.5, _CANDIDATES)]
    best, best_value = start, -np.inf
    for candidate in candidates:
        weights = np.zeros(len(start))
        weights[start > 0] = candidate[start > 0] if len(candidate) == len(start) else candidate
        value = float(np.mean([sample.compute_log_likelihood(weights) for sample in inside]))
        value -= 0.5 * float(np.abs(weights - start).sum()) ** 2  # few questions: stay close
        if value > best_value:
            best, best_value = weights, value
    return best


def _fit_logistic(
    rows: Sequence[Mapping[str, float]], outcomes: Sequence[bool], names: Sequence[str]
) -> dict[str, Any]:
    """Fit by Newton's method with a ridge on standardised features; return weights on the raw ones."""
    matrix = np.array([[row[name] for name in names] for row in rows])
    mean, spread = matrix.mean(0), np.maximum(matrix.std(0), 1e-6)
    design = np.column_stack([(matrix - mean) / spread, np.ones(len(matrix))])
    target = np.array(outcomes, float)
    ridge = np.diag([_RIDGE] * len(names) + [1e-6])
    beta = np.zeros(len(names) + 1)
    for _ in range(50):
        predicted = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (predicted - target) + ridge @ beta
        hessian = (design * (predicted * (1 - predicted))[:, None]).T @ design + ridge
        beta -= np.linalg.solve(hessian, gradient)
    weights = beta[:-1] / spread
    return {
        "weights": {name: float(weight) for name, weight in zip(names, weights, strict=True)},
        "bias": float(beta[-1] - weights @ mean),
    }


def _spell_out(model: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return a logistic over "any" as one over the features that make it up."""
    weights = dict(model["weights"])
    stretch = weights.pop("any")
    for name, weight in _ANY_CARD_START[kind].items():
        weights[name] = weights.get(name, 0.0) + stretch * weight
    return {
        "weights": {name: round(weight, 3) for name, weight in sorted(weights.items())},
        "bias": round(model["bias"], 3),
    }


def _predict(model: Mapping[str, Any], row: Mapping[str, float]) -> float:
    total = model["bias"] + sum(weight * row[name] for name, weight in model["weights"].items())
    return float(1 / (1 + np.exp(-total)))


def _split_pages(samples: Sequence[_Sample]) -> Iterator[tuple[list[_Sample], list[_Sample]]]:
    pages = sorted({sample.page for sample in samples})
    np.random.default_rng(0).shuffle(pages)
    for fold in range(_FOLDS):
        held_out = set(pages[fold::_FOLDS])
        yield (
            [sample for sample in samples if sample.page not in held_out],
            [sample for sample in samples if sample.page in held_out],
        )


@dataclass(slots=True)
class _HeldOut:
    """Predictions on questions that nothing was chosen on."""

    in_scope: list[bool]
    any_card: list[float]
    first_card: list[float]
    is_right: list[bool]
    hit3: list[bool]


def _cross_validate(
    samples: Sequence[_Sample], choose: Callable[[Sequence[_Sample]], FloatArray]
) -> _HeldOut:
    result = _HeldOut([], [], [], [], [])
    for train, test in _split_pages(samples):
        weights = choose(train)
        rows = [sample.list_features(weights) for sample in train]
        any_card = _fit_logistic(rows, [sample.in_scope for sample in train], _ANY_FEATURES)
        first = [sample.in_scope and sample.is_hit(weights, 1) for sample in train]
        first_card = _fit_logistic(rows, first, _FIRST_FEATURES)
        for sample in test:
            row = sample.list_features(weights)
            result.in_scope.append(sample.in_scope)
            result.any_card.append(_predict(any_card, row))
            result.first_card.append(_predict(first_card, row))
            result.is_right.append(sample.in_scope and sample.is_hit(weights, 1))
            result.hit3.append(sample.in_scope and sample.is_hit(weights, 3))
    return result


def _keep(weights: FloatArray) -> Callable[[Sequence[_Sample]], FloatArray]:
    return lambda _: weights


def _format_held_out(name: str, result: _HeldOut) -> str:
    inside = np.array(result.in_scope)
    any_card, right, hit3 = np.array(result.any_card), np.array(result.is_right), np.array(result.hit3)
    wins = (any_card[inside][:, None] > any_card[~inside][None, :]).mean() if (~inside).any() else np.nan
    return (
        f"{name:34} hit1 {right[inside].mean():.3f}  hit3 {hit3[inside].mean():.3f}  "
        f"auroc {wins:.3f}  calibration error {_compute_calibration_error(result):.3f}"
    )


def _compute_calibration_error(result: _HeldOut) -> float:
    predicted, right = np.array(result.first_card), np.array(result.is_right, float)
    order = np.argsort(predicted, kind="stable")
    parts = np.array_split(order, 5)
    return float(np.mean([abs(predicted[part].mean() - right[part].mean()) for part in parts]))


def _choose_thresholds(result: _HeldOut) -> dict[str, float]:
    """Return the lowest thresholds that keep the promised shares on held-out questions."""
    inside = np.array(result.in_scope)
    any_card, first, right = np.array(result.any_card), np.array(result.first_card), np.array(result.is_right)
    steps = np.arange(0.30, 0.90, 0.01)
    quiet = [step for step in steps if (any_card[~inside] >= step).mean() <= _MAX_ANSWERED_OUT]
    helpful = [step for step in steps if (any_card[inside] >= step).mean() >= _MIN_ANSWERED_IN]
    no_match = min([*quiet[:1], *helpful[-1:]], default=0.5)
    steps = np.arange(0.60, _CERTAIN, 0.01)
    sure = next(
        (s for s in steps if (first >= s).any() and right[first >= s].mean() >= _MIN_SURE_PRECISION), 0.9
    )
    print(
        f"no_match {no_match:.2f}: answered_in {(any_card[inside] >= no_match).mean():.3f}, "
        f"answered_out {(any_card[~inside] >= no_match).mean():.3f}"
    )
    print(
        f"sure {sure:.2f}: precision {right[first >= sure].mean():.3f} of {(first >= sure).sum()}; "
        f"certain {_CERTAIN}: {right[first >= _CERTAIN].mean():.3f} of {(first >= _CERTAIN).sum()}"
    )
    return {"certain": _CERTAIN, "sure": round(float(sure), 2), "no_match": round(float(no_match), 2)}


def main() -> None:
    """Print the steps; write the weights when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("size", choices=[*map(str, ModelSize), "words"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    kind = "words" if options.size == "words" else "model"
    start = _START[kind]
    samples = _load_samples(options.file, options.size)
    for at, name in enumerate(_SIMILARITIES):
        if start[at]:
            without = start.copy()
            without[at] = 0.0
            print(_format_held_out(f"without {name}", _cross_validate(samples, _keep(without))))
    fixed = _cross_validate(samples, _keep(start))
    print(_format_held_out("the weights to start from", fixed))
    chosen = _cross_validate(samples, lambda train: _choose_weights(train, start, np.random.default_rng(0)))
    print(_format_held_out("weights chosen on the other pages", chosen))
    is_better = np.mean(chosen.is_right) > np.mean(fixed.is_right)
    weights = _choose_weights(samples, start, np.random.default_rng(0)) if is_better else start
    rows = [sample.list_features(weights) for sample in samples]
    ranker = {
        "weights": {
            name: round(float(weight), 3)
            for name, weight in zip(_SIMILARITIES, weights, strict=True)
            if start[_SIMILARITIES.index(name)]
        },
        "any_card": _spell_out(
            _fit_logistic(rows, [sample.in_scope for sample in samples], _ANY_FEATURES), kind
        ),
        "first_card": _spell_out(
            _fit_logistic(
                rows, [sample.in_scope and sample.is_hit(weights, 1) for sample in samples], _FIRST_FEATURES
            ),
            kind,
        ),
        **_choose_thresholds(chosen if is_better else fixed),
    }
    print(json.dumps(ranker, indent=2))
    if options.write:
        data = json.loads(RANKER_FILE.read_text(encoding="utf-8")) | {options.size: ranker}
        RANKER_FILE.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
