"""Whether the bot may post in a channel: an adapter looks before a command would let messages into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class AccessProblem(StrEnum):
    """What keeps the bot from posting; the end of a phrase's key."""

    ARCHIVED = "archived"
    NOT_MEMBER = "outside"
    """It is no member of the channel."""
    NOT_VISIBLE = "hidden"
    """Gone, another workspace's, or private and without the bot: the platform does not tell which."""
    MISSING_PERMISSION = "forbidden"
    """A permission is missing."""
    OTHER_SERVER = "elsewhere"
    """It is no channel of this server."""
    NOT_WRITABLE = "wordless"
    """Nobody can write in that kind of channel."""
    BOT_NOT_INSTALLED = "absent"
    """The bot is not in this server; a person brought it along."""
    CHECK_FAILED = "unseen"
    """It could not be looked at, and must not be guessed: it may be another server's."""


UNFIXABLE_PROBLEMS = frozenset({AccessProblem.OTHER_SERVER, AccessProblem.NOT_WRITABLE})
"""What nobody can mend: another channel has to be chosen."""


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A channel that a command would let messages into.

    Attributes:
        workspace: as in a request's origin; another one than the request's when it comes by direct message.
    """

    workspace: str
    channel: str


@dataclass(frozen=True, slots=True)
class ChannelAccess:
    """What an adapter saw of a channel.

    Attributes:
        barrier: None when the bot may post there.
        missing: the permissions that are missing, each the end of a phrase's key: `view_channel`.
        name: what people call the channel; empty where the platform does not tell it.
    """

    problem: AccessProblem | None = None
    missing_permissions: tuple[str, ...] = ()
    name: str = field(default="", compare=False)
