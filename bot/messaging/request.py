"""One type for everything a person does: a typed line, a mention, a click, a pick, a submitted form."""

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
    """The person who asks.

    Attributes:
        id: the platform's id; names can change and can be chosen to mislead.
        name: the name that others see; text from a person, so never markup.
        locale: a BCP 47 tag, when the platform gave it.
        timezone: an IANA name, when the command requires it and the platform gave it.
        is_admin: whether the person may run admin commands; None when unknown, which counts as no.
    """

    id: str
    name: str
    locale: str | None = None
    timezone: str | None = None
    is_admin: bool | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The place a request came from; `platform` and `workspace` together name the tenant.

    Attributes:
        is_direct: whether it is a conversation of the asker with the bot or, on Slack, with another person:
            nothing that is meant for a channel belongs there.
        is_mention: whether the person mentioned the bot where others read; the answer goes in a thread.
        is_bot_thread: whether the bot opened this thread for a quiz: lines typed there are no questions.
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
        received_at: aware, UTC.
        dedupe_key: the platform's own id of this event; each key is answered once.
        inputs: the typed line, a form's fields or Discord's typed options, by name.
        visible_actions: for a press, every encoded action that the clicked message has now; empty when the
            platform does not say.
        channel_access: the bot's and the person's rights in the channel that the command would post in; None
            when unknown.
        command_input: the input that a typed line was parsed into; None for presses, options and forms.
    """

    user: User
    origin: Origin
    action: Action
    received_at: datetime
    dedupe_key: str
    inputs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    visible_actions: frozenset[str] = frozenset()
    channel_access: ChannelAccess | None = None
    command_input: object | None = None
