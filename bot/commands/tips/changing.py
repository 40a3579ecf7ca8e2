"""`tips off`, `pause`, `resume` and `skip`: what becomes of tips that are set up."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.command import Context
from bot.commands.ledger import community_of
from bot.commands.tips.barriers import barrier, look_again
from bot.commands.tips.places import Place, asked_place, kept_at, none_there, told
from bot.commands.tips.posting import schedule_of
from bot.commands.tips.telling import local
from bot.commands.tips.words import day_to_come
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Paragraph
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request
from bot.domain.tips.schedule import slots
from bot.errors import Refusal
from bot.store.tips import Subscription


def off(request: Request, context: Context) -> Reply:
    """End the tips of a place."""
    place, subscription = _existing(request, context)
    context.store.subscriptions.remove(subscription.community, place.channel)
    return told("tips.is_off", place, request, context)


def pause(request: Request, context: Context) -> Reply:
    """Let tips rest until a day, or until somebody resumes them."""
    place, subscription = _existing(request, context)
    said = request.inputs.get("until", "").strip()
    if not said:
        store = context.store.subscriptions
        store.set_due(subscription.community, place.channel, None, paused="asked", until=None)
        return told("tips.is_resting", place, request, context)
    date = rest(subscription, said, request.received_at, context)
    return told("tips.is_paused", place, request, context, date=date)


def rest(subscription: Subscription, said: str, now: datetime, context: Context) -> str:
    """Let tips rest until the day that is said; gives when the next one comes.

    Raises:
        Refusal: when it is no day to come.
    """
    until = day_to_come(said, now, subscription.zone)
    begin = datetime.combine(until, time(), ZoneInfo(subscription.zone)) - timedelta(minutes=1)
    due = next(slots(schedule_of(subscription), max(begin.astimezone(UTC), now)))
    store = context.store.subscriptions
    store.set_due(subscription.community, subscription.channel, due, paused="", until=until)
    return local(due, subscription.zone)


def resume(request: Request, context: Context) -> Reply:
    """Let tips come again."""
    return resumed(*_existing(request, context), request, context)


def skip(request: Request, context: Context) -> Reply:
    """Leave the next tip out."""
    place, subscription = _existing(request, context)
    if subscription.next_due_at is None:
        raise Refusal("tips.none_to_skip")
    store, community = context.store, subscription.community
    store.deliveries.skip(community, place.channel, subscription.next_due_at, request.received_at)
    due = next(slots(schedule_of(subscription), subscription.next_due_at))
    store.subscriptions.set_due(community, place.channel, due, paused="", until=None)
    return told("tips.is_skipped", place, request, context, date=local(due, subscription.zone))


def _existing(request: Request, context: Context) -> tuple[Place, Subscription]:
    place = asked_place(request)
    found = kept_at(place, request, context)
    if found is None:
        raise none_there(request)
    if not place.direct:
        context.store.subscriptions.ran(found.community, request.user.id, request.received_at)
    return place, found


def resumed(place: Place, subscription: Subscription, request: Request, context: Context) -> Reply:
    """Let tips come again from the next slot on, unless the bot may still not post there."""
    if (barred := barrier(place, request, context)) is not None:
        return _still_barred(barred, place, request, context)
    due = next(slots(schedule_of(subscription), request.received_at))
    context.store.subscriptions.set_due(subscription.community, place.channel, due, paused="", until=None)
    here = subscription.community == community_of(request)
    date = local(due, subscription.zone)
    return told("tips.is_resumed", place, request, context, here=here, date=date)


def _still_barred(barred: Paragraph, place: Place, request: Request, context: Context) -> Reply:
    """What keeps tips out, and the same question to be asked again."""
    texts, action = context.texts, request.action
    again = action if action.args else Action("tips.resume", (place.channel,))
    every = Button(texts.words("tips.list.label"), Action("tips.list"))
    return Reply((barred, Buttons((look_again(again, context), every))), texts.words("tips.word_summary"))
