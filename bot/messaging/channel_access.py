"""Access to a channel, which an adapter checks before a command lets the bot post there."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class AccessProblem(StrEnum):
    """A reason why the bot cannot post; the value is the end of a string key."""

    ARCHIVED = "archived"
    NOT_MEMBER = "outside"
    """The bot is not a member of the channel."""
    NOT_VISIBLE = "hidden"
    """Deleted, in another workspace, or private without the bot: the platform does not say which."""
    MISSING_PERMISSION = "forbidden"
    """The bot lacks a permission."""
    OTHER_SERVER = "elsewhere"
    """The channel is not in this server."""
    NOT_WRITABLE = "wordless"
    """Nobody can post in this kind of channel."""
    BOT_NOT_INSTALLED = "absent"
    """The bot is not in this server: a person uses it there as their own app."""
    CHECK_FAILED = "unseen"
    """The check failed. Never assume access then: the channel may be in another server."""


UNFIXABLE_PROBLEMS = frozenset({AccessProblem.OTHER_SERVER, AccessProblem.NOT_WRITABLE})
"""Problems that nobody can fix: the person must choose another channel."""


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A channel that a command would post in.

    Attributes:
        workspace: as in a request's origin; it differs from the request's own in a direct message.
    """

    workspace: str
    channel: str


@dataclass(frozen=True, slots=True)
class ChannelAccess:
    """The result of checking a channel.

    Attributes:
        problem: None when the bot may post there.
        missing_permissions: each the end of a string key: `view_channel`.
        name: the channel's name; empty when the platform does not say.
    """

    problem: AccessProblem | None = None
    missing_permissions: tuple[str, ...] = ()
    name: str = field(default="", compare=False)
