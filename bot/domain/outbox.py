"""The outbox: messages as rows that are claimed by one process, sent, and settled once.

    new -> claimed -> sending -> sent | failed (tried again) | unknown | skipped

Everything here is pure: `settle` says what a row becomes after an attempt, `settle_unclaimed` what it becomes
when it is due and may not be sent. The store applies the transition in its own transaction.

A process that dies leaves its lease behind. A row that it claimed and did not begin to send is claimed again.
A row that it was sending may be posted already: it is sent again only where the platform knows idempotency
keys, and only while the platform surely remembers the key; otherwise it is unknown until a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from bot import timing
from bot.errors import DeliveryError
from bot.messaging.delivery import DeliveryKind

__all__ = [
    "MAX_UNRECOGNIZED_SLOTS",
    "DeliveryKind",
    "DeliveryPaused",
    "DeliveryRefusedError",
    "DeliveryResult",
    "DeliveryRetry",
    "DeliverySent",
    "DeliverySkipped",
    "DeliveryState",
    "DeliveryUnknown",
    "DeliveryUnrecognized",
    "NotificationKind",
    "OutboxRow",
    "PauseReason",
    "SkipReason",
    "Transition",
    "find_skip_of_slot",
    "settle",
    "settle_unclaimed",
]

MAX_UNRECOGNIZED_SLOTS = 2
"""After so many slots in a row that a platform refused with unknown codes the subscription is paused."""


class DeliveryState(StrEnum):
    """What a row of an outbox is doing."""

    NEW = "new"
    """It waits for its first attempt."""
    CLAIMED = "claimed"
    """One process will send it; until its lease ends nobody else does."""
    SENDING = "sending"
    """An attempt has begun, so it may be posted already."""
    SENT = "sent"
    """It is posted."""
    FAILED = "failed"
    """It is certainly not posted and waits for another attempt."""
    UNKNOWN = "unknown"
    """It may be posted or not; a person decides."""
    SKIPPED = "skipped"
    """It is not posted and will not be."""


class PauseReason(StrEnum):
    """Why a subscription posts nothing until somebody resumes it."""

    ASKED = "asked"
    """A person paused it."""
    GONE = "gone"
    """Its channel is deleted or archived."""
    FORBIDDEN = "forbidden"
    """The bot may not post in its channel."""
    CLOSED = "closed"
    """Its person takes no direct messages from the bot."""
    REFUSED = "refused"
    """The platform refuses the bot itself."""
    UNRECOGNIZED = "unrecognized"
    """The platform refused several slots in a row with a code that the adapter does not know."""


class SkipReason(StrEnum):
    """Why a message is not posted."""

    ASKED = "asked"
    """A person skipped, paused or stopped it."""
    MISSED = "missed"
    """No process was running when it was due."""
    LATE = "late"
    """It could not be sent before it was too late."""
    EMPTY = "empty"
    """No tip matches the subscription."""
    OURS = "ours"
    """The platform rejects the message as malformed: a defect of the bot."""
    BLOCKED = "blocked"
    """A filter of the server blocks its words."""
    ENDED = "ended"
    """Its subscription was removed."""
    NOBODY = "nobody"
    """No person is left who could be notified."""
    RESOLVED = "settled"
    """A person has already said whether the tip was posted."""
    UNRECOGNIZED = "unrecognized"
    """The platform refused it until it was too late, with a code that the adapter does not know."""


class NotificationKind(StrEnum):
    """What a notification is about."""

    UNKNOWN = "unknown"
    """A tip may be posted or not."""
    PAUSED = "paused"
    """A subscription was paused by a refusal."""
    LOW_POOL = "few"
    """Few tips are left."""


@dataclass(frozen=True, slots=True)
class DeliverySent:
    """The message is posted.

    Attributes:
        message_id: the platform's id of it.
    """

    message_id: str


@dataclass(frozen=True, slots=True)
class DeliveryRetry:
    """The message is certainly not posted, for a reason that passes.

    Attributes:
        reason: the platform's code or ours: `unreachable`, `ratelimited`.
        retry_at: when the platform allows another attempt; None for the usual backoff.
    """

    reason: str
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryUnrecognized:
    """The platform refused the message with a code that its adapter does not know."""

    code: str


@dataclass(frozen=True, slots=True)
class DeliveryPaused:
    """The message cannot be posted until a person fixes something there."""

    reason: PauseReason


@dataclass(frozen=True, slots=True)
class DeliverySkipped:
    """The message will never be accepted as it is."""

    reason: SkipReason


@dataclass(frozen=True, slots=True)
class DeliveryUnknown:
    """The message may be posted: the platform's answer was lost."""

    reason: str


