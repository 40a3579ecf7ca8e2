"""The outbox as messages: claims what is due, renders it, and passes results back to the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from bot.commands.card_view import format_source
from bot.commands.command import Context
from bot.commands.tips.notifications import build_notification, encode_slot
from bot.content.content import short_hash
from bot.domain.outbox import DeliveryKind, DeliveryResult
from bot.domain.tips.claims import ClaimedTip
from bot.domain.tips.rotation import TipPool
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Heading, Note, Paragraph
from bot.messaging.delivery import Delivery
from bot.messaging.reply import Audience, DirectMessage, Reply
from bot.messaging.spans import build_spans

if TYPE_CHECKING:  # the store's import is paid for by whoever asks for the store
    from bot.store.outbox_table import OutboxTable

IDEMPOTENT_PLATFORMS = frozenset({"discord"})
"""Platforms that post a message with the same idempotency key once."""


def claim_due(context: Context, platforms: frozenset[str], now: datetime, limit: int) -> list[Delivery]:
    """Claim what is due and render it: tips, and notifications of their owners.

    Rendering comes after the claim is committed, so that no lock is held while it runs.
    """

    @cache
    def render_cached(tip_id: str, direct_workspace: str | None) -> Reply:
        return render_tip(tip_id, context, direct_workspace)

    tips, notifications = context.open_store().deliveries.claim_due(
        now, platforms, IDEMPOTENT_PLATFORMS, TipPool.of(context.content), limit
    )
    return [
        *(
            _build_delivery(tip, render_cached(tip.tip, tip.tenant.workspace if tip.is_direct else None))
            for tip in tips
        ),
        *(build_notification(notification, context) for notification in notifications),
    ]


def begin_sending(context: Context, deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """Mark deliveries as being sent; return those whose claim is still valid."""
    begun: set[str] = set()
    for outbox, own in _group_by_outbox(context, deliveries):
        begun |= outbox.mark_sending([delivery.claim_token for delivery in own], now)
    return [delivery for delivery in deliveries if delivery.claim_token in begun]


def release_claims(context: Context, deliveries: Sequence[Delivery], now: datetime) -> None:
    """Give up claims whose sending has not begun."""
    for outbox, own in _group_by_outbox(context, deliveries):
        outbox.release([delivery.claim_token for delivery in own], now)


def record_results(
    context: Context, results: Sequence[tuple[Delivery, DeliveryResult]], now: datetime
) -> None:
    """Record what became of deliveries, with the notifications that follow from it."""
    by_token = {delivery.claim_token: result for delivery, result in results}
    for outbox, own in _group_by_outbox(context, [delivery for delivery, _ in results]):
        tokens = [delivery.claim_token for delivery in own]
        outbox.record_results([(token, by_token[token]) for token in tokens], now, IDEMPOTENT_PLATFORMS)


def _group_by_outbox(
    context: Context, deliveries: Sequence[Delivery]
) -> Iterator[tuple[OutboxTable, list[Delivery]]]:
    """Yield each outbox that has any of these deliveries, with them."""
    store = context.open_store()
    outboxes = ((DeliveryKind.TIP, store.deliveries), (DeliveryKind.NOTIFICATION, store.notifications))
    for kind, outbox in outboxes:
        own = [delivery for delivery in deliveries if delivery.kind is kind]
        if own:
            yield outbox, own


def render_tip(tip_id: str, context: Context, direct_workspace: str | None = None) -> Reply:
    """Render a tip: its text, its source, and buttons for its card.

    Args:
        direct_workspace: the workspace where a person subscribed to it by direct message; None in a channel.
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
    """Build the further buttons of a person's own tip.

    They carry the workspace, because on Discord a direct message belongs to no server.
    """
    texts = context.strings
    return (
        Button(texts.get_text("tips.snooze.label"), Action("tips.snooze", (workspace,))),
        Button(texts.get_text("tips.stop.label"), Action("tips.stop", (workspace,))),
    )


def _build_delivery(tip: ClaimedTip, reply: Reply) -> Delivery:
    tenant = tip.tenant
    return Delivery(
        DeliveryKind.TIP,
        tenant.platform,
        tenant.workspace,
        tip.channel,
        tip.is_direct,
        reply,
        idempotency_key=f"tip:{tenant.workspace}:{tip.channel}:{encode_slot(tip.scheduled_at)}",
        due_since=tip.scheduled_at,
        claim_token=tip.claim_token,
        attempts=tip.attempts,
    )
