"""The outbox of tips: one row a channel and slot, kept as the channel's history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot import timing
from bot.domain.outbox import (
    MAX_UNRECOGNIZED_SLOTS,
    DeliveryKind,
    DeliveryResult,
    DeliveryState,
    DeliveryUnrecognized,
    NotificationKind,
    OutboxRow,
    PauseReason,
    SkipReason,
    Transition,
    find_skip_of_slot,
    settle_unclaimed,
)
from bot.domain.tenant import Tenant
from bot.domain.tips.claims import ClaimedTip, Notification, NotificationSubject
from bot.domain.tips.rotation import PlannedPost, PostHistory, TipChoice, TipPool
from bot.domain.tips.subscription import DEFAULT_SUBSCRIPTION_ID, Subscription
from bot.store.database import Database
from bot.store.notification_queue import NotificationQueue
from bot.store.outbox import Outbox, create_claim_token
from bot.store.post_history import load_histories, load_history
from bot.store.subscriptions import decode_subscription
from bot.store.tables import TIP_DELIVERIES, TIP_SUBSCRIPTIONS, decode_tenant, tenant_condition
from bot.store.upsert import build_insert

_DEFAULT_LIMIT = 50
_EMPTY_DELIVERY: dict[str, Any] = {
    "tip": None,
    "cycle": 0,
    "claim_token": "",
    "due_at": None,
    "send_started_at": None,
    "attempts": 0,
    "reason": "",
    "platform_message_id": None,
}
_D, _S = TIP_DELIVERIES, TIP_SUBSCRIPTIONS
_SAME_SUBSCRIPTION = (
    (_D.c.platform == _S.c.platform)
    & (_D.c.workspace == _S.c.workspace)
    & (_D.c.channel == _S.c.channel)
    & (_D.c.subscription_id == _S.c.subscription_id)
)


@dataclass(slots=True)
class _DueSubscription:
    """A due subscription while its slots are planned."""

    subscription: Subscription
    next_due_at: datetime | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    posts: dict[str, PlannedPost] = field(default_factory=dict)  # by claim token


class DeliveryQueue(Outbox):
    """The tips of all subscriptions. Each step is one short transaction; each row is settled once.

    Args:
        notifications: where the notifications of owners are written.
    """

    def __init__(self, database: Database, notifications: NotificationQueue) -> None:
        super().__init__(database, _D)
        self._notifications = notifications

    def claim_due(
        self,
        now: datetime,
        platforms: Collection[str],
        idempotent_platforms: Collection[str],
        tip_pool: TipPool,
        limit: int = _DEFAULT_LIMIT,
    ) -> tuple[list[ClaimedTip], list[Notification]]:
        """Claim what is due, tips and notifications, for one lease.

        Args:
            platforms: those that this process serves.
            idempotent_platforms: those that post a message with the same idempotency key once.
            limit: of subscriptions; after a pause one of them may bring several tips.
        """
        claimed: list[ClaimedTip] = []
        notifications: list[Notification] = []
        with self._database.write() as connection:
            for platform in sorted(platforms):
                claimed += self._claim_retries(
                    connection, platform, now, limit - len(claimed), idempotent_platforms
                )
                claimed += self._claim_due_slots(connection, platform, now, limit - len(claimed), tip_pool)
                free = limit - len(claimed) - len(notifications)
                notifications += self._notifications.claim_due(
                    connection, platform, now, free, idempotent_platforms
                )
        return claimed, notifications

    def resolve_uncertain(
        self, tenant: Tenant, channel: str, scheduled_at: datetime, now: datetime, *, should_resend: bool
    ) -> bool:
        """Record what a person says about an uncertain tip: post it now, or it is posted.

        Returns:
            False when somebody has already said so.
        """
        values: dict[str, Any] = {"state": DeliveryState.SENT, "reason": ""}
        if should_resend:
            values = {
                "state": DeliveryState.FAILED,
                "due_at": now,
                "reason": SkipReason.ASKED,
                "attempts": 0,
            }
        this_slot = (_D.c.channel == channel, _D.c.scheduled_at == scheduled_at)
        with self._database.write() as connection:
            changed = connection.execute(
                update(_D)
                .where(tenant_condition(_D, tenant), *this_slot, _D.c.state == DeliveryState.UNKNOWN)
                .values(updated_at=now, claim_token="", send_started_at=None, **values)
            )
        return changed.rowcount == 1

    def load_last_delivery(self, tenant: Tenant, channel: str) -> tuple[datetime, DeliveryState, str] | None:
        """Return the last slot of a channel: when, its state, and the reason of that."""
        query = (
            select(_D.c.scheduled_at, _D.c.state, _D.c.reason)
            .where(tenant_condition(_D, tenant), _D.c.channel == channel)
            .order_by(_D.c.scheduled_at.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else (row.scheduled_at, DeliveryState(row.state), row.reason)

    def skip_slot(
        self,
        tenant: Tenant,
        channel: str,
        scheduled_at: datetime,
        now: datetime,
        subscription_id: str = DEFAULT_SUBSCRIPTION_ID,
    ) -> None:
        """Record that a slot is skipped because a person asked for that."""
        row = {
            **_EMPTY_DELIVERY,
            **tenant.column_values,
            "channel": channel,
            "subscription_id": subscription_id,
            "scheduled_at": scheduled_at,
            "updated_at": now,
            "state": DeliveryState.SKIPPED,
            "reason": SkipReason.ASKED,
        }
        with self._database.write() as connection:
            _insert_deliveries(connection, [row])

    def find_next_due(self, platforms: Collection[str]) -> datetime | None:
        """Return when there is something to claim next on these platforms; None when nothing waits."""
        moments = [
            moment
            for platform in sorted(platforms)
            for moment in (
                _select_next_slot(platform),
                self.select_next_due(platform),
                self._notifications.select_next_due(platform),
            )
        ]
        if not moments:
            return None
        with self._database.read() as connection:
            due = connection.execute(select(*moments)).one()
        return min((moment for moment in due if moment is not None), default=None)

    def load_history(self, subscription: Subscription) -> PostHistory:
        """Return what was posted in a subscription's channel."""
        with self._database.read() as connection:
            return load_history(connection, subscription)

    def _claim_due_slots(
        self, connection: Connection, platform: str, now: datetime, limit: int, tip_pool: TipPool
    ) -> list[ClaimedTip]:
        """Plan and claim every slot that has come, of the subscriptions that are due."""
        query = (
            select(_S)
            .where(_S.c.platform == platform, _S.c.next_due_at <= now)
            .order_by(_S.c.next_due_at)
            .limit(max(0, limit))
            .with_for_update(skip_locked=True)
        )
        subscriptions = [decode_subscription(row) for row in connection.execute(query)]
        if not subscriptions:
            return []
        due = _plan_due(subscriptions, load_histories(connection, subscriptions), tip_pool, now)
        inserted = _insert_deliveries(connection, [row for planned in due for row in planned.rows])
        self._advance_subscriptions(connection, due, inserted)
        claimed = []
        for planned in due:
            for token, post in planned.posts.items():
                if token in inserted:
                    claimed.append(_build_claimed_tip(planned.subscription, post, token))
                    self._notify_low_pool(connection, planned.subscription, post, now)
        return claimed

    def _advance_subscriptions(
        self, connection: Connection, due: Sequence[_DueSubscription], inserted: Collection[str]
    ) -> None:
        """Write when the next slots are, and the cycle of the last tip that really got its slot."""
        advance = (
            update(_S)
            .where(*(column == bindparam(f"of_{column.name}") for column in _S.primary_key))
            .values(next_due_at=bindparam("to_due"), cycle=bindparam("to_cycle"), paused_until=None)
        )
        connection.execute(
            advance,
            [
                {
                    "of_platform": planned.subscription.tenant.platform,
                    "of_workspace": planned.subscription.tenant.workspace,
                    "of_channel": planned.subscription.channel,
                    "of_subscription_id": planned.subscription.subscription_id,
                    "to_due": planned.next_due_at,
                    "to_cycle": max(
                        (
                            post.choice.cycle
                            for token, post in planned.posts.items()
                            if token in inserted and post.choice is not None
                        ),
                        default=planned.subscription.cycle,
                    ),
                }
                for planned in due
            ],
        )

    def _notify_low_pool(
        self, connection: Connection, subscription: Subscription, post: PlannedPost, now: datetime
    ) -> None:
        """Notify the owner of a channel when few tips are left; a member's own tips run out in silence."""
        if post.low_pool is not None and not subscription.is_direct:
            self._notifications.enqueue(
                connection,
                subscription.tenant,
                subscription.channel,
                post.low_pool,
                now,
                is_direct=False,
                subscription_id=subscription.subscription_id,
            )

    def _claim_retries(
        self,
        connection: Connection,
        platform: str,
        now: datetime,
        limit: int,
        idempotent_platforms: Collection[str],
    ) -> list[ClaimedTip]:
        """Claim rows that wait for another attempt, and rows that a process left behind."""
        query = select(_D, _S.c.is_direct).join(_S, _SAME_SUBSCRIPTION, isouter=True)
        claimable: list[Row[Any]] = []
        for row in connection.execute(self._select_due(query, platform, now, limit)).all():
            skip_reason = SkipReason.ENDED if row.is_direct is None else None  # no subscription any more
            outbox_row = self._describe(connection, row, idempotent_platforms)
            transition = settle_unclaimed(outbox_row, skip_reason, now)
            if transition is None:
                claimable.append(row)
            else:
                self._apply(connection, row, transition, now)
        tokens = self._claim_rows(connection, claimable, now)
        return [
            ClaimedTip(
                decode_tenant(row),
                row.channel,
                row.is_direct,
                row.scheduled_at,
                row.tip,
                token,
                row.attempts,
            )
            for row, token in zip(claimable, tokens, strict=True)
        ]

    def _describe(
        self,
        connection: Connection,
        row: Row[Any],
        idempotent_platforms: Collection[str],
        result: DeliveryResult | None = None,
    ) -> OutboxRow:
        unrecognized = isinstance(result, DeliveryUnrecognized)
        return OutboxRow(
            DeliveryKind.TIP,
            DeliveryState(row.state),
            row.scheduled_at,
            row.attempts,
            row.send_started_at,
            row.updated_at,
            is_requested=row.reason == SkipReason.ASKED,
            knows_key=row.platform in idempotent_platforms,
            unrecognized_slots=_count_unrecognized_slots(connection, row) if unrecognized else 0,
        )

    def _follow_up(
        self, connection: Connection, row: Row[Any], transition: Transition, claim_token: str, now: datetime
    ) -> None:
        """Ask the owner about an uncertain tip; pause the channel and notify its owner of that."""
        slot = row.scheduled_at
        if transition.asks_owner:
            subject = NotificationSubject(NotificationKind.UNKNOWN, claim_token, slot)
            self._notify_owner(connection, row, subject, now)
        if transition.pause is None:
            return
        paused = connection.execute(
            update(_S)
            .where(tenant_condition(_S, decode_tenant(row)), _S.c.channel == row.channel)
            .where(_S.c.pause_reason == "")
            .values(pause_reason=transition.pause, next_due_at=None)
        )
        if paused.rowcount:  # otherwise the owner was notified already
            subject = NotificationSubject(
                NotificationKind.PAUSED,
                claim_token,
                slot,
                transition.pause,
                error_code=transition.error_code,
            )
            self._notify_owner(connection, row, subject, now)

    def _notify_owner(
        self, connection: Connection, row: Row[Any], subject: NotificationSubject, now: datetime
    ) -> None:
        """Notify the owner of a delivery's subscription, unless that is impossible or nobody's concern."""
        is_direct: bool | None = connection.scalar(
            select(_S.c.is_direct).where(
                tenant_condition(_S, decode_tenant(row)),
                _S.c.channel == row.channel,
                _S.c.subscription_id == row.subscription_id,
            )
        )
        if is_direct is None:
            return  # the person who removed the subscription expects no tip; its owner is unknown
        if is_direct and subject.detail == PauseReason.CLOSED:
            return  # a direct message could not be delivered; `tips list` says it
        self._notifications.enqueue(
            connection,
            decode_tenant(row),
            row.channel,
            subject,
            now,
            is_direct=is_direct,
            subscription_id=row.subscription_id,
        )


