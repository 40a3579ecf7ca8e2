"""From a due subscription to a message, and from what became of it to rows and a word to its owner."""

from __future__ import annotations

from datetime import datetime, time
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.commands.command import Context
from bot.commands.showing import named
from bot.commands.tips.places import named_place
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Heading, Note, Paragraph
from bot.dialogue.delivery import Delivery, Paused, RetryAt, Sent, Settled, Unknown
from bot.dialogue.reply import Audience, Direct, Reply
from bot.dialogue.spans import spans
from bot.domain.tips.choice import Posted
from bot.domain.tips.course import Taker, post
from bot.domain.tips.schedule import Schedule
from bot.library.library import mark
from bot.store.community import Community
from bot.store.tips import Claimed, Had, Pick, Subscription, Told

REPEATS = frozenset({"discord"})
"""Platforms that take a message with the same key once."""


def claim(context: Context, platforms: frozenset[str], now: datetime) -> list[Delivery]:
    """What is to be sent now: tips that nobody else will send, and words to their owners."""

    def chosen(subscription: Subscription, had: Had, slot: datetime) -> Pick:
        found = post(taker_of(subscription), posted_of(subscription, had), slot, context.library)
        if found.chosen is None:
            return Pick(None, subscription.round, found.next)
        return Pick(found.chosen.tip, found.chosen.round, found.next)

    claimed, told = context.store.deliveries.claim(now, platforms, platforms & REPEATS, chosen)
    return [
        *(_delivery(one, context) for one in claimed),
        *(_word(one, context) for one in told),
    ]


def begin(context: Context, delivery: Delivery, now: datetime) -> bool:
    """Whether the tip may be sent now."""
    return delivery.slot is None or context.store.deliveries.sending(_claimed(delivery), now)


def settle(context: Context, delivery: Delivery, settled: Settled, now: datetime) -> list[Delivery]:
    """Write down what became of a tip; gives the words to its owner, if there are any."""
    if delivery.slot is None:
        return []
    claimed, rows = _claimed(delivery), context.store.deliveries
    told: list[Told] = []
    match settled:
        case Sent(message):
            rows.sent(claimed, message, now)
        case RetryAt(at, reason):
            rows.failed(claimed, at, reason, now)
        case Paused(reason):
            told = rows.paused(claimed, reason, now)
        case Unknown(reason):
            told = rows.unknown(claimed, reason, now)
        case _:
            assert_never(settled)
    return [_word(one, context) for one in told]


def tip_reply(tip_id: str, context: Context, *, direct: bool = False) -> Reply:
    """A tip as a channel gets it: the tip, its source, and the way to its card."""
    texts, tip = context.texts, context.library.tips[tip_id]
    card = (mark(tip.card),)
    buttons = (
        Button(texts.words("tips.read.label"), Action("card.show", card)),
        Button(texts.words("tips.helpful.label"), Action("card.helpful", card)),
    )
    source = named(context.library.sources[tip.source])
    blocks = (
        Heading(texts.words("tips.heading")),
        Paragraph(tip.text),
        Note(spans(texts("source.label"), " ", source)),
        Buttons(buttons),
    )
    summary = texts.words("tips.heading")
    if direct:
        return Reply(blocks, summary, place=Direct())
    return Reply(blocks, summary, audience=Audience.EVERYONE)


def schedule_of(subscription: Subscription) -> Schedule:
    """When a subscription is due."""
    at = time.fromisoformat(subscription.at)
    return Schedule(subscription.days, at, subscription.zone, subscription.since)


def taker_of(subscription: Subscription) -> Taker:
    """Who gets tips by a subscription."""
    place = f"{subscription.community.workspace}:{subscription.channel}"
    return Taker(schedule_of(subscription), subscription.tags, place)


def posted_of(subscription: Subscription, had: Had) -> Posted:
    """What a subscription's place had so far."""
    return Posted(subscription.round, had.used, had.recent)


def local(moment: datetime, zone: str) -> str:
    """`Tue 24 Nov 2026, 09:00 (Europe/Berlin)`."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %Y, %H:%M} ({zone})"


def slot_mark(slot: datetime) -> str:
    """A slot in a button."""
    return str(int(slot.timestamp()))


def _delivery(claimed: Claimed, context: Context) -> Delivery:
    community = claimed.community
    return Delivery(
        community.platform,
        community.workspace,
        claimed.channel,
        claimed.direct,
        tip_reply(claimed.tip, context, direct=claimed.direct),
        key=f"tip:{community.workspace}:{claimed.channel}:{slot_mark(claimed.slot)}",
        slot=claimed.slot,
        claim=claimed.claim,
    )


def _claimed(delivery: Delivery) -> Claimed:
    assert delivery.slot is not None
    community = Community(delivery.platform, delivery.workspace)
    return Claimed(community, delivery.channel, delivery.direct, delivery.slot, "", delivery.claim)


def _word(told: Told, context: Context) -> Delivery:
    """What its owner is told of a tip that is in doubt, or of a subscription that rests."""
    texts, about = context.texts, told.about
    community, slot = about.community, slot_mark(about.slot)
    place = (
        community.workspace,
        about.channel,
    )  # direct messages are of no server: say which
    where = named_place(about.channel, context, direct=about.direct)
    if told.state == "unknown":
        said = texts("tips.unknown", slot=f"{about.slot:%Y-%m-%d %H:%M} UTC", channel=where)
        buttons = (
            Button(texts.words("tips.again.label"), Action("tips.again", (*place, slot))),
            Button(texts.words("tips.there.label"), Action("tips.there", (*place, slot))),
        )
    else:
        said = texts(f"tips.paused.{told.reason}", channel=where)
        resume = Button(texts.words("tips.resume.label"), Action("tips.return", place))
        buttons = (resume, Button(texts.words("tips.list.label"), Action("tips.list")))
    blocks = (Paragraph(said), Buttons(buttons))
    return Delivery(
        community.platform,
        community.workspace,
        told.person,
        direct=True,
        reply=Reply(blocks, texts.words("tips.word_summary"), place=Direct()),
        key=f"word:{community.workspace}:{about.channel}:{slot}:{told.state}",
    )
