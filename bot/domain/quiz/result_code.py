"""Result codes: ten characters that hold the answers, so that a later run can say what moved.

`1K7QM-0V3XP`: one character for the code's version and the assessment, eight for the answers, one to check.
The answers are one number in base seven: nothing, or one of six letters, for each of fourteen slots. So a
code says nothing of who answered, and it does not tell a skipped question from one that was not asked.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b

from bot.content.quiz_models import OPTION_CODES, QUESTION_CODES
from bot.domain.quiz.quiz_run import NOT_ASKED, SKIPPED

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U, which are misread
_LOOKALIKE_CHARACTERS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_FORMAT_VERSION = 1  # 0 to 3
_QUIZ_TAG_COUNT = 8
_BASE = len(OPTION_CODES) + 1
RESULT_CODE_LENGTH = 10
"""Characters of a code without its hyphen."""


class InvalidCodeReason(StrEnum):
    """Why a code cannot be read; each is a sentence of its own."""

    LENGTH = "length"
    CHARACTER = "character"
    MISTYPED = "mistyped"
    OTHER_QUIZ = "other_quiz"
    NEWER = "newer"


def encode_result_code(quiz_id: str, answers: str) -> str:
    """The code of the kept answers, as people read it: two groups of five."""
    number = 0
    for char in answers:
        number = number * _BASE + (0 if char in (NOT_ASKED, SKIPPED) else OPTION_CODES.index(char) + 1)
    digits = [_FORMAT_VERSION * _QUIZ_TAG_COUNT + _compute_quiz_tag(quiz_id)]
    digits += [number >> shift & 31 for shift in range(35, -5, -5)]
    digits.append(_multiply_by_x(_compute_checksum(digits, quiz_id)))
    code = "".join(_ALPHABET[digit] for digit in digits)
    return f"{code[:5]}-{code[5:]}"


def decode_result_code(quiz_id: str, code: str) -> str | InvalidCodeReason:
    """The kept answers of a code; small letters, spaces and hyphens are as good, O and I read as 0 and 1."""
    text = "".join(char for char in code.upper() if char not in " -\u2010\u2011\u2013").translate(
        _LOOKALIKE_CHARACTERS
    )
    if len(text) != RESULT_CODE_LENGTH:
        return InvalidCodeReason.LENGTH
    if any(char not in _ALPHABET for char in text):
        return InvalidCodeReason.CHARACTER
    digits = [_ALPHABET.index(char) for char in text]
    number = 0
    for digit in digits[1:-1]:
        number = number << 5 | digit
    if _compute_checksum(digits, quiz_id) != 0 or number >= _BASE ** len(QUESTION_CODES):
        return InvalidCodeReason.MISTYPED
    version, tag = divmod(digits[0], _QUIZ_TAG_COUNT)
    if tag != _compute_quiz_tag(quiz_id):
        return InvalidCodeReason.OTHER_QUIZ
    if version != _FORMAT_VERSION:
        return InvalidCodeReason.NEWER
    kept = ""
    for _ in QUESTION_CODES:
        number, value = divmod(number, _BASE)
        kept = (NOT_ASKED if value == 0 else OPTION_CODES[value - 1]) + kept
    return kept


def strip_hyphen(code: str) -> str:
    """A readable code without its hyphen, as it travels in buttons."""
    return code.replace("-", "")


def _compute_quiz_tag(quiz_id: str) -> int:
    return _hash_quiz_id(quiz_id) % _QUIZ_TAG_COUNT


def _hash_quiz_id(quiz_id: str) -> int:
    return blake2b(quiz_id.encode(), digest_size=1).digest()[0]


def _compute_checksum(digits: list[int], quiz_id: str) -> int:
    """Horner's rule over the field of 32 elements: finds every single wrong character and every swap.

    It starts from the assessment, so that most codes of another one do not pass here.
    """
    total = _hash_quiz_id(quiz_id) // _QUIZ_TAG_COUNT
    for digit in digits:
        total = _multiply_by_x(total) ^ digit
    return total


def _multiply_by_x(element: int) -> int:
    """The element times x, modulo x^5 + x^2 + 1."""
    return element << 1 ^ (37 if element & 16 else 0)
