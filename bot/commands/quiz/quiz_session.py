"""The state of a quiz run, which is stored in its buttons: encoded, verified and decoded here.

An action is `quiz.answer:<quiz>:<version>:<answers>:<code>:<signature>`, at most 64 characters: the quiz as a
hash, four characters for the version of its questions, one character a question, the result code of an
earlier run or nothing, and a 64-bit HMAC over all of it, the action's name and the person. Where others read
along, the answers are encrypted: `quiz.answer:<quiz>:<version>:<ciphertext>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.commands.command import Context
from bot.commands.quiz.quiz_input import EncryptedStateArgs, SignedStateArgs
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
        earlier_code: the result code of an earlier run to compare with, without its hyphen; empty for none.
        is_public: whether it runs where others read along.
        has_quiz_changed: whether the quiz has changed since the button was written.
        lost_answers: question and option codes of the answers that the change removed.
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
        """Return a run without answers."""
        return cls(
            quiz_id, QuizRun.replay(context.content.quizzes[quiz_id], NO_ANSWERS), earlier_code, is_public
        )

    @property
    def quiz(self) -> Quiz:
        """Return the quiz."""
        return self.run.quiz

    def with_run(self, run: QuizRun) -> QuizSession:
        """Return the same session with other answers."""
        return replace(self, run=run)


def encode_session_action(session: QuizSession, verb: str, request: Request, context: Context) -> Action:
    """Return a button's action: the state after its press, valid for the asker alone."""
    name = f"quiz.{verb}"
    quiz_hash, version = short_hash(session.quiz_id), session.quiz.version
    associated_data = _build_associated_data(name, quiz_hash, version, request)
    state, signer = session.run.answers + session.earlier_code, context.build_token_signer()
    if session.is_public:
        sealed = EncryptedStateArgs(quiz_hash, version, signer.encrypt(state, associated_data))
        return Action(name, sealed.encode())
    signature = signer.sign(state, associated_data)
    signed = SignedStateArgs(quiz_hash, version, session.run.answers, session.earlier_code, signature)
    return Action(name, signed.encode())


def decode_session(request: Request, context: Context) -> QuizSession | None:
    """Return the run in a pressed button; None when it is another person's, or not written by this bot.

    A quiz that has changed since keeps every answer that still has a meaning.
    """
    args = decode_state_args(request)
    state = _verify_state(args, request, context) if args is not None else None
    quiz_id = context.content.find_quiz_by_hash(args.quiz_hash) if args is not None else None
    if args is None or state is None or quiz_id is None:
        return None
    quiz = context.content.quizzes[quiz_id]
    answers, earlier_code = state[:_ANSWERS_LENGTH], state[_ANSWERS_LENGTH:]
    run = QuizRun.replay(quiz, answers)
    return QuizSession(
        quiz_id,
        run,
        earlier_code,
        is_public=isinstance(args, EncryptedStateArgs),
        has_quiz_changed=args.version != quiz.version,
        lost_answers=find_dropped_answers(answers, run),
    )


def decode_state_args(request: Request) -> SignedStateArgs | EncryptedStateArgs | None:
    """Return the state in a pressed button, not yet verified."""
    args = request.action.args
    return SignedStateArgs.decode(args) or EncryptedStateArgs.decode(args)


def iter_visible_actions(request: Request) -> Iterator[Action]:
    """Yield the actions that the clicked message has now, when the platform gave them."""
    yield from (Action.decode(encoded) for encoded in sorted(request.visible_actions))


def _verify_state(
    args: SignedStateArgs | EncryptedStateArgs, request: Request, context: Context
) -> str | None:
    """Return answers and earlier code; None when signature or ciphertext is not valid for this person."""
    associated_data = _build_associated_data(request.action.name, args.quiz_hash, args.version, request)
    if isinstance(args, EncryptedStateArgs):
        return context.build_token_signer().decrypt(args.ciphertext, associated_data)
    state = args.answers + args.earlier_code
    return state if context.build_token_signer().verify(state, associated_data, args.signature) else None


def _build_associated_data(
    action_name: str, quiz_hash: str, version: str, request: Request
) -> tuple[str, ...]:
    """Return what a signature covers besides the state: the action, the quiz and the person."""
    origin = request.origin
    return (action_name, quiz_hash, version, origin.platform, origin.workspace, request.user.id)
