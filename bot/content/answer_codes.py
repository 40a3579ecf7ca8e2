"""`assessments.lock`: every slot and letter that an assessment ever used, and what for. It only grows.

Buttons and result codes hold answers by slot and letter, so a letter that meant something once may never
mean something else: an old code would silently say what nobody answered. A line is one question:

    research-or-engineering a blocked a=side b=tidy c=unblock
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.content.quiz_models import OPTION_CODES, QUESTION_CODES, Quiz
from bot.content.strict_yaml import YamlDocument
from bot.errors import ContentProblem

LOCK_FILE_NAME = "assessments.lock"
_HEADER = (
    "# Every slot and letter that an assessment ever used, and what for: old buttons and codes hold them.\n"
    "# `career-bot check` adds what is new; commit it. Never change or remove a line.\n"
)


@dataclass(slots=True)
class AssignedCodes:
    """What one slot was ever used for: one question, and its options by letter."""

    question_id: str
    option_ids: dict[str, str] = field(default_factory=dict)


AnswerCodes = Mapping[tuple[str, str], AssignedCodes]
"""By assessment id and slot."""


def parse_answer_codes(file: Path, data: bytes, problems: list[ContentProblem]) -> AnswerCodes:
    """Read the committed list; a file that is not there is an empty list."""
    letters: dict[tuple[str, str], AssignedCodes] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        quiz, *rest = line.split()
        pairs = [pair.partition("=") for pair in rest[2:]]
        if (
            len(rest) < 3
            or rest[0] not in QUESTION_CODES
            or any(letter not in OPTION_CODES for letter, _, _ in pairs)
        ):
            message = "is not `<assessment> <slot> <question> <letter>=<option> …`; take it back from git"
            problems.append(ContentProblem(file, number, 1, "", message))
            continue
        slot = letters.setdefault((quiz, rest[0]), AssignedCodes(rest[1]))
        if slot.question_id != rest[1]:
            problems.append(
                ContentProblem(file, number, 1, "", f"slot {rest[0]} of {quiz} stands already above")
            )
        slot.option_ids.update({letter: option for letter, _, option in pairs})
    return letters


def find_reused_codes(
    quiz_id: str, quiz: Quiz, document: YamlDocument, answer_codes: AnswerCodes
) -> Iterator[ContentProblem]:
    """Every slot and letter that once stood for something else."""
    for index, question in enumerate(quiz.questions):
        slot = answer_codes.get((quiz_id, question.slot))
        if slot is None:
            continue
        if slot.question_id != question.id:
            free = [one for one in QUESTION_CODES if (quiz_id, one) not in answer_codes]
            advice = f"take {free[0]}" if free else "all are used up: begin a new file"
            message = f"{question.slot!r} was {slot.question_id!r} and stays so in old answers; {advice}"
            yield document.build_problem(("questions", index, "slot"), message)
            continue
        for place, option in enumerate(question.options):
            if (was := slot.option_ids.get(option.letter, option.id)) != option.id:
                free = [one for one in OPTION_CODES if one not in slot.option_ids]
                advice = f"take {free[0]}" if free else "all are used up: give the question a new id and slot"
                message = f"{option.letter!r} was {was!r} and stays so in old answers; {advice}"
                yield document.build_problem(("questions", index, "options", place, "letter"), message)


def merge_codes(quizzes: Mapping[str, Quiz], answer_codes: AnswerCodes) -> str | None:
    """The committed list with what is new in the content; None when nothing is."""
    merged = {
        key: AssignedCodes(slot.question_id, dict(slot.option_ids)) for key, slot in answer_codes.items()
    }
    for quiz, assessment in quizzes.items():
        for question in assessment.questions:
            slot = merged.setdefault((quiz, question.slot), AssignedCodes(question.id))
            for option in question.options:
                slot.option_ids.setdefault(option.letter, option.id)
    if merged == answer_codes:
        return None
    return _HEADER + "".join(
        f"{quiz} {slot} {kept.question_id} {' '.join(f'{a}={b}' for a, b in sorted(kept.option_ids.items()))}\n"
        for (quiz, slot), kept in sorted(merged.items())
    )
