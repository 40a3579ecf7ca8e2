"""From a due subscription to a message, and from what became of it to rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from functools import cache
from typing import TYPE_CHECKING, assert_never

from bot.commands.command import Context
from bot.commands.showing import named
from bot.commands.tips.telling import slot_mark, word
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Heading, Note, Paragraph
from bot.dialogue.delivery import Delivery, Paused, RetryAt, Sent, Settled, Skipped, Unknown
from bot.dialogue.reply import Audience, Direct, Reply
from bot.dialogue.spans import spans
from bot.domain.tips.choice import FEW, Posted
from bot.domain.tips.course import Post, Taker, post
from bot.domain.tips.schedule import Schedule
from bot.library.library import mark
from bot.store.tips import Claimed, Done, Few, Had, Pick, Subscription

if TYPE_CHECKING:  # whoever asks for the store pays for its import
    from bot.store.deliveries import Deliveries
    from bot.store.words import Words

REPEATS = frozenset({"discord"})
"""Platforms that take a message with the same key once."""


def claim(context: Context, platforms: frozenset[str], now: datetime, most: int) -> list[Delivery]:
    """What is to be sent now: tips that nobody else will send, and words to their owners."""

    def chosen(subscription: Subscription, had: Had, slot: datetime) -> Pick:
        found = post(taker_of(subscription), posted_of(subscription, had), slot, context.library)
        if found.chosen is None:
            return Pick(None, subscription.round, found.next)
        few = None if subscription.direct else _few(found)
        return Pick(found.chosen.tip, found.chosen.round, found.next, few)

    @cache
    def shown(tip: str, own: str | None) -> Reply:
        return tip_reply(tip, context, own)

    claimed, words = context.store.deliveries.claim(now, platforms, REPEATS, chosen, most)
    return [
        *(_delivery(one, shown(one.tip, one.community.workspace if one.direct else None)) for one in claimed),
        *(word(one, context) for one in words),
    ]


def begin(context: Context, deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """Those that may be sent now."""
    begun: set[str] = set()
    for rows, own in _by_rows(context, deliveries):
        begun |= rows.begin([one.claim for one in own], now)
    return [one for one in deliveries if one.claim in begun]


def give_back(context: Context, deliveries: Sequence[Delivery], now: datetime) -> None:
    """Leave what was not begun to others."""
    for rows, own in _by_rows(context, deliveries):
        rows.give_back([one.claim for one in own], now)


def settle(context: Context, done: Sequence[tuple[Delivery, Settled]], now: datetime) -> None:
    """Write down what became of deliveries, with the words to owners that follow from it."""
    became = {delivery.claim: settled for delivery, settled in done}
    for rows, own in _by_rows(context, [delivery for delivery, _ in done]):
        rows.settle([_done(one.claim, became[one.claim]) for one in own], now, REPEATS)


def _by_rows(
    context: Context, deliveries: Sequence[Delivery]
) -> Iterator[tuple[Deliveries | Words, list[Delivery]]]:
    """Tips and words, each with the rows that they are."""
    store = context.store
    for rows, tips in ((store.deliveries, True), (store.words, False)):
        own = [one for one in deliveries if (one.slot is not None) is tips]
        if own:
            yield rows, own


def _done(claim: str, settled: Settled) -> Done:
    match settled:
        case Sent(message):
            return Done(claim, "sent", message=message)
        case RetryAt(at, reason):
            return Done(claim, "failed", reason=reason, again=at)
        case Paused(reason):
            return Done(claim, "paused", reason=reason)
        case Skipped(reason):
            return Done(claim, "skipped", reason=reason)
        case Unknown(reason):
            return Done(claim, "unknown", reason=reason)
        case _:
            assert_never(settled)


def _few(found: Post) -> Few | None:
    """What is left of a round; where there never is more that is said once, else once a round."""
    assert found.chosen is not None
    if found.left >= FEW:
        return None
    return Few(found.pool, "") if found.pool < FEW else Few(found.left, str(found.chosen.round))


def tip_reply(tip_id: str, context: Context, own: str | None = None) -> Reply:
    """A tip as a channel gets it: the tip, its source, and the way to its card.

    Args:
        own: the workspace in which a person set it up to come by direct message.
    """
    texts, tip = context.texts, context.library.tips[tip_id]
    card = (mark(tip.card),)
    buttons = (
        Button(texts.words("tips.read.label"), Action("card.show", card)),
        Button(texts.words("tips.helpful.label"), Action("card.helpful", card)),
        *(_own_buttons(own, context) if own is not None else ()),
    )
    source = named(context.library.sources[tip.source])
    blocks = (
        Heading(texts.words("tips.heading")),
        Paragraph(tip.text),
        Note(spans(texts("source.label"), " ", source)),
        Buttons(buttons),
    )
    summary = texts.words("tips.heading")
    if own is not None:
        return Reply(blocks, summary, place=Direct())
    return Reply(blocks, summary, audience=Audience.EVERYONE)


def _own_buttons(workspace: str, context: Context) -> tuple[Button, ...]:
    """What else stands under a person's own tip; a direct message is of no server, so they say which."""
    texts = context.texts
    return (
        Button(texts.words("tips.snooze.label"), Action("tips.snooze", (workspace,))),
        Button(texts.words("tips.stop.label"), Action("tips.stop", (workspace,))),
    )


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


def _delivery(claimed: Claimed, reply: Reply) -> Delivery:
    community = claimed.community
    return Delivery(
        community.platform,
        community.workspace,
        claimed.channel,
        claimed.direct,
        reply,
        key=f"tip:{community.workspace}:{claimed.channel}:{slot_mark(claimed.slot)}",
        slot=claimed.slot,
        claim=claimed.claim,
    )
