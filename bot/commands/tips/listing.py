"""`/career tips list`: what is set up, when it comes next, and what did not come."""

from __future__ import annotations

from bot.commands.command import Context
from bot.commands.ledger import community_of
from bot.commands.tips.places import Place, named_place, place_words
from bot.commands.tips.telling import local
from bot.dialogue.action import Action
from bot.dialogue.blocks import Block, Bullets, Button, Buttons, Heading, Note, Paragraph
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request
from bot.dialogue.spans import Spans, spans
from bot.domain.tips.choice import FEW, pool
from bot.store.tips import Subscription

_MOST = 15
_DOUBTFUL = ("missed", "late", "empty", "ours", "blocked")


def listed(request: Request, context: Context) -> Reply:
    """A member's own and this channel's; for an admin all of the workspace's."""
    texts, origin = context.texts, request.origin
    everything = context.store.subscriptions.all(community_of(request))
    own = [
        one
        for one in everything
        if one.channel == request.user.id
        or (not one.direct and (request.user.admin or one.channel == origin.channel))
    ]
    blocks: list[Block] = [Heading(texts.words("tips.list_heading"))]
    if own:
        blocks.append(Bullets(tuple(_line(one, request, context) for one in own[:_MOST])))
        thin = min(len(pool(context.library, one.tags, request.received_at.date())) for one in own)
        if thin < FEW:
            blocks.append(Note(texts("tips.few", n=thin)))
    else:
        blocks.append(Paragraph(texts("tips.list_none", prefix=context.prefix)))
    buttons = [Button(texts.words("tips.me.label"), Action("tips.on", ("me",)))]
    if request.user.admin and not origin.direct:
        buttons.append(Button(texts.words("tips.here.label"), Action("tips.on", ("here",))))
    return Reply((*blocks, Buttons(tuple(buttons))), texts.words("tips.list_heading"))


def _line(one: Subscription, request: Request, context: Context) -> Spans:
    texts, place = context.texts, place_words(Place(one.channel, one.direct), request, context)
    days = f"{one.days} {one.at} {one.zone}"
    if one.next_due_at is None:
        where = named_place(one.channel, context, direct=one.direct)
        why = texts(f"tips.paused.{one.paused or 'asked'}", channel=where)
        line = texts("tips.list_paused", place=place, days=days, why=why)
    else:
        line = texts("tips.list_next", place=place, days=days, date=local(one.next_due_at, one.zone))
    last = context.store.deliveries.last(one.community, one.channel)
    if last is None:
        return line
    slot, state, reason = last
    key = "unknown" if state == "unknown" else reason
    if key not in (*_DOUBTFUL, "unknown"):
        return line
    return spans(line, " ", texts(f"tips.last.{key}", date=local(slot, one.zone)))
