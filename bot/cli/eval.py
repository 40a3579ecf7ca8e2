"""Measure the search on questions whose right cards are known: career-bot eval questions.jsonl.

One JSON object a line: {"q": "…", "gold": "card-id", "also": ["card-id"], "in_scope": true}; a question
that no card should answer has "gold": null and "in_scope": false.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

from bot.app import App
from bot.cli.output import print_text, read_input
from bot.cli.search_report import describe_training, find_untrained
from bot.domain.evaluation import (
    AskedQuestion,
    EvalQuestion,
    ask_questions,
    compute_intervals,
    compute_metrics,
    compute_reliability,
    list_confused_pairs,
)
from bot.settings import Settings

_METRIC_DESCRIPTIONS = {
    "hit1": "a right card (gold or also) first",
    "hit3": "a right card among the first three",
    "hit1_gold": "the best card first",
    "hit3_gold": "the best card among the first three",
    "mrr": "mean of 1 / place of the first right card",
    "auroc": "in-scope told from out-of-scope by confidence",
    "auroc_len": "the same among questions of like length",
    "answered_in": "in-scope questions answered with a card",
    "answered_out": "out-of-scope questions answered with a card",
    "sure": "questions whose first card is presented as the answer",
    "sure_precision": "of those, a right card first",
    "threshold": "confidence below which the answer is a miss",
    "p50_ms": "median time of a search, milliseconds",
    "p95_ms": "the time that 95 % of searches keep, milliseconds",
    "n_in": "in-scope questions",
    "n_out": "out-of-scope questions",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file, and --json."""
    parser.add_argument("file", type=Path, help="questions, one JSON object a line; - reads standard input")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the measures; 1 when the file cannot be read."""
    questions: list[EvalQuestion] = []
    problems: list[str] = []
    try:
        lines = read_input(options.file).split(b"\n")
    except OSError as error:
        print(f"career-bot eval: {options.file}: {error.strerror}", file=sys.stderr)
        return 1
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                questions.append(_parse_question(line))
            except ValueError as error:
                problems.append(f"{options.file}:{number}: {error}")
    if not questions and not problems:
        problems.append(f"{options.file}:1: holds no questions")
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 1
    context = App.build(settings).service.context
    for name in sorted(_list_card_ids(questions) - set(context.content.cards)):
        print(f"career-bot eval: no card is called {name!r}; it cannot be found", file=sys.stderr)
    context.search.warm_up()  # as in a running bot: the first question must not pay for loading the model
    asked = ask_questions(questions, context.search.find, perf_counter)
    untrained = find_untrained(context.content, settings)
    if options.json:
        print(json.dumps(_build_json(asked) | {"untrained_lines": len(untrained)}))
    else:
        print_text("\n".join((*_format_report(asked), describe_training(context.content, settings))))
    return 0


def _build_json(asked: Sequence[AskedQuestion]) -> dict[str, float | int | None]:
    values: dict[str, float | int | None] = asdict(compute_metrics(asked))
    for name, (low, high) in compute_intervals(asked).items():
        values |= {f"{name}_low": low, f"{name}_high": high}
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def _format_report(asked: Sequence[AskedQuestion]) -> Iterator[str]:
    metrics, intervals = asdict(compute_metrics(asked)), compute_intervals(asked)
    for name, about in _METRIC_DESCRIPTIONS.items():
        low_high = "{:.3f} to {:.3f}".format(*intervals[name]) if name in intervals else ""
        yield f"{name:15}{_format_number(metrics[name]):>8}  {low_high:15}  {about}"
    yield "\nconfidence that the first card is right, and how often it was:"
    for row in compute_reliability(asked):
        if row.count:
            yield (
                f"  {row.low:.2f} to {min(row.high, 1.0):.2f}  {row.count:4} questions  "
                f"said {row.confidence:.2f}  right {row.right:.2f}"
            )
    yield "\ncards that came first where another one was right:"
    for pair in list_confused_pairs(asked):
        yield f"  {pair.count:3}  {pair.shown} for {pair.right}"
    yield ""


def _parse_question(line: bytes) -> EvalQuestion:
    """One line of the file.

    Raises:
        ValueError: saying what is wrong with it.
    """
    try:
        data: Any = json.loads(line)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise ValueError('is not an object like {"q": "…", "gold": "card-id", "in_scope": true}')
    text, gold, also, in_scope = (data.get(key) for key in ("q", "gold", "also", "in_scope"))
    also = [] if also is None else also
    if not isinstance(text, str) or not text.strip():
        raise ValueError('"q" is the question, a text')
    if not isinstance(in_scope, bool):
        raise ValueError('"in_scope" is true or false')
    if not isinstance(also, list) or not all(isinstance(card, str) for card in also):
        raise ValueError('"also" is a list of card ids')
    if in_scope and not isinstance(gold, str):
        raise ValueError('"gold" is the id of the card that answers an in-scope question')
    return EvalQuestion(text, gold if isinstance(gold, str) else None, tuple(also), in_scope)


def _list_card_ids(questions: list[EvalQuestion]) -> set[str]:
    """Every card that the questions name."""
    return {card for question in questions for card in (question.gold, *question.also_correct) if card}


def _format_number(value: float | int | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
