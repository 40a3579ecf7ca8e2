"""One person's way through an assessment, replayed from the kept answers each time: answers, never totals."""

from __future__ import annotations

from dataclasses import dataclass

from bot.library.assessment import SLOTS, AnswerOption, Assessment, Question

NOT_ASKED = "-"
SKIPPED = "."
NOTHING = NOT_ASKED * len(SLOTS)
"""The kept answers of a run that has just begun: one character a slot."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the kept answers give it.

    Attributes:
        kept: one character a slot: an option's letter, `.` for skipped, `-` for not asked. Holds only what
            this assessment can have asked, whatever `replay` was given.
        asked: the questions that these answers lead to, in order, answered or not.
    """

    assessment: Assessment
    kept: str
    asked: tuple[Question, ...]

    @classmethod
    def replay(cls, assessment: Assessment, kept: str) -> Run:
        """Walk the questions in order; answers to what is no longer there or not shown are left out."""
        chars = dict(zip(SLOTS, kept, strict=False))
        letters: dict[str, str] = {}
        taken: dict[str, str] = {}
        asked: list[Question] = []
        for question in assessment.questions:
            if not _shown(question, taken):
                continue
            asked.append(question)
            char = chars.get(question.slot, NOT_ASKED)
            option = next((option for option in question.options if option.letter == char), None)
            if option is not None:
                taken[question.id] = option.id
            if option is not None or char == SKIPPED:
                letters[question.slot] = char
        return cls(assessment, "".join(letters.get(slot, NOT_ASKED) for slot in SLOTS), tuple(asked))

    @property
    def next(self) -> Question | None:
        """The first question without an answer; None when the run is done."""
        return next((question for question in self.asked if self.char(question) == NOT_ASKED), None)

    @property
    def last(self) -> Question | None:
        """The question before `next`: the one that *Back* returns to."""
        at = self.next
        before = self.asked if at is None else self.asked[: self.asked.index(at)]
        return before[-1] if before else None

    @property
    def total(self) -> int:
        """How many questions it may come to: those asked, and those that an answer may still show."""
        known = {question.id: self.option(question) for question in self.asked}
        coming = {question.id for question in self.asked if self.char(question) == NOT_ASKED}
        for question in self.assessment.questions:
            if question.id not in known and all(
                parent in coming or ((taken := known.get(parent)) is not None and taken.id in wanted)
                for parent, wanted in question.show_if.items()
            ):
                coming.add(question.id)
        return len(coming | set(known))

    def char(self, question: Question) -> str:
        """What is kept for a question."""
        return self.kept[SLOTS.index(question.slot)]

    def option(self, question: Question) -> AnswerOption | None:
        """The option taken; None when skipped or not asked."""
        char = self.char(question)
        return next((option for option in question.options if option.letter == char), None)

    def number(self, question: Question) -> int:
        """Which question it is on this way, from 1."""
        return self.asked.index(question) + 1

    def put(self, question: Question, char: str) -> Run:
        """The run with this answer to a question."""
        at = SLOTS.index(question.slot)
        return Run.replay(self.assessment, self.kept[:at] + char + self.kept[at + 1 :])

    def back(self) -> Run:
        """The run without its last answer; itself when there is none."""
        return self if self.last is None else self.put(self.last, NOT_ASKED)


def _shown(question: Question, taken: dict[str, str]) -> bool:
    return all(taken.get(parent) in wanted for parent, wanted in question.show_if.items())
