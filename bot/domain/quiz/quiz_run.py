"""One person's way through an assessment, replayed from the kept answers each time: answers, never totals."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.quiz_models import QUESTION_CODES, Quiz, QuizOption, QuizQuestion

NOT_ASKED = "-"
SKIPPED = "."
NO_ANSWERS = NOT_ASKED * len(QUESTION_CODES)
"""The kept answers of a run that has just begun: one character a slot."""


@dataclass(frozen=True, slots=True)
class QuizRun:
    """A run as the kept answers give it.

    Attributes:
        kept: one character a slot: an option's letter, `.` for skipped, `-` for not asked. Holds only what
            this assessment can have asked, whatever `replay` was given.
        asked: the questions that these answers lead to, in order, answered or not.
    """

    quiz: Quiz
    answers: str
    asked_questions: tuple[QuizQuestion, ...]

    @classmethod
    def replay(cls, quiz: Quiz, answers: str) -> QuizRun:
        """Walk the questions in order; answers to what is no longer there or not shown are left out."""
        chars = dict(zip(QUESTION_CODES, answers, strict=False))
        letters: dict[str, str] = {}
        taken: dict[str, str] = {}
        asked: list[QuizQuestion] = []
        for question in quiz.questions:
            if not _is_visible(question, taken):
                continue
            asked.append(question)
            char = chars.get(question.code, NOT_ASKED)
            option = next((option for option in question.options if option.code == char), None)
            if option is not None:
                taken[question.id] = option.id
            if option is not None or char == SKIPPED:
                letters[question.code] = char
        return cls(quiz, "".join(letters.get(slot, NOT_ASKED) for slot in QUESTION_CODES), tuple(asked))

    @property
    def next_question(self) -> QuizQuestion | None:
        """The first question without an answer; None when the run is done."""
        return next(
            (question for question in self.asked_questions if self.get_answer_code(question) == NOT_ASKED),
            None,
        )

    @property
    def previous_question(self) -> QuizQuestion | None:
        """The question before `next`: the one that *Back* returns to."""
        at = self.next_question
        before = (
            self.asked_questions if at is None else self.asked_questions[: self.asked_questions.index(at)]
        )
        return before[-1] if before else None

    @property
    def max_question_count(self) -> int:
        """How many questions it may come to: those asked, and those that an answer may still show."""
        known = {question.id: self.find_selected_option(question) for question in self.asked_questions}
        coming = {
            question.id for question in self.asked_questions if self.get_answer_code(question) == NOT_ASKED
        }
        for question in self.quiz.questions:
            if question.id not in known and all(
                parent in coming or ((taken := known.get(parent)) is not None and taken.id in wanted)
                for parent, wanted in question.show_if.items()
            ):
                coming.add(question.id)
        return len(coming | set(known))

    def get_answer_code(self, question: QuizQuestion) -> str:
        """What is kept for a question."""
        return self.answers[QUESTION_CODES.index(question.code)]

    def find_selected_option(self, question: QuizQuestion) -> QuizOption | None:
        """The option taken; None when skipped or not asked."""
        char = self.get_answer_code(question)
        return next((option for option in question.options if option.code == char), None)

    def get_question_number(self, question: QuizQuestion) -> int:
        """Which question it is on this way, from 1."""
        return self.asked_questions.index(question) + 1

    def with_answer(self, question: QuizQuestion, code: str) -> QuizRun:
        """The run with this answer to a question."""
        at = QUESTION_CODES.index(question.code)
        return QuizRun.replay(self.quiz, self.answers[:at] + code + self.answers[at + 1 :])

    def without_last_answer(self) -> QuizRun:
        """The run without its last answer; itself when there is none."""
        return self if self.previous_question is None else self.with_answer(self.previous_question, NOT_ASKED)


def _is_visible(question: QuizQuestion, selected_options: dict[str, str]) -> bool:
    return all(selected_options.get(parent) in wanted for parent, wanted in question.show_if.items())