DeliveryResult = (
    DeliverySent | DeliveryRetry | DeliveryUnrecognized | DeliveryPaused | DeliverySkipped | DeliveryUnknown
)


class DeliveryRefusedError(DeliveryError):
    """A platform refused a message, and its adapter knows what follows from that.

    Attributes:
        result: what follows.
    """

    def __init__(self, reason: str, result: DeliveryUnrecognized | DeliveryPaused | DeliverySkipped) -> None:
        super().__init__(reason)
        self.result = result


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """What a transition depends on.

    Attributes:
        due_since: when a tip was due, or when a notification was written.
        attempts: how many attempts have begun, this one included.
        send_started_at: when the first attempt began that may have posted it; None when there is none.
        updated_at: when the row last changed; for a row that is being sent, when this attempt began.
        is_requested: whether a person asked for it to be sent though it may be late.
        knows_key: whether the platform posts messages with the same idempotency key once.
        unrecognized_slots: how many slots just before this one ended with an unknown code.
    """

    kind: DeliveryKind
    state: DeliveryState
    due_since: datetime
    attempts: int
    send_started_at: datetime | None
    updated_at: datetime
    is_requested: bool = False
    knows_key: bool = False
    unrecognized_slots: int = 0

    @property
    def may_be_posted(self) -> bool:
        """Whether an attempt before the current one may have posted it."""
        return self.send_started_at is not None and self.send_started_at != self.updated_at

    @property
    def max_age(self) -> timedelta:
        """How long after `due_since` it may still be sent."""
        if self.kind is DeliveryKind.NOTIFICATION:
            return timing.MAX_NOTIFICATION_AGE
        return timing.MAX_REQUESTED_LATENESS if self.is_requested else timing.MAX_LATENESS

    def is_uncertain(self, now: datetime) -> bool:
        """Return whether it may be posted and must not be sent again.

        A row that is being sent and does not say since when counts as uncertain.
        """
        if self.send_started_at is None:
            return self.state is DeliveryState.SENDING
        return not self.knows_key or now - self.send_started_at >= timing.IDEMPOTENCY_WINDOW


@dataclass(frozen=True, slots=True)
class Transition:
    """What a row becomes, and what follows from that.

    Attributes:
        due_at: when to look at the row again; None when it is over.
        keeps_send_start: whether an attempt so far may have posted it.
        message_id: the platform's id of the message that was posted.
        pause: why the subscriptions of the channel are paused now, with a notification of their owner.
        error_code: the platform's own word, for that notification.
        asks_owner: whether the owner is asked if the tip was posted. The claim stays valid: the process that
            sent it may still know better.
        notifies_next: whether the next person is notified instead.
    """

    state: DeliveryState
    due_at: datetime | None = None
    reason: str = ""
    keeps_send_start: bool = True
    message_id: str | None = None
    pause: PauseReason | None = None
    error_code: str = ""
    asks_owner: bool = False
    notifies_next: bool = False


def settle(row: OutboxRow, result: DeliveryResult, now: datetime) -> Transition:
    """Return what an attempt makes of a row; the one rule for tips and notifications.

    Args:
        row: claimed by the process that made the attempt.
    """
    match result:
        case DeliverySent(message_id):
            return Transition(DeliveryState.SENT, message_id=message_id)
        case DeliveryRetry(reason, retry_at):
            return _retry(row, now, reason, retry_at) or _expire(row, SkipReason.LATE, reason)
        case DeliveryUnrecognized(code):
            return _retry(row, now, code, None) or _give_up_unrecognized(row, code)
        case DeliveryPaused(reason):
            return _settle_paused(row, reason, now)
        case DeliverySkipped(reason):
            return Transition(DeliveryState.SKIPPED, reason=reason)
        case DeliveryUnknown(reason):
            if not row.is_uncertain(now):
                return Transition(DeliveryState.SENDING, now + timing.RESEND_DELAY, reason)
            return _leave_unknown(row, reason)
        case _:
            assert_never(result)


