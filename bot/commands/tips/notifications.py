"""Notifications of owners and admins about their tips, and how a slot is written."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.commands.command import Context
from bot.commands.tips.targets import format_channel, has_no_workspace
from bot.domain.outbox import DeliveryKind, NotificationKind
from bot.domain.tips.claims import Notification
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Paragraph
from bot.messaging.delivery import Delivery
from bot.messaging.reply import DirectMessage, Reply
from bot.messaging.spans import Spans


def format_local_time(at: datetime, zone: str) -> str:
    """Format a moment like `Tue 24 Nov 2026, 09:00 (Europe/Berlin)`."""
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %Y, %H:%M} ({zone})"


def encode_slot(scheduled_at: datetime) -> str:
    """Encode a slot for a button."""
    return str(int(scheduled_at.timestamp()))


def build_notification(notification: Notification, context: Context) -> Delivery:
    """Build the message: an uncertain tip, a pause or a low pool, and what to do about it."""
    tenant, subject = notification.tenant, notification.subject
    text, buttons = _format_notification(notification, context), _build_buttons(notification, context)
    about = f"{notification.channel}:{subject.kind}:{subject.dedupe_key}:{notification.recipient_index}"
    return Delivery(
        DeliveryKind.NOTIFICATION,
        tenant.platform,
        tenant.workspace,
        notification.recipient_id,
        is_direct=True,
        reply=Reply(
            (Paragraph(text), *((Buttons(buttons),) if buttons else ())),
            context.strings.get_text("tips.word_summary"),
            placement=DirectMessage(),
        ),
        idempotency_key=f"word:{tenant.workspace}:{about}",
        due_since=notification.created_at,
        claim_token=notification.claim_token,
        attempts=notification.attempts,
    )


def build_decision_buttons(arguments: tuple[str, str, str], context: Context) -> tuple[Button, ...]:
    """Build the two answers to whether a tip was posted.

    Args:
        arguments: a workspace, a channel and a slot.
    """
    texts = context.strings
    return (
        Button(texts.get_text("tips.again.label"), Action("tips.again", arguments)),
        Button(texts.get_text("tips.there.label"), Action("tips.there", arguments)),
    )


def _format_notification(notification: Notification, context: Context) -> Spans:
    texts, subject = context.strings, notification.subject
    channel = format_channel(notification.channel, context, is_direct=notification.is_direct)
    match subject.kind:
        case NotificationKind.UNKNOWN:
            slot = format_local_time(subject.scheduled_at, notification.zone)
            return texts("tips.unknown", slot=slot, channel=channel)
        case NotificationKind.LOW_POOL:
            key = "tips.few_left" if subject.dedupe_key else "tips.few_ever"
            return texts(key, n=subject.remaining, channel=channel)
        case NotificationKind.PAUSED if subject.error_code:
            return texts("tips.paused_code", channel=channel, code=subject.error_code)
        case NotificationKind.PAUSED:
            return texts(f"tips.paused.{subject.detail}", channel=channel)
        case _:
            assert_never(subject.kind)


def _build_buttons(notification: Notification, context: Context) -> tuple[Button, ...]:
    texts, tenant = context.strings, notification.tenant
    place = (tenant.workspace, notification.channel)  # on Discord a direct message belongs to no server
    list_buttons: tuple[Button, ...] = ()
    if not has_no_workspace(tenant.platform, is_direct=True):  # otherwise the list would be empty there
        list_buttons = (Button(texts.get_text("tips.list.label"), Action("tips.list")),)
    match notification.subject.kind:
        case NotificationKind.UNKNOWN:
            return build_decision_buttons((*place, encode_slot(notification.subject.scheduled_at)), context)
        case NotificationKind.PAUSED:
            return Button(texts.get_text("tips.resume.label"), Action("tips.return", place)), *list_buttons
        case NotificationKind.LOW_POOL:
            return list_buttons
        case _:
            assert_never(notification.subject.kind)
