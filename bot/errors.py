"""The exceptions of this project.

    CareerBotError
    ├── SettingsError          a setting is missing or makes no sense; names the problem and its fix
    ├── ContentError           the content folder does not read; holds every problem with file and line
    ├── ModelError             the search model's files are missing or are not those that were measured
    ├── MarkupError            an author's text uses markup that not every platform can show
    ├── LimitExceededError     a reply or form breaks a bound of the message model; a defect of ours
    ├── InvalidActionError     a button, menu or form carries something that this bot did not write
    ├── StoreUnavailableError  the database does not answer in time; what needs no rows goes on
    ├── DeliveryError          a platform did not take a message, or its answer was lost
    └── UserFacingError        the person asked for something that cannot be done; becomes a sentence

An exception outside this tree is a defect. Only the places that catch everything may turn it into
the sentence with a reference; tests/test_architecture.py lists them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Literal

RateLimitScope = Literal["channel", "workspace", "platform"]
"""What a platform slows down: one channel or person, one workspace or server, or all of it."""


MIN_RETRY_AFTER = 0.1
MAX_RETRY_AFTER = 86_400.0
"""Seconds; the bounds of what a platform may ask to wait."""


class CareerBotError(Exception):
    """The root; never raised itself."""


class SettingsError(CareerBotError):
    """A setting is missing or makes no sense.

    Attributes:
        problem: what is wrong, beginning with the setting's name.
        fix: what to do about it; empty where the problem says it.
    """

    def __init__(self, problem: str, fix: str = "") -> None:
        self.problem = problem
        self.fix = fix
        super().__init__(f"{problem}; {fix}" if fix else problem)


@dataclass(frozen=True, slots=True, order=True)
class ContentProblem:
    """A problem that an author should fix: `content/cards/phd.yaml:31:5 views: needs at least two`."""

    file: Path
    line: int
    column: int
    key_path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.key_path}: " if self.key_path else ""
        return f"{self.file}:{self.line}:{self.column} {where}{self.message}"


class ContentError(CareerBotError):
    """The content folder does not read.

    Attributes:
        problems: every problem found, sorted by file and line; never empty.
    """

    def __init__(self, problems: Sequence[ContentProblem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class ModelError(CareerBotError):
    """The search model's files are missing or are not those that were measured."""


class MarkupError(CareerBotError):
    """An author's text uses markup beyond bold, emphasis and links."""


class LimitExceededError(CareerBotError):
    """A reply or form breaks a bound of the message model."""


class InvalidActionError(CareerBotError):
    """A button, menu or form carries something that this bot did not write, or no longer knows."""


class StoreUnavailableError(CareerBotError):
    """The database does not answer in time; the message is the driver's and holds no row's content.

    Attributes:
        fix: what to do about it.
    """

    fix = "start the database, or correct DATABASE_URL"


class DeliveryError(CareerBotError):
    """A platform did not take a message.

    Attributes:
        reason: the platform's own code (`channel_not_found`), or ours: `timeout`, `unreachable`, `lost`.
        possibly_delivered: whether it may be posted all the same, because only the answer was lost.
        retry_after: seconds to wait first, when the platform said so; between `MIN_RETRY_AFTER` and
            `MAX_RETRY_AFTER`.
        scope: what has to wait so long.
    """

    def __init__(
        self,
        reason: str,
        *,
        possibly_delivered: bool = False,
        retry_after: float | None = None,
        scope: RateLimitScope = "workspace",
    ) -> None:
        self.reason = reason
        self.possibly_delivered = possibly_delivered
        self.retry_after = None if retry_after is None else _bound_wait(retry_after)
        self.scope = scope
        super().__init__(reason)


def _bound_wait(seconds: float) -> float:
    """Return a wait that is safe to add to a date, whatever the platform sent.

    Zero or less would be tried again in a tight loop, infinity overflows a date, NaN compares with nothing.
    """
    if isnan(seconds):
        return MIN_RETRY_AFTER
    return min(max(seconds, MIN_RETRY_AFTER), MAX_RETRY_AFTER)


class UserFacingError(CareerBotError):
    """The person asked for something that cannot be done.

    Attributes:
        phrase: the key in texts.yaml of the sentence that explains this, and the fix.
        names: what the sentence's {names} are filled with.
    """

    def __init__(self, string_key: str, **placeholders: str) -> None:
        self.string_key = string_key
        self.placeholders = placeholders
        super().__init__(string_key)
