"""Tips that are due: claimed by one process, sent, settled. One row a subscription and slot, for good."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.store.database import Database
from bot.store.due_slots import DELIVERY_DEFAULTS, MAX_LATENESS, DueSlots, SlotPlanner, plan_due_slots
from bot.store.notification_queue import NotificationQueue
from bot.store.outbox import (
    RESEND_DELAY,
    ClaimQueue,
    create_claim_token,
    has_earlier_uncertain_attempt,
    is_uncertain,
)
from bot.store.post_history import load_histories, load_history
from bot.store.records import (
    ClaimedTip,
    ClaimResult,
    Notification,
    NotificationSubject,
    StoredHistory,
    Subscription,
)
from bot.store.subscriptions import decode_subscription
from bot.store.tables import TIP_DELIVERIES, TIP_SUBSCRIPTIONS, decode_tenant, tenant_condition
from bot.store.tenant import Tenant
from bot.store.upsert import build_insert

_MAX_REQUESTED_LATENESS = timedelta(days=1)
"""So long after its slot a tip is tried again that somebody asked for, though it was late."""
_DEFAULT_LIMIT = 50

_D, _S = TIP_DELIVERIES, TIP_SUBSCRIPTIONS


class DeliveryQueue(ClaimQueue):
    """The state machine of due tips. Each step is one short transaction; each row is settled once.

    Args:
        words: what people have to know of it.
    """

    def __init__(self, database: Database, notifications: NotificationQueue) -> None:
        super().__init__(database, _D)
        self._notifications = notifications

    def claim_due(
        self,
        now: datetime,
        platforms: Collection[str],
        idempotent_platforms: Collection[str],
        plan_slot: SlotPlanner,
        limit: int = _DEFAULT_LIMIT,
    ) -> tuple[list[ClaimedTip], list[Notification]]:
        """Claim what is due, for a minute: tips, and words about them.

        Args:
            platforms: those that this process serves.
            repeats: those that take a message with the same key once, however often it is sent.
            choose: gives the tip for a subscription's slot.
            most: subscriptions; after a pause one of them may bring several tips.
        """
        claimed: list[ClaimedTip] = []
        words: list[Notification] = []
        with self._database.write() as connection:
            for platform in sorted(platforms):
                claimed += self._claim_retries(
                    connection, platform, now, limit - len(claimed), idempotent_platforms
                )
                claimed += self._claim_due_slots(connection, platform, now, limit - len(claimed), plan_slot)
                words += self._notifications.claim_due(
                    connection, platform, now, limit - len(claimed) - len(words), idempotent_platforms
                )
        return claimed, words

    def record_results(
        self, results: Sequence[ClaimResult], now: datetime, idempotent_platforms: Collection[str]
    ) -> None:
        """Write down what became of tips, and what their owners have to know of it."""
        with self._database.write() as connection:
            self._outbox.mark_sent(connection, [one for one in results if one.state == "sent"], now)
            for one in results:
                row = None if one.state == "sent" else self._outbox.find_by_claim(connection, one.claim_token)
                if row is not None:
                    self._record_result(connection, row, one, now, idempotent_platforms)

    def resolve_uncertain(
        self, tenant: Tenant, channel: str, scheduled_at: datetime, now: datetime, *, should_resend: bool
    ) -> bool:
        """What a person says of an unknown one: post it now, or it is there. False when it is settled."""
        values: dict[str, Any] = (
            {"state": "failed", "due_at": now, "reason": "asked"}
            if should_resend
            else {"state": "sent", "reason": ""}
        )
        with self._database.write() as connection:
            done = connection.execute(
                update(_D)
                .where(
                    tenant_condition(_D, tenant),
                    _D.c.channel == channel,
                    _D.c.slot == scheduled_at,
                    _D.c.state == "unknown",
                )
                .values(at=now, claim="", begun_at=None, **values)
            )
        return done.rowcount == 1

    def load_last_delivery(self, tenant: Tenant, channel: str) -> tuple[datetime, str, str] | None:
        """The last slot of a channel: when, its state, and why."""
        wanted = (
            select(_D.c.slot, _D.c.state, _D.c.reason)
            .where(tenant_condition(_D, tenant), _D.c.channel == channel)
            .order_by(_D.c.slot.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else (row.slot, row.state, row.reason)

    def skip_slot(self, tenant: Tenant, channel: str, scheduled_at: datetime, now: datetime) -> None:
        """Note that a slot is left out because somebody asked."""
        row = {**tenant.column_values, "channel": channel, "slot": scheduled_at, "at": now}
        with self._database.write() as connection:
            _insert_deliveries(
                connection, [{**DELIVERY_DEFAULTS, **row, "state": "skipped", "reason": "asked"}]
            )

    def find_next_due(self, platforms: Collection[str]) -> datetime | None:
        """When there is something to claim next on these platforms; None when nothing waits."""
        moments = [
            moment
            for platform in sorted(platforms)
            for moment in (
                _select_next_slot(platform),
                self._outbox.select_next_due(platform),
                self._notifications.select_next_due(platform),
            )
        ]
        if not moments:
            return None
        with self._database.read() as connection:
            found = connection.execute(select(*moments)).one()
        return min((moment for moment in found if moment is not None), default=None)

    def load_history(self, subscription: Subscription) -> StoredHistory:
        """What a channel had so far."""
        with self._database.read() as connection:
            return load_history(connection, subscription)

    def _claim_due_slots(
        self, connection: Connection, platform: str, now: datetime, limit: int, plan_slot: SlotPlanner
    ) -> list[ClaimedTip]:
        """Every slot that came since: each one to send, unless it is too late."""
        wanted = (
            select(_S)
            .where(_S.c.platform == platform, _S.c.next_due_at <= now)
            .order_by(_S.c.next_due_at)
            .limit(max(0, limit))
            .with_for_update(skip_locked=True)
        )
        due = [decode_subscription(row) for row in connection.execute(wanted)]
        if not due:
            return []
        before = load_histories(connection, due)
        courses = [plan_due_slots(one, before[one], now, plan_slot) for one in due]
        inserted = _insert_deliveries(connection, [row for course in courses for row in course.rows])
        self._advance_subscriptions(connection, courses)
        for course in courses:
            self._notify_low_pool(connection, course, inserted, now)
        return [one for course in courses for one in course.claimed_tips if one.claim_token in inserted]

    def _advance_subscriptions(self, connection: Connection, due_slots: Sequence[DueSlots]) -> None:
        """Write when the next slots are."""
        wanted = (
            update(_S)
            .where(*(column == bindparam(f"of_{column.name}") for column in _S.primary_key))
            .values(next_due_at=bindparam("to_due"), round=bindparam("to_round"), until=None)
        )
        moved = [
            {
                **{f"of_{name}": value for name, value in one.subscription_key.items()},
                "to_due": one.next_due_at,
                "to_round": one.cycle,
            }
            for one in due_slots
        ]
        connection.execute(wanted, moved)

    def _notify_low_pool(
        self, connection: Connection, due_slots: DueSlots, inserted_tokens: Collection[str], now: datetime
    ) -> None:
        for one, few in due_slots.low_pools:
            if one.claim_token in inserted_tokens:
                matter = NotificationSubject("few", few.dedupe_key, one.scheduled_at, remaining=few.remaining)
                self._notifications.enqueue(
                    connection, one.tenant, one.channel, matter, now, direct=one.is_direct
                )

    def _claim_retries(
        self,
        connection: Connection,
        platform: str,
        now: datetime,
        limit: int,
        idempotent_platforms: Collection[str],
    ) -> list[ClaimedTip]:
        """What waits to be tried again, and what a process left behind."""
        selected = select(_D, _S.c.direct).join(_S, _same_channel_condition(), isouter=True)
        wanted: list[Row[Any]] = []
        for row in connection.execute(self._outbox.select_due(selected, platform, now, limit)).all():
            over = _find_skip_reason(row, now)
            if is_uncertain(row, now, idempotent_platforms) or (over and row.begun_at is not None):
                self._mark_uncertain(connection, row, now, "died")
            elif over:
                self._outbox.record_result(connection, row, now, state="skipped", reason=over)
            else:
                wanted.append(row)
        claims = self._outbox.claim_rows(connection, wanted, now)
        return [
            ClaimedTip(decode_tenant(row), row.channel, row.direct, row.slot, row.tip, claim)
            for row, claim in zip(wanted, claims, strict=True)
        ]

    def _record_result(
        self,
        connection: Connection,
        row: Row[Any],
        result: ClaimResult,
        now: datetime,
        idempotent_platforms: Collection[str],
    ) -> None:
        match result.state:
            case "failed" if result.retry_at is not None:
                asked = row.reason == "asked"
                late = result.retry_at - row.slot > (_MAX_REQUESTED_LATENESS if asked else MAX_LATENESS)
                if late and has_earlier_uncertain_attempt(row):
                    self._mark_uncertain(connection, row, now, result.reason)
                elif late:
                    self._outbox.record_result(connection, row, now, state="skipped", reason="late")
                else:
                    self._outbox.reschedule(
                        connection, row, now, result.retry_at, "asked" if asked else result.reason
                    )
            case "paused":
                self._pause_subscription(connection, row, result.reason, now)
            case "unknown" if not is_uncertain(
                row, now, idempotent_platforms
            ):  # it may be repeated by its key
                self._outbox.reschedule_uncertain(connection, row, now, now + RESEND_DELAY, result.reason)
            case "unknown":
                self._mark_uncertain(connection, row, now, result.reason)
            case _:
                self._outbox.record_result(connection, row, now, state="skipped", reason=result.reason)

    def _mark_uncertain(self, connection: Connection, row: Row[Any], now: datetime, reason: str) -> None:
        """It may stand there; never sent again unless a person asks. Who claimed it may still know better."""
        claim = (
            row.claim or create_claim_token()
        )  # the word about it goes by that, and what waited for a try has none
        self._outbox.record_result(connection, row, now, state="unknown", reason=reason, claim=claim)
        self._notify_owner(connection, row, NotificationSubject("unknown", claim, row.slot), now)

    def _pause_subscription(self, connection: Connection, row: Row[Any], reason: str, now: datetime) -> None:
        """The subscription rests until a person mends what is wrong."""
        if has_earlier_uncertain_attempt(row):
            self._mark_uncertain(connection, row, now, reason)
        else:
            self._outbox.record_result(connection, row, now, state="skipped", reason=reason)
        resting = connection.execute(
            update(_S)
            .where(tenant_condition(_S, decode_tenant(row)), _S.c.channel == row.channel, _S.c.paused == "")
            .values(paused=reason, next_due_at=None)
        )
        if resting.rowcount == 1:  # else somebody was told already
            self._notify_owner(
                connection, row, NotificationSubject("paused", row.claim, row.slot, reason), now
            )

    def _notify_owner(
        self, connection: Connection, row: Row[Any], subject: NotificationSubject, now: datetime
    ) -> None:
        here = (tenant_condition(_S, decode_tenant(row)), _S.c.channel == row.channel)
        direct: bool | None = connection.scalar(select(_S.c.direct).where(*here))
        if direct is None:
            return  # who ended them waits for none, and whose they were is known no more
        if direct and subject.detail == "closed":
            return  # by no message of ours, then: the list says it
        self._notifications.enqueue(connection, decode_tenant(row), row.channel, subject, now, direct=direct)


def _find_skip_reason(row: Row[Any], now: datetime) -> str:
    """Why a tip is not tried any more; empty while it is."""
    if row.direct is None:  # the subscription is gone
        return "ended"
    return "late" if now - row.slot > MAX_LATENESS and row.reason != "asked" else ""


def _select_next_slot(platform: str) -> Any:
    """When the next subscription of a platform is due, as part of a selection."""
    found = select(_S.c.next_due_at).where(_S.c.platform == platform, _S.c.next_due_at.is_not(None))
    return found.order_by(_S.c.next_due_at).limit(1).scalar_subquery()


def _same_channel_condition() -> Any:
    return (
        (_D.c.platform == _S.c.platform) & (_D.c.workspace == _S.c.workspace) & (_D.c.channel == _S.c.channel)
    )


def _insert_deliveries(connection: Connection, rows: list[dict[str, Any]]) -> frozenset[str]:
    """New rows; the claims of those whose slot had none before."""
    wanted = build_insert(_D, connection).on_conflict_do_nothing().returning(_D.c.claim)
    return frozenset(connection.scalars(wanted, rows))