def _plan_due(
    subscriptions: Sequence[Subscription],
    histories: dict[Subscription, PostHistory],
    tip_pool: TipPool,
    now: datetime,
) -> list[_DueSubscription]:
    """Plan every slot until now. Subscriptions of one channel share its history, and post one tip a slot."""
    channel_choices: dict[tuple[Tenant, str], list[TipChoice]] = defaultdict(list)
    taken: set[tuple[Tenant, str, datetime]] = set()
    planned: list[_DueSubscription] = []
    for subscription in subscriptions:
        channel = (subscription.tenant, subscription.channel)
        history = histories[subscription].with_channel_posts(channel_choices[channel])
        due = _DueSubscription(subscription, subscription.next_due_at)
        while due.next_due_at is not None and due.next_due_at <= now:
            post = tip_pool.plan_post(subscription, history, due.next_due_at)
            due.next_due_at = post.next_due_at
            if (*channel, post.scheduled_at) in taken:
                continue
            taken.add((*channel, post.scheduled_at))
            skip_reason = find_skip_of_slot(post.scheduled_at, now, has_tip=post.choice is not None)
            due.rows.append(_build_row(subscription, post, skip_reason, now))
            if skip_reason is None and post.choice is not None:
                due.posts[due.rows[-1]["claim_token"]] = post
                history = history.with_choice(post.choice)
                channel_choices[channel].append(post.choice)
        planned.append(due)
    return planned


