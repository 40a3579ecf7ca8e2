"""The state of a quiz run, which is stored in its buttons: encoded, verified and decoded here.

An action is `quiz.answer:<quiz>:<version>:<answers>:<code>:<signature>`, at most 64 characters: the quiz as a
hash, four characters for the version of its questions, one character a question and one for the order of the
options, the result code of an earlier run or nothing, and a 64-bit HMAC over all of it, the action's name and
the person. Where others read along, the answers are encrypted: `quiz.answer:<quiz>:<version>:<ciphertext>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.commands.command import Context
from bot.commands.quiz.quiz_input import EncryptedStateArgs, SignedStateArgs
from bot.content.content import short_hash
from bot.content.quiz_models import QUESTION_CODES, Quiz
from bot.domain.quiz import NO_ANSWERS, QuizRun, find_dropped_answers
from bot.domain.quiz.option_order import NO_SEED
from bot.domain.quiz.result_code import RESULT_CODE_LENGTH
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
        seed: the order of the options in this run; see `option_order`.
    """

    quiz_id: str
    run: QuizRun
    earlier_code: str = ""
    is_public: bool = False
    has_quiz_changed: bool = False
    lost_answers: tuple[tuple[str, str], ...] = ()
    seed: str = NO_SEED

    @classmethod
    def create(
        cls,
        quiz_id: str,
        context: Context,
        *,
        earlier_code: str = "",
        is_public: bool = False,
        seed: str = NO_SEED,
    ) -> QuizSession:
        """Return a run without answers."""
        run = QuizRun.replay(context.content.quizzes[quiz_id], NO_ANSWERS)
        return cls(quiz_id, run, earlier_code, is_public, seed=seed)

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
    answers = session.run.answers + session.seed
    state, signer = answers + session.earlier_code, context.build_token_signer()
    if session.is_public:
        sealed = EncryptedStateArgs(quiz_hash, version, signer.encrypt(state, associated_data))
        return Action(name, sealed.encode())
    signature = signer.sign(state, associated_data)
    signed = SignedStateArgs(quiz_hash, version, answers, session.earlier_code, signature)
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
    answers, seed, earlier_code = _split_state(state)
    run = QuizRun.replay(quiz, answers)
    return QuizSession(
        quiz_id,
        run,
        earlier_code,
        is_public=isinstance(args, EncryptedStateArgs),
        has_quiz_changed=args.version != quiz.version,
        lost_answers=find_dropped_answers(answers, run),
        seed=seed,
    )


def decode_state_args(request: Request) -> SignedStateArgs | EncryptedStateArgs | None:
    """Return the state in a pressed button, not yet verified."""
    args = request.action.args
    return SignedStateArgs.decode(args) or EncryptedStateArgs.decode(args)


def _split_state(text: str) -> tuple[str, str, str]:
    """Split a state into answers, seed and earlier code; a run from before has no seed."""
    answers, rest = text[:_ANSWERS_LENGTH], text[_ANSWERS_LENGTH:]
    has_seed = len(rest) in (1, 1 + RESULT_CODE_LENGTH)
    return answers, rest[:1] if has_seed else NO_SEED, rest[1:] if has_seed else rest


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
