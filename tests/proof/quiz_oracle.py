"""Results against oracles without short cuts; what the author's proof costs; codes there and back."""

from __future__ import annotations

from random import Random
from time import perf_counter

from bot.domain.assess import NOT_ASKED, SKIPPED, Run, decode, encode, nearest, score
from bot.domain.assess.proof import preferred_by_none, ways
from tests.domain.quiz.quiz_strategies import iter_changed_answers, load_shipped_quizzes, play_randomly
from tests.proof.proof_result import ProofResult

RUN_COUNT = 1_000
CODE_COUNT = 50_000


def matches_oracle(run: Run) -> bool:
    """Whether the nearest other result is the one that trying every single and double change finds."""
    found = score(run)
    if found.result is None:
        return True
    near = nearest(run, found)
    for number in (1, 2):
        flips = {
            frozenset(letters.items()): after
            for letters, after in iter_changed_answers(run, number)
            if after.result not in (None, found.result)
        }
        if flips:
            if near is None or len(near.changes) != number:
                return False
            told = frozenset((change.question.id, change.option.letter) for change in near.changes)
            moved = {
                letters: sum(abs(a - b) for a, b in zip(after.points, found.points, strict=True))
                for letters, after in flips.items()
            }
            return flips[told].result == near.result and moved[told] == min(moved.values())
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
        kept = play_randomly(load_shipped_quizzes()[quiz], draw, skip_probability=0.2).kept
        faults += decode(quiz, encode(quiz, kept)) != kept.replace(SKIPPED, NOT_ASKED)
    return [*found, ProofResult("result codes, there and back", round(CODE_COUNT * share), faults)]


def _check_reachability() -> ProofResult:
    """Every result of every assessment, over every way; the time is measured, not judged."""
    begin = perf_counter()
    found = {quiz: ways(assessment) for quiz, assessment in load_shipped_quizzes().items()}
    seconds = perf_counter() - begin
    faults = sum(not number for one in found.values() for number in one.to.values())
    faults += sum(len(list(preferred_by_none(assessment))) for assessment in load_shipped_quizzes().values())
    note = f"{seconds:.2f} s; the rarest result is for one way in "
    note += f"{max(one.all / max(1, min(one.to.values())) for one in found.values()):.0f}"
    return ProofResult(
        "complete ways through all assessments", sum(one.all for one in found.values()), faults, note
    )
