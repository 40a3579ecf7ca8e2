"""The page of one place's tips: how they are set up, and everything that can be done about them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.command import Context
from bot.commands.tips.describing import described, doubtful_slot
from bot.commands.tips.form import Said, reopening
from bot.commands.tips.places import asked_place, kept_at
from bot.commands.tips.telling import decisions, slot_mark
from bot.dialogue.action import Action
from bot.dialogue.blocks import Block, Button, Buttons, Heading, Note, Paragraph, Style
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request
from bot.errors import Refusal
from bot.store.tips import Subscription


def manage(request: Request, context: Context) -> Reply:
    """The tips of the place that a button names."""
    place, texts = asked_place(request), context.texts
    one = kept_at(place, request, context)
    if one is None:
        raise Refusal("tips.none_here")
    blocks: list[Block] = [
        Heading(texts.words("tips.list_heading")),
        Paragraph(described(one, request, context)),
    ]
    if topics := [context.library.tags[tag].name for tag in one.tags if tag in context.library.tags]:
        blocks.append(Note(texts("tips.only_on", topics=", ".join(topics))))
    if (slot := doubtful_slot(one, context)) is not None:
        place_and_slot = (one.community.workspace, one.channel, slot_mark(slot))
        blocks.append(Buttons(decisions(place_and_slot, context)))
    blocks.append(Buttons(tuple(_buttons(one, context))))
    return Reply(tuple(blocks), texts.words("tips.list_heading"))


def _buttons(one: Subscription, context: Context) -> Iterator[Button]:
    words, where = context.texts.words, (one.channel,)
    if one.next_due_at is None:
        yield Button(words("tips.resume.label"), Action("tips.resume", where), Style.PRIMARY)
    else:
        yield Button(words("tips.pause.label"), Action("tips.pause", where))
        yield Button(words("tips.skip.label"), Action("tips.skip", where))
    yield Button(words("tips.preview.label"), Action("tips.preview", where))
    yield Button(words("tips.change.label"), _change(one))
    yield Button(words("tips.off.label"), Action("tips.off", where), Style.DANGER)
    yield Button(words("tips.list.label"), Action("tips.list"))


def _change(one: Subscription) -> Action:
    """Opens the form with how they are set up."""
    where = "me" if one.direct else one.channel
    return reopening(Said(one.days, one.at, one.zone, where, " ".join(one.tags)))