def settle_unclaimed(row: OutboxRow, skip_reason: SkipReason | None, now: datetime) -> Transition | None:
    """Return what a due row becomes that may not be sent; None when it may be claimed.

    Args:
        skip_reason: why nobody needs it any more, as far as other rows tell.
    """
    if skip_reason is None and now - row.due_since > row.max_age:
        skip_reason = SkipReason.LATE
    started = row.send_started_at is not None and row.kind is DeliveryKind.TIP
    if row.is_uncertain(now) or (skip_reason is not None and started):
        return _leave_unknown(row, "died")
    return None if skip_reason is None else Transition(DeliveryState.SKIPPED, reason=skip_reason)


def find_skip_of_slot(scheduled_at: datetime, now: datetime, *, has_tip: bool) -> SkipReason | None:
    """Return why a slot that has just come is not posted; None when it is."""
    if not has_tip:
        return SkipReason.EMPTY
    return SkipReason.MISSED if now - scheduled_at > timing.MAX_LATENESS else None


def _retry(row: OutboxRow, now: datetime, reason: str, retry_at: datetime | None) -> Transition | None:
    """Try again later; None when that would be too late."""
    retry_at = retry_at or now + timedelta(seconds=timing.DELIVERY_RETRY.delay(row.attempts))
    if retry_at - row.due_since > row.max_age:
        return None
    if row.may_be_posted:  # stays `sending`, so that a crash before the next attempt leaves it uncertain
        return Transition(DeliveryState.SENDING, retry_at, reason)
    kept_reason = SkipReason.ASKED if row.is_requested else reason  # it marks a row as requested
    return Transition(DeliveryState.FAILED, retry_at, kept_reason, keeps_send_start=False)


def _expire(row: OutboxRow, reason: SkipReason, code: str) -> Transition:
    if row.may_be_posted:
        return _leave_unknown(row, code)
    return Transition(DeliveryState.SKIPPED, reason=reason)


def _give_up_unrecognized(row: OutboxRow, code: str) -> Transition:
    """End a message that was refused with unknown codes until it was too late.

    One such slot may be an incident at the platform; a second one in a row is a refusal that somebody has to
    hear about, in the platform's own word.
    """
    is_tip = row.kind is DeliveryKind.TIP
    pause = (
        PauseReason.UNRECOGNIZED if is_tip and row.unrecognized_slots + 1 >= MAX_UNRECOGNIZED_SLOTS else None
    )
    if row.may_be_posted:
        state, reason = DeliveryState.UNKNOWN, code
    else:
        state, reason = DeliveryState.SKIPPED, SkipReason.UNRECOGNIZED.value
    return Transition(
        state,
        reason=reason,
        pause=pause,
        error_code=code,
        asks_owner=is_tip and row.may_be_posted,
        notifies_next=not is_tip,
    )


def _settle_paused(row: OutboxRow, reason: PauseReason, now: datetime) -> Transition:
    """A refused tip pauses its channel; a refused notification goes to the next person.

    When the platform refuses the bot itself nobody else could be reached either, so a notification waits.
    """
    if row.kind is DeliveryKind.NOTIFICATION:
        if reason is PauseReason.REFUSED:
            waiting = _retry(row, now, reason, now + timing.REFUSED_RETRY_DELAY)
            if waiting is not None:
                return waiting
        return Transition(DeliveryState.SKIPPED, reason=reason, notifies_next=True)
    state = DeliveryState.UNKNOWN if row.may_be_posted else DeliveryState.SKIPPED
    return Transition(state, reason=reason, pause=reason, asks_owner=row.may_be_posted)


def _leave_unknown(row: OutboxRow, reason: str) -> Transition:
    return Transition(DeliveryState.UNKNOWN, reason=reason, asks_owner=row.kind is DeliveryKind.TIP)
