"""`quizzes.lock`: every code that a quiz ever gave to a question and its options. It only grows.

Buttons and result codes hold answers by these codes, so one that meant something once may never mean
something else: an old result would silently hold an answer that nobody gave. A line is one question:

    research-or-engineering a blocked a=side b=tidy c=unblock
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.content.quiz_models import OPTION_CODES, QUESTION_CODES, Quiz
from bot.content.strict_yaml import YamlDocument
from bot.errors import ContentProblem

LOCK_FILE_NAME = "quizzes.lock"
_HEADER = (
    "# Every code that a quiz ever gave to a question and to an option of it:"
    " old buttons and results hold them.\n"
    "# `career-bot check` adds what is new; commit it. Never change or remove a line.\n"
)


@dataclass(slots=True)
class AssignedCodes:
    """What one question code was ever used for: one question, and its options by code."""

    question_id: str
    option_ids: dict[str, str] = field(default_factory=dict)


AnswerCodes = Mapping[tuple[str, str], AssignedCodes]
"""By quiz id and question code."""


def parse_answer_codes(file: Path, data: bytes, problems: list[ContentProblem]) -> AnswerCodes:
    """Parse the committed list; a missing file is an empty list."""
    answer_codes: dict[tuple[str, str], AssignedCodes] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        quiz, *rest = line.split()
        pairs = [pair.partition("=") for pair in rest[2:]]
        if (
            len(rest) < 3
            or rest[0] not in QUESTION_CODES
            or any(code not in OPTION_CODES for code, _, _ in pairs)
        ):
            message = "must be `<quiz> <code> <question> <code>=<option> …`; restore the file from git"
            problems.append(ContentProblem(file, number, 1, "", message))
            continue
        codes = answer_codes.setdefault((quiz, rest[0]), AssignedCodes(rest[1]))
        if codes.question_id != rest[1]:
            problems.append(
                ContentProblem(file, number, 1, "", f"code {rest[0]!r} of {quiz} is already in a line above")
            )
        codes.option_ids.update({code: option for code, _, option in pairs})
    return answer_codes


def find_reused_codes(
    quiz_id: str, quiz: Quiz, document: YamlDocument, answer_codes: AnswerCodes
) -> Iterator[ContentProblem]:
    """Yield every code that once meant something else."""
    for index, question in enumerate(quiz.questions):
        codes = answer_codes.get((quiz_id, question.code))
        if codes is None:
            continue
        if codes.question_id != question.id:
            free = [code for code in QUESTION_CODES if (quiz_id, code) not in answer_codes]
            advice = f"take {free[0]}" if free else "all are used up: begin a new file"
            message = f"{question.code!r} was {codes.question_id!r} and stays so in old answers; {advice}"
            yield document.build_problem(("questions", index, "code"), message)
            continue
        for place, option in enumerate(question.options):
            if (old_id := codes.option_ids.get(option.code, option.id)) != option.id:
                free = [code for code in OPTION_CODES if code not in codes.option_ids]
                advice = f"take {free[0]}" if free else "all are used up: give the question a new id and code"
                message = f"{option.code!r} was {old_id!r} and stays so in old answers; {advice}"
                yield document.build_problem(("questions", index, "options", place, "code"), message)


def merge_codes(quizzes: Mapping[str, Quiz], answer_codes: AnswerCodes) -> str | None:
    """Return the committed list with the content's new codes; None when there are none."""
    merged = {
        key: AssignedCodes(codes.question_id, dict(codes.option_ids)) for key, codes in answer_codes.items()
    }
    for quiz_id, quiz in quizzes.items():
        for question in quiz.questions:
            codes = merged.setdefault((quiz_id, question.code), AssignedCodes(question.id))
            for option in question.options:
                codes.option_ids.setdefault(option.code, option.id)
    if merged == answer_codes:
        return None
    return _HEADER + "".join(
        f"{quiz_id} {code} {kept.question_id} {_format_options(kept)}\n"
        for (quiz_id, code), kept in sorted(merged.items())
    )


def _format_options(codes: AssignedCodes) -> str:
    return " ".join(f"{code}={option_id}" for code, option_id in sorted(codes.option_ids.items()))
