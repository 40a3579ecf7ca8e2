"""Result codes: ten characters that hold the answers, so that a later run can say what moved.

`1K7QM-0V3XP`: one character for the code's version and the assessment, eight for the answers, one to check.
The answers are one number in base seven: nothing, or one of six letters, for each of fourteen slots. So a
code says nothing of who answered, and it does not tell a skipped question from one that was not asked.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b

from bot.domain.assess.run import NOT_ASKED, SKIPPED
from bot.library.assessment import LETTERS, SLOTS

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U, which are misread
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
_VERSION = 1  # 0 to 3
_TAGS = 8
_BASE = len(LETTERS) + 1
_LENGTH = 10


class Unreadable(StrEnum):
    """Why a code cannot be read; each is a sentence of its own."""

    LENGTH = "length"
    CHARACTER = "character"
    MISTYPED = "mistyped"
    OTHER_QUIZ = "other_quiz"
    NEWER = "newer"


def encode(quiz: str, kept: str) -> str:
    """The code of the kept answers, as people read it: two groups of five."""
    number = 0
    for char in kept:
        number = number * _BASE + (0 if char in (NOT_ASKED, SKIPPED) else LETTERS.index(char) + 1)
    digits = [_VERSION * _TAGS + _tag(quiz)]
    digits += [number >> shift & 31 for shift in range(35, -5, -5)]
    digits.append(_times(_checked(digits, quiz)))
    code = "".join(_ALPHABET[digit] for digit in digits)
    return f"{code[:5]}-{code[5:]}"


def decode(quiz: str, code: str) -> str | Unreadable:
    """The kept answers of a code; small letters, spaces and hyphens are as good, O and I read as 0 and 1."""
    text = "".join(char for char in code.upper() if char not in " -\u2010\u2011\u2013").translate(_MISREAD)
    if len(text) != _LENGTH:
        return Unreadable.LENGTH
    if any(char not in _ALPHABET for char in text):
        return Unreadable.CHARACTER
    digits = [_ALPHABET.index(char) for char in text]
    number = 0
    for digit in digits[1:-1]:
        number = number << 5 | digit
    if _checked(digits, quiz) != 0 or number >= _BASE ** len(SLOTS):
        return Unreadable.MISTYPED
    version, tag = divmod(digits[0], _TAGS)
    if tag != _tag(quiz):
        return Unreadable.OTHER_QUIZ
    if version != _VERSION:
        return Unreadable.NEWER
    kept = ""
    for _ in SLOTS:
        number, value = divmod(number, _BASE)
        kept = (NOT_ASKED if value == 0 else LETTERS[value - 1]) + kept
    return kept


def bare(code: str) -> str:
    """A readable code without its hyphen, as it travels in buttons."""
    return code.replace("-", "")


def _tag(quiz: str) -> int:
    return _told(quiz) % _TAGS


def _told(quiz: str) -> int:
    return blake2b(quiz.encode(), digest_size=1).digest()[0]


def _checked(digits: list[int], quiz: str) -> int:
    """Horner's rule over the field of 32 elements: finds every single wrong character and every swap.

    It starts from the assessment, so that most codes of another one do not pass here.
    """
    total = _told(quiz) // _TAGS
    for digit in digits:
        total = _times(total) ^ digit
    return total


def _times(element: int) -> int:
    """The element times x, modulo x^5 + x^2 + 1."""
    return element << 1 ^ (37 if element & 16 else 0)
