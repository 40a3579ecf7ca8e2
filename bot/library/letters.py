"""`assessments.lock`: every slot and letter that an assessment ever used, and what for. It only grows.

Buttons and result codes hold answers by slot and letter, so a letter that meant something once may never
mean something else: an old code would silently say what nobody answered. A line is one question:

    research-or-engineering a blocked a=side b=tidy c=unblock
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ContentProblem
from bot.library.assessment import LETTERS, SLOTS, Assessment
from bot.library.nodes import Document

LOCK = "assessments.lock"
_HEAD = (
    "# Every slot and letter that an assessment ever used, and what for: old buttons and codes hold them.\n"
    "# `career-bot check` adds what is new; commit it. Never change or remove a line.\n"
)


@dataclass(slots=True)
class Slot:
    """What one slot was ever used for: one question, and its options by letter."""

    question: str
    options: dict[str, str] = field(default_factory=dict)


Letters = Mapping[tuple[str, str], Slot]
"""By assessment id and slot."""


def read_letters(file: Path, content: bytes, problems: list[ContentProblem]) -> Letters:
    """Read the committed list; a file that is not there is an empty list."""
    letters: dict[tuple[str, str], Slot] = {}
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        quiz, *rest = line.split()
        pairs = [pair.partition("=") for pair in rest[2:]]
        if len(rest) < 3 or rest[0] not in SLOTS or any(letter not in LETTERS for letter, _, _ in pairs):
            message = "is not `<assessment> <slot> <question> <letter>=<option> …`; take it back from git"
            problems.append(ContentProblem(file, number, 1, "", message))
            continue
        slot = letters.setdefault((quiz, rest[0]), Slot(rest[1]))
        if slot.question != rest[1]:
            problems.append(
                ContentProblem(file, number, 1, "", f"slot {rest[0]} of {quiz} stands already above")
            )
        slot.options.update({letter: option for letter, _, option in pairs})
    return letters


def reused(
    quiz: str, assessment: Assessment, document: Document, letters: Letters
) -> Iterator[ContentProblem]:
    """Every slot and letter that once stood for something else."""
    for index, question in enumerate(assessment.questions):
        slot = letters.get((quiz, question.slot))
        if slot is None:
            continue
        if slot.question != question.id:
            free = [one for one in SLOTS if (quiz, one) not in letters]
            advice = f"take {free[0]}" if free else "all are used up: begin a new file"
            message = f"{question.slot!r} was {slot.question!r} and stays so in old answers; {advice}"
            yield document.problem(("questions", index, "slot"), message)
            continue
        for place, option in enumerate(question.options):
            if (was := slot.options.get(option.letter, option.id)) != option.id:
                free = [one for one in LETTERS if one not in slot.options]
                advice = f"take {free[0]}" if free else "all are used up: give the question a new id and slot"
                message = f"{option.letter!r} was {was!r} and stays so in old answers; {advice}"
                yield document.problem(("questions", index, "options", place, "letter"), message)


def grown(assessments: Mapping[str, Assessment], letters: Letters) -> str | None:
    """The committed list with what is new in the content; None when nothing is."""
    merged = {key: Slot(slot.question, dict(slot.options)) for key, slot in letters.items()}
    for quiz, assessment in assessments.items():
        for question in assessment.questions:
            slot = merged.setdefault((quiz, question.slot), Slot(question.id))
            for option in question.options:
                slot.options.setdefault(option.letter, option.id)
    if merged == letters:
        return None
    return _HEAD + "".join(
        f"{quiz} {slot} {kept.question} {' '.join(f'{a}={b}' for a, b in sorted(kept.options.items()))}\n"
        for (quiz, slot), kept in sorted(merged.items())
    )
