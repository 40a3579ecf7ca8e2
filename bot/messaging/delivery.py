"""Messages that nobody asked for just now: a tip that is due, or a notification of its owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.messaging.reply import Reply


class DeliveryKind(StrEnum):
    """What a message is; each kind has its own outbox."""

    TIP = "tip"
    """A tip, due by a schedule."""
    NOTIFICATION = "notification"
    """A notification of an owner or admin about a subscription."""


@dataclass(frozen=True, slots=True)
class SendIntervals:
    """How fast a platform takes such messages, as seconds between two of them.

    Attributes:
        channel: to one channel or person.
        workspace: to one workspace or server.
        platform: to the whole platform.
    """

    channel: float = 0.0
    workspace: float = 0.0
    platform: float = 0.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one channel or person.

    Attributes:
        channel: the platform's id of a channel, or of a person when `is_direct`.
        idempotency_key: names the message; a platform that knows keys posts each key once.
        due_since: when a tip was due, or when a notification was written.
        claim_token: names the claim of this process, which alone may send and settle the message.
        attempts: how many attempts have begun before.
    """

    kind: DeliveryKind
    platform: str
    workspace: str
    channel: str
    is_direct: bool
    reply: Reply
    idempotency_key: str
    due_since: datetime
    claim_token: str = ""
    attempts: int = 0
