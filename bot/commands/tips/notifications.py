"""What the owner of tips is told unasked, and how a slot is said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.command import Context
from bot.commands.tips.targets import format_channel, has_no_workspace
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Paragraph
from bot.messaging.delivery import Delivery
from bot.messaging.reply import DirectMessage, Reply
from bot.messaging.spans import Spans
from bot.store.records import Notification


def format_local_time(at: datetime, zone: str) -> str:
    """`Tue 24 Nov 2026, 09:00 (Europe/Berlin)`."""
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %Y, %H:%M} ({zone})"


def encode_slot(scheduled_at: datetime) -> str:
    """A slot in a button."""
    return str(int(scheduled_at.timestamp()))


def build_notification(notification: Notification, context: Context) -> Delivery:
    """A tip in doubt, a subscription that rests, or a pool that is nearly used up, and what to do."""
    community = notification.tenant
    said, buttons = _format_notification(notification, context), _build_buttons(notification, context)
    about = f"{notification.channel}:{notification.subject.kind}:{notification.subject.dedupe_key}:{notification.recipient_index}"
    return Delivery(
        community.platform,
        community.workspace,
        notification.recipient_id,
        is_direct=True,
        reply=Reply(
            (Paragraph(said), *((Buttons(buttons),) if buttons else ())),
            context.strings.get_text("tips.word_summary"),
            placement=DirectMessage(),
        ),
        idempotency_key=f"word:{community.workspace}:{about}",
        claim_token=notification.claim_token,
    )


def build_decision_buttons(arguments: tuple[str, str, str], context: Context) -> tuple[Button, ...]:
    """What can be said of a tip in doubt.

    Args:
        about: a workspace, a place and a slot.
    """
    texts = context.strings
    return (
        Button(texts.get_text("tips.again.label"), Action("tips.again", arguments)),
        Button(texts.get_text("tips.there.label"), Action("tips.there", arguments)),
    )


def _format_notification(notification: Notification, context: Context) -> Spans:
    texts, where = (
        context.strings,
        format_channel(notification.channel, context, is_direct=notification.is_direct),
    )
    match notification.subject.kind:
        case "unknown":
            return texts(
                "tips.unknown",
                slot=format_local_time(notification.subject.scheduled_at, notification.zone),
                channel=where,
            )
        case "few":
            key = "tips.few_left" if notification.subject.dedupe_key else "tips.few_ever"
            return texts(key, n=notification.subject.remaining, channel=where)
        case _:
            return texts(f"tips.paused.{notification.subject.detail}", channel=where)


def _build_buttons(notification: Notification, context: Context) -> tuple[Button, ...]:
    texts = context.strings
    place = (
        notification.tenant.workspace,
        notification.channel,
    )  # direct messages are of no server: say which
    listed: tuple[Button, ...] = ()
    if not has_no_workspace(
        notification.tenant.platform, is_direct=True
    ):  # else the list there would be empty
        listed = (Button(texts.get_text("tips.list.label"), Action("tips.list")),)
    match notification.subject.kind:
        case "unknown":
            return build_decision_buttons((*place, encode_slot(notification.subject.scheduled_at)), context)
        case "paused":
            return Button(texts.get_text("tips.resume.label"), Action("tips.return", place)), *listed
        case _:
            return listed
