"""Whether the bot may post in a channel: an adapter looks before a command would let messages into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Barrier(StrEnum):
    """What keeps the bot from posting; the end of a phrase's key."""

    ARCHIVED = "archived"
    OUTSIDE = "outside"
    """It is no member of the channel."""
    HIDDEN = "hidden"
    """Gone, another workspace's, or private and without the bot: the platform does not tell which."""
    FORBIDDEN = "forbidden"
    """A permission is missing."""
    ELSEWHERE = "elsewhere"
    """It is no channel of this server."""
    WORDLESS = "wordless"
    """Nobody can write in that kind of channel."""
    ABSENT = "absent"
    """The bot is not in this server; a person brought it along."""
    UNSEEN = "unseen"
    """It could not be looked at, and must not be guessed: it may be another server's."""


HOPELESS = frozenset({Barrier.ELSEWHERE, Barrier.WORDLESS})
"""What nobody can mend: another channel has to be chosen."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A channel that a command would let messages into.

    Attributes:
        workspace: as in a request's origin; another one than the request's when it comes by direct message.
    """

    workspace: str
    channel: str


@dataclass(frozen=True, slots=True)
class Access:
    """What an adapter saw of a channel.

    Attributes:
        barrier: None when the bot may post there.
        missing: the permissions that are missing, each the end of a phrase's key: `view_channel`.
        name: what people call the channel; empty where the platform does not tell it.
    """

    barrier: Barrier | None = None
    missing: tuple[str, ...] = ()
    name: str = field(default="", compare=False)
