"""What rows about tips say, for those who handle them without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.store.tenant import Tenant

RECENT_LIMIT = 3
"""So many of the last tips of a channel matter to the next one."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One row.

    Attributes:
        channel: the channel's id, or the person's own when `direct`.
        owner: who set it up; None when that person was forgotten.
        days, at, zone, since: the schedule, as `domain.tips.schedule` keeps it; `at` is like `09:00`.
        next_due_at: None while it is paused until somebody resumes it.
        paused: why: empty, `asked`, or what a platform's refusal meant.
        until: the day before which nothing is posted.
        round: how often the pool was used up.
    """

    tenant: Tenant
    channel: str
    is_direct: bool
    owner: str | None
    days: str
    local_time: str
    zone: str
    anchor_date: date
    tags: tuple[str, ...] = ()
    next_due_at: datetime | None = None
    pause_reason: str = ""
    paused_until: date | None = None
    cycle: int = field(default=0)


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """What a channel had: the tips of this round, and the last ones, newest first."""

    used_tips: frozenset[str]
    recent_tips: tuple[str, ...]

    def with_tip(self, tip: str, *, starts_cycle: bool) -> StoredHistory:
        """What it had once a tip is posted too.

        Args:
            begins: whether a new round begins with it.
        """
        used = frozenset[str]() if starts_cycle else self.used_tips
        return StoredHistory(used | {tip}, (tip, *self.recent_tips[: RECENT_LIMIT - 1]))


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """What a due subscription gets: a tip and its round, or none; and when it is due again.

    Attributes:
        few: what its owner has to know of what is left; None when there is enough.
    """

    tip: str | None
    cycle: int
    next_due_at: datetime
    low_pool: LowPool | None = None


@dataclass(frozen=True, slots=True)
class LowPool:
    """Few tips are left.

    Attributes:
        number: how many.
        mark: what it is said about, once: a round; or nothing, when there never are more.
    """

    remaining: int
    dedupe_key: str


@dataclass(frozen=True, slots=True)
class ClaimedTip:
    """One tip to send now.

    Attributes:
        claim: who may send and settle it; nobody else's claim is the same.
    """

    tenant: Tenant
    channel: str
    is_direct: bool
    scheduled_at: datetime
    tip: str
    claim_token: str


@dataclass(frozen=True, slots=True)
class NotificationSubject:
    """What a person has to know of a channel's tips.

    Attributes:
        kind: `unknown`, `paused`, `few`.
        mark: tells it from others of its kind about the channel.
        slot: the slot that it is about.
        why: why they rest: the end of a phrase's key.
        number: how many are left.
    """

    kind: str
    dedupe_key: str
    scheduled_at: datetime
    detail: str = ""
    remaining: int = 0


@dataclass(frozen=True, slots=True)
class Notification:
    """One thing to tell a person now.

    Attributes:
        person: who is told.
        zone: the subscription's.
        turn: how many people could not be reached before.
    """

    tenant: Tenant
    channel: str
    is_direct: bool
    recipient_id: str
    subject: NotificationSubject
    zone: str
    recipient_index: int
    claim_token: str


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """What became of a claim.

    Attributes:
        state: `sent`, `failed` (try again), `skipped`, `unknown`, or `paused` when a person has to mend it.
        message: the platform's id of it, when it was sent.
        reason: why it was not.
        again: when to try again.
    """

    claim_token: str
    state: str
    platform_message_id: str = ""
    reason: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UncertainDelivery:
    """A tip of which nobody knows whether it was posted."""

    tenant: Tenant
    channel: str
    scheduled_at: datetime
