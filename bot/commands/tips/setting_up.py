"""`tips on …`: what would come and when; nothing is posted before Confirm."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from bot.commands.command import Context
from bot.commands.tips.barriers import barrier, look_again
from bot.commands.tips.form import open_form, way_back
from bot.commands.tips.places import CONFIRMED, Place, asked_place, place_of, place_words, told
from bot.commands.tips.posting import schedule_of
from bot.commands.tips.preview import first_tip
from bot.commands.tips.telling import local
from bot.commands.tips.words import Wanted, subscription_of, wanted_of
from bot.dialogue.action import Action
from bot.dialogue.blocks import Block, Bullets, Button, Buttons, Divider, Note, Paragraph, Style
from bot.dialogue.reply import Form, Reply
from bot.dialogue.request import Request
from bot.dialogue.spans import spans
from bot.domain.tips.schedule import slots, time_of, when_of, zone_of
from bot.errors import BadAction, DoesNotFit, Refusal

_PLATFORMS = ("slack", "discord")
_DATES = 3


def set_up(request: Request, context: Context) -> Reply | Form:
    """The first tip and the next dates, to be confirmed; without days, the form that asks for them."""
    if not request.inputs.get("when", "").strip():
        return open_form(request, context)
    place = asked_place(request)
    try:
        return _shown(place, wanted_of(request, context), request, context)
    except Refusal as refusal:
        return way_back(refusal, place, request, context)


def look(request: Request, context: Context) -> Reply:
    """The same once more, in its place: somebody may have mended what kept tips out."""
    return replace(_shown(*_confirmed(request), request, context), replace=True)


def confirm(request: Request, context: Context) -> Reply:
    """Write the subscription that was shown, unless the bot may no longer post there."""
    place, wanted = _confirmed(request)
    if request.origin.platform not in _PLATFORMS:
        raise Refusal("tips.not_posted_here")
    if barrier(place, request, context) is not None:
        return look(request, context)
    subscription = subscription_of(request, place, wanted)
    due = next(slots(schedule_of(subscription), request.received_at))
    store, community = context.store.subscriptions, subscription.community
    before = store.get(community, place.channel)
    if before is not None and before.direct != place.direct:
        raise Refusal("tips.barrier.elsewhere")  # a member's own tips, named by the member's number
    number = before.round if before is not None else 0
    store.put(replace(subscription, next_due_at=due, round=number), request.received_at)
    done = told("tips.confirmed", place, request, context, date=local(due, wanted.zone))
    return replace(done, replace=True)


def _shown(place: Place, wanted: Wanted, request: Request, context: Context) -> Reply:
    """The first tip and the next dates; then Confirm, or what keeps tips out."""
    texts, subscription = context.texts, subscription_of(request, place, wanted)
    barred, args = barrier(place, request, context), _carried(place, wanted)
    dates = islice(slots(schedule_of(subscription), request.received_at), _DATES)
    when = tuple(spans(local(slot, wanted.zone)) for slot in dates)
    blocks: list[Block] = [
        Paragraph(texts("tips.first")),
        *first_tip(subscription, request, context),
        Divider(),
        Paragraph(texts("tips.dates", place=place_words(place, request, context))),
        Bullets(when),
    ]
    if barred is None:
        yes = Button(texts.words("tips.confirm.label"), Action("tips.confirm", args), Style.PRIMARY)
        blocks += [Note(texts("tips.confirm_note")), Buttons((yes,))]
    else:
        blocks += [barred, Buttons((look_again(Action("tips.look", args), context),))]
    return Reply(tuple(blocks), texts.words("tips.form.label"))


def _carried(place: Place, wanted: Wanted) -> tuple[str, ...]:
    """Everything that was shown, so that Confirm means just that."""
    where = "me" if place.direct else place.channel
    args = (wanted.days, f"{wanted.at:%H%M}", wanted.zone, where, "+".join(wanted.tags))
    try:
        return Action("tips.confirm", args).args
    except DoesNotFit:
        raise Refusal("tips.too_many") from None


def _confirmed(request: Request) -> tuple[Place, Wanted]:
    if len(request.action.args) != CONFIRMED:
        raise BadAction("Confirm carries days, a time, a zone, a place and tags")
    days, at, zone, where, tags = request.action.args
    known_days, known_at, known_zone = when_of(days), time_of(f"{at[:2]}:{at[2:]}"), zone_of(zone)
    if known_days is None or known_at is None or known_zone is None:
        raise BadAction("Confirm carries days, a time and a zone")
    wanted = Wanted(known_days, known_at, known_zone, tuple(filter(None, tags.split("+"))))
    return place_of(request, where), wanted
