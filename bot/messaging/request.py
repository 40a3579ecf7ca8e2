"""What a person did, whatever they did it with: typed, mentioned, clicked, picked or submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.messaging.action import Action
from bot.messaging.channel_access import ChannelAccess

TYPED_LINE = "line"
"""The action of a typed line; `inputs["line"]` holds it, of any length and with any characters."""


@dataclass(frozen=True, slots=True)
class User:
    """Who asks.

    Attributes:
        id: the platform's id; a name may change and may lie.
        name: what other people see; text from a person, so never markup.
        locale: BCP 47, when the platform told it.
        zone: IANA name, when a command that needs it asked and the platform told it.
        admin: whether the person may run admin commands; None when nobody could tell, which refuses.
    """

    id: str
    name: str
    locale: str | None = None
    timezone: str | None = None
    is_admin: bool | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where it came from; `platform` and `workspace` together keep communities apart.

    Attributes:
        opened: whether the thread is one that this bot opened for a run: what is typed there is no question.
        direct: whether it is a conversation of the asker with the bot, or on Slack with another person, where
            the bot is no more than a guest: no place for what is meant for a channel.
        mention: whether the person named the bot where others read; the answer goes in a thread under that.
    """

    platform: str
    workspace: str
    channel: str
    thread: str | None = None
    is_direct: bool = False
    is_mention: bool = False
    is_bot_thread: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One thing a person did.

    Attributes:
        showing: for a press, every encoded action that the clicked message carries now; empty when the
            platform does not tell.
        inputs: texts that came along: the typed line, a form's fields, Discord's typed options.
        received_at: aware, UTC.
        key: the platform's own id of this event; the same key is answered once.
        access: what was seen of the channel that the command would let messages into; None when nobody could
            tell.
    """

    user: User
    origin: Origin
    action: Action
    received_at: datetime
    dedupe_key: str
    inputs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    visible_actions: frozenset[str] = frozenset()
    channel_access: ChannelAccess | None = None
