"""Where someone is in an assessment travels in the buttons: written here, checked and read here.

An action is `quiz.answer:<quiz>:<version>:<answers>:<code>:<signature>`, at most 64 characters: the quiz as
its mark, four characters for its shape, one character a slot, the code of an earlier run or nothing, and 64
bits over all of it, the action's name and the person. Where others read along the answers are encrypted too:
`quiz.answer:<quiz>:<version>:<sealed>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.commands.command import Context
from bot.content.content import short_hash
from bot.content.quiz_models import QUESTION_CODES, Quiz
from bot.domain.quiz import NO_ANSWERS, QuizRun, find_dropped_answers
from bot.messaging.action import Action
from bot.messaging.request import Request

_ANSWERS_LENGTH = len(QUESTION_CODES)


@dataclass(frozen=True, slots=True)
class QuizSession:
    """One person's run, as a message shows it.

    Attributes:
        since: the bare code of an earlier run to compare with; empty when there is none.
        public: whether it runs where others read along.
        changed: whether the quiz has changed since the button was written.
        lost: slot and letter of the answers that the change took away.
    """

    quiz_id: str
    run: QuizRun
    earlier_code: str = ""
    is_public: bool = False
    has_quiz_changed: bool = False
    lost_answers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def create(
        cls, quiz_id: str, context: Context, *, earlier_code: str = "", is_public: bool = False
    ) -> QuizSession:
        """A run that begins."""
        return cls(
            quiz_id, QuizRun.replay(context.content.quizzes[quiz_id], NO_ANSWERS), earlier_code, is_public
        )

    @property
    def quiz(self) -> Quiz:
        """What is asked."""
        return self.run.quiz

    def with_run(self, run: QuizRun) -> QuizSession:
        """The same sitting elsewhere on the way."""
        return replace(self, run=run)


def encode_session_action(session: QuizSession, verb: str, request: Request, context: Context) -> Action:
    """What a button carries: the state after its press, for the asker alone."""
    head = (short_hash(session.quiz_id), session.quiz.version)
    told = _build_associated_data(f"quiz.{verb}", head, request)
    kept = session.run.answers
    if session.is_public:
        return Action(
            f"quiz.{verb}", (*head, context.build_token_signer().encrypt(kept + session.earlier_code, told))
        )
    signature = context.build_token_signer().sign(kept + session.earlier_code, told)
    return Action(f"quiz.{verb}", (*head, kept, session.earlier_code, signature))


def decode_session(request: Request, context: Context) -> QuizSession | None:
    """The run in a pressed button; None when it is not this person's, or nothing that this bot wrote.

    A quiz that has changed since keeps every answer that still means something.
    """
    text, public = _decode_state(request, context)
    quiz = context.content.find_quiz_by_hash(request.action.args[0]) if text is not None else None
    if text is None or quiz is None:
        return None
    assessment = context.content.quizzes[quiz]
    kept, since = text[:_ANSWERS_LENGTH], text[_ANSWERS_LENGTH:]
    run = QuizRun.replay(assessment, kept)
    changed = request.action.args[1] != assessment.version
    return QuizSession(quiz, run, since, public, changed, find_dropped_answers(kept, run))


def iter_visible_actions(request: Request) -> Iterator[Action]:
    """What the clicked message carries now, when the platform told."""
    yield from (Action.decode(encoded) for encoded in sorted(request.visible_actions))


def _decode_state(request: Request, context: Context) -> tuple[str | None, bool]:
    match request.action.args:
        case (quiz, version, kept, since, signature):
            told = _build_associated_data(request.action.name, (quiz, version), request)
            good = len(kept) == _ANSWERS_LENGTH and context.build_token_signer().verify(
                kept + since, told, signature
            )
            return (kept + since if good else None), False
        case (quiz, version, closed):
            return context.build_token_signer().decrypt(
                closed, _build_associated_data(request.action.name, (quiz, version), request)
            ), True
        case _:
            return None, False


def _build_associated_data(action_name: str, head: tuple[str, str], request: Request) -> tuple[str, ...]:
    origin = request.origin
    return (action_name, *head, origin.platform, origin.workspace, request.user.id)
