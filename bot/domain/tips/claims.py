"""What a process gets when it claims rows: tips and notifications to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.outbox import NotificationKind
from bot.domain.tenant import Tenant


@dataclass(frozen=True, slots=True)
class ClaimedTip:
    """One tip to send now.

    Attributes:
        claim_token: names this claim; only its process may send and settle the row.
        attempts: how many attempts have begun before.
    """

    tenant: Tenant
    channel: str
    is_direct: bool
    scheduled_at: datetime
    tip: str
    claim_token: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class NotificationSubject:
    """What a person has to know about a channel's tips.

    Attributes:
        dedupe_key: tells it from others of its kind about the channel; each is sent once.
        scheduled_at: the slot that it is about.
        detail: the pause reason.
        remaining: how many tips are left.
        error_code: the platform's own word for an unknown refusal.
    """

    kind: NotificationKind
    dedupe_key: str
    scheduled_at: datetime
    detail: str = ""
    remaining: int = 0
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification to send now.

    Attributes:
        channel: the channel that it is about.
        recipient_id: the person who gets it.
        zone: the subscription's.
        recipient_index: how many people could not be reached before.
    """

    tenant: Tenant
    channel: str
    is_direct: bool
    recipient_id: str
    subject: NotificationSubject
    zone: str
    recipient_index: int
    claim_token: str
    created_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class UncertainDelivery:
    """A tip that may be posted or not."""

    tenant: Tenant
    channel: str
    scheduled_at: datetime
