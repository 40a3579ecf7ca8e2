"""The page of one subscription: its schedule, and everything that can be done about it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.command import Context
from bot.commands.tips.formatting import find_uncertain_slot, format_subscription
from bot.commands.tips.notifications import build_decision_buttons, encode_slot
from bot.commands.tips.subscription_form import TipFormValues, build_reopen_action
from bot.commands.tips.targets import find_subscription, resolve_requested_target
from bot.domain.tips.subscription import Subscription
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, ButtonStyle, Heading, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request


def show_subscription(request: Request, context: Context) -> Reply:
    """Show the subscription of the channel that a button names."""
    place, texts = resolve_requested_target(request), context.strings
    subscription = find_subscription(place, request, context)
    if subscription is None:
        raise UserFacingError("tips.none_here")
    blocks: list[Block] = [
        Heading(texts.get_text("tips.list_heading")),
        Paragraph(format_subscription(subscription, request, context)),
    ]
    if topics := [context.content.tags[tag].name for tag in subscription.tags if tag in context.content.tags]:
        blocks.append(Note(texts("tips.only_on", topics=", ".join(topics))))
    if (slot := find_uncertain_slot(subscription, context)) is not None:
        place_and_slot = (subscription.tenant.workspace, subscription.channel, encode_slot(slot))
        blocks.append(Buttons(build_decision_buttons(place_and_slot, context)))
    blocks.append(Buttons(tuple(_build_buttons(subscription, context))))
    return Reply(tuple(blocks), texts.get_text("tips.list_heading"))


def _build_buttons(subscription: Subscription, context: Context) -> Iterator[Button]:
    words, where = context.strings.get_text, (subscription.channel,)
    if subscription.next_due_at is None:
        yield Button(words("tips.resume.label"), Action("tips.resume", where), ButtonStyle.PRIMARY)
    else:
        yield Button(words("tips.pause.label"), Action("tips.pause", where))
        yield Button(words("tips.skip.label"), Action("tips.skip", where))
    yield Button(words("tips.preview.label"), Action("tips.preview", where))
    yield Button(words("tips.change.label"), _build_edit_action(subscription))
    yield Button(words("tips.off.label"), Action("tips.off", where), ButtonStyle.DANGER)
    yield Button(words("tips.list.label"), Action("tips.list"))


def _build_edit_action(subscription: Subscription) -> Action:
    """Build the action that opens the form, filled in with the subscription."""
    where = "me" if subscription.is_direct else subscription.channel
    schedule = subscription.schedule
    return build_reopen_action(
        TipFormValues(
            schedule.days,
            f"{schedule.local_time:%H:%M}",
            schedule.zone,
            where,
            " ".join(subscription.tags),
        )
    )
