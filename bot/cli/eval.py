"""Measure the search on questions whose right cards are known: career-bot eval questions.jsonl.

One JSON object a line: {"q": "…", "gold": "card-id", "also": ["card-id"], "in_scope": true}; a question
that no card should answer has "gold": null and "in_scope": false.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

from bot.app import App
from bot.cli.output import print_text, read_input
from bot.domain.evaluation import EvalQuestion, evaluate_search
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
    "threshold": "confidence below which the answer is a miss",
    "p50_ms": "median time of a search, milliseconds",
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
    measured = asdict(evaluate_search(questions, context.search.find, perf_counter))
    if options.json:
        rounded = {k: round(v, 4) if isinstance(v, float) else v for k, v in measured.items()}
        print(json.dumps(rounded))
    else:
        print_text(
            "\n".join(
                f"{name:13}{_format_number(measured[name]):>8}  {about}"
                for name, about in _METRIC_DESCRIPTIONS.items()
            )
        )
    return 0


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
