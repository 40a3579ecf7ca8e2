"""From a due subscription to a message, and from what became of it to rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from functools import cache
from typing import TYPE_CHECKING, assert_never

from bot.commands.card_view import format_source
from bot.commands.command import Context
from bot.commands.tips.notifications import build_notification, encode_slot
from bot.content.content import short_hash
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.selection import LOW_POOL_SIZE, PostHistory
from bot.domain.tips.tip_plan import PlannedPost, Subscriber, plan_post
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Heading, Note, Paragraph
from bot.messaging.delivery import (
    Delivery,
    DeliveryPaused,
    DeliveryResult,
    DeliveryRetry,
    DeliverySent,
    DeliverySkipped,
    DeliveryUnknown,
)
from bot.messaging.reply import Audience, DirectMessage, Reply
from bot.messaging.spans import build_spans
from bot.store.records import ClaimedTip, ClaimResult, LowPool, SlotPlan, StoredHistory, Subscription

if TYPE_CHECKING:  # whoever asks for the store pays for its import
    from bot.store.delivery_queue import DeliveryQueue
    from bot.store.notification_queue import NotificationQueue

IDEMPOTENT_PLATFORMS = frozenset({"discord"})
"""Platforms that take a message with the same key once."""


def claim_due(context: Context, platforms: frozenset[str], now: datetime, limit: int) -> list[Delivery]:
    """What is to be sent now: tips that nobody else will send, and words to their owners."""

    def plan_slot(subscription: Subscription, history: StoredHistory, scheduled_at: datetime) -> SlotPlan:
        found = plan_post(
            build_subscriber(subscription),
            build_history(subscription, history),
            scheduled_at,
            context.content,
        )
        if found.choice is None:
            return SlotPlan(None, subscription.cycle, found.next_due_at)
        few = None if subscription.is_direct else _find_low_pool(found)
        return SlotPlan(found.choice.tip, found.choice.cycle, found.next_due_at, few)

    @cache
    def render_cached(tip_id: str, direct_workspace: str | None) -> Reply:
        return render_tip(tip_id, context, direct_workspace)

    claimed, words = context.open_store().deliveries.claim_due(
        now, platforms, IDEMPOTENT_PLATFORMS, plan_slot, limit
    )
    return [
        *(
            _build_delivery(one, render_cached(one.tip, one.tenant.workspace if one.is_direct else None))
            for one in claimed
        ),
        *(build_notification(one, context) for one in words),
    ]


def begin_sending(context: Context, deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """Those that may be sent now."""
    begun: set[str] = set()
    for rows, own in _group_by_queue(context, deliveries):
        begun |= rows.mark_sending([one.claim_token for one in own], now)
    return [one for one in deliveries if one.claim_token in begun]


def release_claims(context: Context, deliveries: Sequence[Delivery], now: datetime) -> None:
    """Leave what was not begun to others."""
    for rows, own in _group_by_queue(context, deliveries):
        rows.release([one.claim_token for one in own], now)


def record_results(
    context: Context, results: Sequence[tuple[Delivery, DeliveryResult]], now: datetime
) -> None:
    """Write down what became of deliveries, with the words to owners that follow from it."""
    became = {delivery.claim_token: settled for delivery, settled in results}
    for rows, own in _group_by_queue(context, [delivery for delivery, _ in results]):
        rows.record_results(
            [_build_claim_result(one.claim_token, became[one.claim_token]) for one in own],
            now,
            IDEMPOTENT_PLATFORMS,
        )


def _group_by_queue(
    context: Context, deliveries: Sequence[Delivery]
) -> Iterator[tuple[DeliveryQueue | NotificationQueue, list[Delivery]]]:
    """Tips and words, each with the rows that they are."""
    store = context.open_store()
    for rows, tips in ((store.deliveries, True), (store.notifications, False)):
        own = [one for one in deliveries if (one.scheduled_at is not None) is tips]
        if own:
            yield rows, own


def _build_claim_result(claim_token: str, result: DeliveryResult) -> ClaimResult:
    match result:
        case DeliverySent(message):
            return ClaimResult(claim_token, "sent", platform_message_id=message)
        case DeliveryRetry(at, reason):
            return ClaimResult(claim_token, "failed", reason=reason, retry_at=at)
        case DeliveryPaused(reason):
            return ClaimResult(claim_token, "paused", reason=reason)
        case DeliverySkipped(reason):
            return ClaimResult(claim_token, "skipped", reason=reason)
        case DeliveryUnknown(reason):
            return ClaimResult(claim_token, "unknown", reason=reason)
        case _:
            assert_never(result)


def _find_low_pool(planned_post: PlannedPost) -> LowPool | None:
    """What is left of a round; where there never is more that is said once, else once a round."""
    assert planned_post.choice is not None
    if planned_post.remaining >= LOW_POOL_SIZE:
        return None
    return (
        LowPool(planned_post.pool_size, "")
        if planned_post.pool_size < LOW_POOL_SIZE
        else LowPool(planned_post.remaining, str(planned_post.choice.cycle))
    )


def render_tip(tip_id: str, context: Context, direct_workspace: str | None = None) -> Reply:
    """A tip as a channel gets it: the tip, its source, and the way to its card.

    Args:
        own: the workspace in which a person set it up to come by direct message.
    """
    texts, tip = context.strings, context.content.tips[tip_id]
    card = (short_hash(tip.card),)
    buttons = (
        Button(texts.get_text("tips.read.label"), Action("card.show", card)),
        Button(texts.get_text("tips.helpful.label"), Action("card.helpful", card)),
        *(_build_direct_buttons(direct_workspace, context) if direct_workspace is not None else ()),
    )
    source = format_source(context.content.sources[tip.source])
    blocks = (
        Heading(texts.get_text("tips.heading")),
        Paragraph(tip.text),
        Note(build_spans(texts("source.label"), " ", source)),
        Buttons(buttons),
    )
    summary = texts.get_text("tips.heading")
    if direct_workspace is not None:
        return Reply(blocks, summary, placement=DirectMessage())
    return Reply(blocks, summary, audience=Audience.EVERYONE)


def _build_direct_buttons(workspace: str, context: Context) -> tuple[Button, ...]:
    """What else stands under a person's own tip; a direct message is of no server, so they say which."""
    texts = context.strings
    return (
        Button(texts.get_text("tips.snooze.label"), Action("tips.snooze", (workspace,))),
        Button(texts.get_text("tips.stop.label"), Action("tips.stop", (workspace,))),
    )


def build_schedule(subscription: Subscription) -> Schedule:
    """When a subscription is due."""
    at = time.fromisoformat(subscription.local_time)
    return Schedule(subscription.days, at, subscription.zone, subscription.anchor_date)


def build_subscriber(subscription: Subscription) -> Subscriber:
    """Who gets tips by a subscription."""
    place = f"{subscription.tenant.workspace}:{subscription.channel}"
    return Subscriber(build_schedule(subscription), subscription.tags, place)


def build_history(subscription: Subscription, stored_history: StoredHistory) -> PostHistory:
    """What a subscription's place had so far."""
    return PostHistory(subscription.cycle, stored_history.used_tips, stored_history.recent_tips)


def _build_delivery(claimed_tip: ClaimedTip, reply: Reply) -> Delivery:
    community = claimed_tip.tenant
    return Delivery(
        community.platform,
        community.workspace,
        claimed_tip.channel,
        claimed_tip.is_direct,
        reply,
        idempotency_key=f"tip:{community.workspace}:{claimed_tip.channel}:{encode_slot(claimed_tip.scheduled_at)}",
        scheduled_at=claimed_tip.scheduled_at,
        claim_token=claimed_tip.claim_token,
    )
