"""Results against oracles without short cuts; what the author's proof costs; codes there and back."""

from __future__ import annotations

from random import Random
from time import perf_counter

from bot.domain.quiz import (
    NOT_ASKED,
    SKIPPED,
    QuizRun,
    decode_result_code,
    encode_result_code,
    find_nearest_result,
    score_run,
)
from bot.domain.quiz.reachability import count_result_paths, find_unpreferred_options
from tests.domain.quiz.quiz_strategies import iter_changed_answers, load_shipped_quizzes, play_randomly
from tests.proof.proof_result import ProofResult

RUN_COUNT = 1_000
CODE_COUNT = 50_000


def matches_oracle(run: QuizRun) -> bool:
    """Whether the nearest other result is the one that trying every single and double change finds."""
    found = score_run(run)
    if found.result_id is None:
        return True
    near = find_nearest_result(run, found)
    for number in (1, 2):
        flips = {
            frozenset(letters.items()): after
            for letters, after in iter_changed_answers(run, number)
            if after.result_id not in (None, found.result_id)
        }
        if flips:
            if near is None or len(near.changes) != number:
                return False
            told = frozenset((change.question.id, change.option.code) for change in near.changes)
            moved = {
                letters: sum(abs(a - b) for a, b in zip(after.points, found.points, strict=True))
                for letters, after in flips.items()
            }
            return flips[told].result_id == near.result_id and moved[told] == min(moved.values())
    return near is None


def prove(seed: int, share: float) -> list[ProofResult]:
    """Play, change everything, and read the codes back."""
    draw = Random(seed)
    found = [_check_reachability()]
    runs = [
        play_randomly(
            load_shipped_quizzes()[draw.choice(list(load_shipped_quizzes()))],
            draw,
            skip_probability=draw.choice((0.0, 0.0, 0.2)),
        )
        for _ in range(round(RUN_COUNT * share))
    ]
    found.append(
        ProofResult(
            "nearest other result, against an oracle", len(runs), sum(not matches_oracle(r) for r in runs)
        )
    )
    faults = 0
    for _ in range(round(CODE_COUNT * share)):
        quiz = draw.choice(list(load_shipped_quizzes()))
        kept = play_randomly(load_shipped_quizzes()[quiz], draw, skip_probability=0.2).answers
        faults += decode_result_code(quiz, encode_result_code(quiz, kept)) != kept.replace(SKIPPED, NOT_ASKED)
    return [*found, ProofResult("result codes, there and back", round(CODE_COUNT * share), faults)]


def _check_reachability() -> ProofResult:
    """Every result of every assessment, over every way; the time is measured, not judged."""
    begin = perf_counter()
    found = {quiz: count_result_paths(assessment) for quiz, assessment in load_shipped_quizzes().items()}
    seconds = perf_counter() - begin
    faults = sum(not number for one in found.values() for number in one.count_by_result.values())
    faults += sum(
        len(list(find_unpreferred_options(assessment))) for assessment in load_shipped_quizzes().values()
    )
    note = f"{seconds:.2f} s; the rarest result is for one way in "
    note += f"{max(one.total / max(1, min(one.count_by_result.values())) for one in found.values()):.0f}"
    return ProofResult(
        "complete ways through all assessments", sum(one.total for one in found.values()), faults, note
    )
