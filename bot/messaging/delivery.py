"""What the bot sends unasked: a tip that is due, or a word to the person who set it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.messaging.reply import Reply


@dataclass(frozen=True, slots=True)
class SendIntervals:
    """How fast a platform takes unasked messages, as seconds between two of them.

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
    """One message to one place.

    Attributes:
        channel: the platform's id of a channel, or of a person when `direct`.
        key: names the message for good; a platform that knows keys takes the same one once.
        slot: when the tip was due; None for a word to a person.
        claim: who may send and settle it: the claim of another process is another one.
    """

    platform: str
    workspace: str
    channel: str
    is_direct: bool
    reply: Reply
    idempotency_key: str
    scheduled_at: datetime | None = None
    claim_token: str = ""


@dataclass(frozen=True, slots=True)
class DeliverySent:
    """It stands there.

    Attributes:
        message: the platform's id of it.
    """

    message_id: str


@dataclass(frozen=True, slots=True)
class DeliveryRetry:
    """It certainly does not stand there; try again then."""

    retry_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryPaused:
    """It cannot be sent until a person mends something.

    Attributes:
        reason: `gone`, `forbidden`, `closed` or `refused`: the end of a phrase's key.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class DeliverySkipped:
    """It will never be taken as it is, and nobody there can mend that.

    Attributes:
        reason: `ours`, a mistake of this bot's, or `blocked`, words that the place does not allow.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryUnknown:
    """It may stand there: the platform's answer was lost."""

    reason: str


DeliveryResult = DeliverySent | DeliveryRetry | DeliveryPaused | DeliverySkipped | DeliveryUnknown