def _build_row(
    subscription: Subscription, post: PlannedPost, skip_reason: SkipReason | None, now: datetime
) -> dict[str, Any]:
    """Build the row of a new slot: skipped, or claimed by this process."""
    row = {
        **_EMPTY_DELIVERY,
        **subscription.tenant.column_values,
        "channel": subscription.channel,
        "subscription_id": subscription.subscription_id,
        "scheduled_at": post.scheduled_at,
        "updated_at": now,
    }
    if skip_reason is not None or post.choice is None:
        return {**row, "state": DeliveryState.SKIPPED, "reason": skip_reason}
    return {
        **row,
        "state": DeliveryState.CLAIMED,
        "tip": post.choice.tip,
        "cycle": post.choice.cycle,
        "claim_token": create_claim_token(),
        "due_at": now + timing.CLAIM_LEASE,
    }


def _build_claimed_tip(subscription: Subscription, post: PlannedPost, claim_token: str) -> ClaimedTip:
    assert post.choice is not None, "only a slot with a tip is claimed"
    return ClaimedTip(
        subscription.tenant,
        subscription.channel,
        subscription.is_direct,
        post.scheduled_at,
        post.choice.tip,
        claim_token,
    )


def _count_unrecognized_slots(connection: Connection, row: Row[Any]) -> int:
    """Count the slots just before this one that ended with an unknown code; a person's skips do not count."""
    earlier = (
        select(_D.c.reason)
        .where(tenant_condition(_D, decode_tenant(row)), _D.c.channel == row.channel)
        .where(_D.c.subscription_id == row.subscription_id, _D.c.scheduled_at < row.scheduled_at)
        .where(_D.c.reason != SkipReason.ASKED)
        .order_by(_D.c.scheduled_at.desc())
        .limit(MAX_UNRECOGNIZED_SLOTS)
    )
    reasons = connection.scalars(earlier)
    return len([*takewhile(lambda reason: reason == SkipReason.UNRECOGNIZED, reasons)])


def _select_next_slot(platform: str) -> Any:
    """Build a scalar subquery: when the next subscription of a platform is due."""
    due = select(_S.c.next_due_at).where(_S.c.platform == platform, _S.c.next_due_at.is_not(None))
    return due.order_by(_S.c.next_due_at).limit(1).scalar_subquery()


def _insert_deliveries(connection: Connection, rows: list[dict[str, Any]]) -> frozenset[str]:
    """Insert rows whose slot has none yet; return the claim tokens of those."""
    insert = build_insert(_D, connection).on_conflict_do_nothing().returning(_D.c.claim_token)
    return frozenset(connection.scalars(insert, rows)) if rows else frozenset()
