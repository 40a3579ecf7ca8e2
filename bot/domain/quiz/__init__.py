"""Assessments: a run replayed from its answers, its score, the nearest other result, its code."""

from bot.domain.quiz.nearest_result import AnswerChange, NearestResult, find_nearest_result
from bot.domain.quiz.quiz_run import NO_ANSWERS, NOT_ASKED, SKIPPED, QuizRun
from bot.domain.quiz.quiz_scoring import QuizScore, list_decisive_questions, score_run
from bot.domain.quiz.result_changes import ResultChanges, compare_runs, find_dropped_answers
from bot.domain.quiz.result_code import (
    InvalidCodeReason,
    decode_result_code,
    encode_result_code,
    strip_hyphen,
)

__all__ = [
    "NOT_ASKED",
    "NO_ANSWERS",
    "SKIPPED",
    "AnswerChange",
    "InvalidCodeReason",
    "NearestResult",
    "QuizRun",
    "QuizScore",
    "ResultChanges",
    "compare_runs",
    "decode_result_code",
    "encode_result_code",
    "find_dropped_answers",
    "find_nearest_result",
    "list_decisive_questions",
    "score_run",
    "strip_hyphen",
]
