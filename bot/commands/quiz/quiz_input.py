"""The input of `quiz`, and the arguments of its buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from rapidfuzz import fuzz

from bot.commands.command import Context
from bot.commands.inputs import MAX_VALUE_LENGTH, looks_like_question
from bot.content.content import short_hash
from bot.content.quiz_models import QUESTION_CODES
from bot.domain.quiz import InvalidCodeReason, decode_result_code

_MIN_SIMILARITY = 80.0  # rapidfuzz ratio: "reserch gap"
_HERE_WORD = "here"
_SINCE_PREFIX = "since:"
_ANSWERS_LENGTH = len(QUESTION_CODES)


@dataclass(frozen=True, slots=True)
class QuizInput:
    """Which quiz to take.

    Attributes:
        name: what the person wrote; empty for the list of quizzes.
        earlier_code: the result code of an earlier run to compare with, or empty.
        is_public: whether it runs where others read along.
        quiz_ids: the quizzes that this may mean; without a name those that the code may be from.
    """

    name: str = ""
    earlier_code: str = ""
    is_public: bool = False
    quiz_ids: tuple[str, ...] = ()

    @classmethod
    def parse(cls, words: str, context: Context) -> Self | None:
        """Parse `research gap here since:9F2…`; None for a sentence like "quiz me on SQL"."""
        name, _, code = words.partition(_SINCE_PREFIX)
        is_public = _HERE_WORD in (*name.split(), *code.split())
        command_input = cls._find(_without_here(name), _without_here(code), is_public, context)
        if command_input.name and not command_input.quiz_ids and looks_like_question(words):
            return None
        return command_input

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], context: Context) -> Self:
        """Build it from the options `name`, `since` and `here`."""
        name, code = fields.get("name", "").strip(), fields.get("since", "").strip()
        return cls._find(name, code, bool(fields.get("here")), context)

    @classmethod
    def _find(cls, name: str, code: str, is_public: bool, context: Context) -> Self:
        quiz_ids = _find_by_name(name, context) if name else _find_by_code(code, context)
        return cls(name, code, is_public, tuple(quiz_ids))


def _without_here(words: str) -> str:
    return " ".join(word for word in words.split() if word != _HERE_WORD)


def _find_by_name(name: str, context: Context) -> list[str]:
    """Return the quizzes with exactly this name, else those with its words, else the most similar one."""
    name = " ".join(name[:MAX_VALUE_LENGTH].casefold().replace("-", " ").split())
    names_by_id = {
        quiz_id: (quiz_id.replace("-", " "), quiz.short.casefold(), quiz.title.casefold())
        for quiz_id, quiz in context.content.quizzes.items()
    }
    exact = [quiz_id for quiz_id, names in names_by_id.items() if name in names]
    if exact or not name:
        return exact
    with_words = [
        quiz_id
        for quiz_id, names in names_by_id.items()
        if any(f" {name}" in f" {quiz_name}" for quiz_name in names)
    ]
    if with_words:
        return with_words
    similarity = {
        quiz_id: max(fuzz.ratio(name, quiz_name) for quiz_name in names)
        for quiz_id, names in names_by_id.items()
    }
    best = max(similarity, key=lambda quiz_id: similarity[quiz_id], default=None)
    return [best] if best is not None and similarity[best] >= _MIN_SIMILARITY else []


def _find_by_code(code: str, context: Context) -> list[str]:
    """Return the quizzes that a result code may be from."""
    return [
        quiz_id
        for quiz_id in context.content.quizzes
        if not isinstance(decode_result_code(quiz_id, code), InvalidCodeReason)
    ]


@dataclass(frozen=True, slots=True)
class TakeQuizArgs:
    """The button that starts a run of one's own.

    Attributes:
        is_public: whether it runs where others read along.
    """

    quiz_hash: str
    is_public: bool = False

    @classmethod
    def from_id(cls, quiz_id: str, *, is_public: bool = False) -> Self:
        """Hash the id."""
        return cls(short_hash(quiz_id), is_public)

    def encode(self) -> tuple[str, ...]:
        """Return the quiz and, for a public run, the word `here`."""
        return (self.quiz_hash, _HERE_WORD) if self.is_public else (self.quiz_hash,)

    @classmethod
    def decode(cls, args: tuple[str, ...]) -> Self | None:
        """Read what `encode` wrote."""
        match args:
            case (quiz_hash,) if quiz_hash:
                return cls(quiz_hash)
            case (quiz_hash, "here") if quiz_hash:
                return cls(quiz_hash, is_public=True)
            case _:
                return None


@dataclass(frozen=True, slots=True)
class SignedStateArgs:
    """The state of a private run in a button: readable, and signed for one person.

    Attributes:
        answers: one character a question, then one for the order of the options (a run from before has none).
        earlier_code: the result code of an earlier run, or empty.
    """

    quiz_hash: str
    version: str
    answers: str
    earlier_code: str
    signature: str

    def encode(self) -> tuple[str, ...]:
        """Return the attributes in order."""
        return self.quiz_hash, self.version, self.answers, self.earlier_code, self.signature

    @classmethod
    def decode(cls, args: tuple[str, ...]) -> Self | None:
        """Read what `encode` wrote; the signature is checked by who knows the key."""
        if len(args) != 5 or not args[0] or len(args[2]) not in (_ANSWERS_LENGTH, _ANSWERS_LENGTH + 1):
            return None
        return cls(*args)


@dataclass(frozen=True, slots=True)
class EncryptedStateArgs:
    """The state of a public run in a button: encrypted, since others could read it there."""

    quiz_hash: str
    version: str
    ciphertext: str

    def encode(self) -> tuple[str, ...]:
        """Return the attributes in order."""
        return self.quiz_hash, self.version, self.ciphertext

    @classmethod
    def decode(cls, args: tuple[str, ...]) -> Self | None:
        """Read what `encode` wrote; the ciphertext is checked by who knows the key."""
        return cls(*args) if len(args) == 3 and args[0] else None
