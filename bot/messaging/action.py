"""What a button does: a name and a few short arguments, small enough for every platform."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import InvalidActionError, LimitExceededError
from bot.messaging import limits

_SEPARATOR = ":"
_ESCAPED = re.compile("%(3A|25)")


@dataclass(frozen=True, slots=True)
class Action:
    """`Action("compare.theme", ("sectors", "data"))`, encoded as `compare.theme:sectors:data`.

    The part of the name before the dot is the command. Encoded it has at most 96 bytes of UTF-8. Arguments are
    opaque, since a platform's id may contain a colon: a colon is written `%3A` and a percent sign `%25`. They
    contain no control characters.

    Raises:
        LimitExceededError: when it is too long for a button or cannot be decoded again.
    """

    name: str
    args: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        parts = (self.name, *self.args)
        if not self.name or set(self.name) & {_SEPARATOR, "%"} or not all(map(str.isprintable, parts)):
            raise LimitExceededError(
                f"an action's parts must be printable, its name without a colon or percent sign: {parts!r}"
            )
        try:
            size = len(self.encode().encode())
        except UnicodeEncodeError as error:
            raise LimitExceededError(f"an action must be valid UTF-8: {parts!r}") from error
        if size > limits.MAX_ACTION_BYTES:
            raise LimitExceededError(
                f"an action takes {size} bytes, at most {limits.MAX_ACTION_BYTES} fit: {parts!r}"
            )

    @property
    def command(self) -> str:
        """Return the command: `compare` of `compare.theme`."""
        return self.name.partition(".")[0]

    @property
    def verb(self) -> str:
        """Return the verb: `theme` of `compare.theme`; empty for the bare command."""
        return self.name.partition(".")[2]

    def encode(self) -> str:
        """Return the action as one string, for `decode`."""
        escaped = (arg.replace("%", "%25").replace(_SEPARATOR, "%3A") for arg in self.args)
        return _SEPARATOR.join((self.name, *escaped))

    @classmethod
    def decode(cls, text: str) -> Action:
        """Read what `encode` wrote.

        Raises:
            InvalidActionError: when the text cannot have come from `encode`.
        """
        name, *args = text.split(_SEPARATOR)
        try:
            return cls(name, tuple(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), arg) for arg in args))
        except LimitExceededError as error:
            raise InvalidActionError(f"not an action of this bot: {text[:120]!r}") from error
