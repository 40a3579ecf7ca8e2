"""A subscription: who gets tips, when, and of which tags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.outbox import PauseReason
from bot.domain.tenant import Tenant
from bot.domain.tips.schedule import Schedule

DEFAULT_SUBSCRIPTION_ID = "default"
"""The only subscription of a channel that has one."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription of a channel or person.

    Attributes:
        channel: the channel's id, or the person's own when `is_direct`.
        owner: the user who set it up; None when that person was forgotten.
        tags: only tips of these; of any tag when empty.
        next_due_at: None while it is paused until somebody resumes it.
        pause_reason: why it is paused; None while it is not.
        paused_until: the local day before which nothing is posted.
        cycle: how often the pool was used up, from 0.
        subscription_id: tells the subscriptions of one channel apart.
    """

    tenant: Tenant
    channel: str
    is_direct: bool
    owner: str | None
    schedule: Schedule
    tags: tuple[str, ...] = ()
    next_due_at: datetime | None = None
    pause_reason: PauseReason | None = None
    paused_until: date | None = None
    cycle: int = 0
    subscription_id: str = DEFAULT_SUBSCRIPTION_ID

    @property
    def order_seed(self) -> str:
        """Tells one channel's order of tips from another's."""
        return f"{self.tenant.workspace}:{self.channel}"
