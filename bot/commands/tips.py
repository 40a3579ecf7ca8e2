"""`/career tips …`: tips to a channel, set up by admins, or to oneself; nothing is posted before Confirm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.commands.command import Command, Context, Need, Option
from bot.commands.ledger import community_of
from bot.commands.tips_list import listed, place_words
from bot.commands.tips_posting import local, schedule_of, tip_reply
from bot.commands.tips_words import ACTIONS, Place, Wanted, day_of, place_of, read, wanted_of
from bot.dialogue.action import Action
from bot.dialogue.blocks import Block, Button, Buttons, Divider, Note, Paragraph, Style
from bot.dialogue.reply import Form, Line, Reply
from bot.dialogue.request import Request
from bot.domain.tips.choice import FEW, Posted, choose, pool
from bot.domain.tips.schedule import slots, time_of, when_of, zone_of
from bot.errors import BadAction, DoesNotFit, Refusal
from bot.store.community import Community
from bot.store.tips import Subscription

_PLATFORMS = ("slack", "discord")
_DATES = 3


def _answer(request: Request, context: Context) -> Reply | Form:
    action = request.inputs.get("action", "").strip().casefold() or "list"
    if action == "on" and not request.inputs.get("when", "").strip():
        return _form(request, context)
    do = _ACTIONS.get(action)
    if do is None:
        raise Refusal("tips.not_action")
    return do(request, context)


def _form(request: Request, context: Context) -> Form:
    texts = context.texts
    place = request.inputs.get("channel", "") or (request.action.args[0] if request.action.args else "")
    fields = (
        Line("when", texts.words("tips.days.label"), texts.words("tips.days.hint"), "tuesday"),
        Line("time", texts.words("tips.time.label"), initial="09:00"),
        Line(
            "zone",
            texts.words("tips.zone.label"),
            texts.words("tips.zone.hint"),
            request.user.zone or "",
            required=False,
        ),
    )
    return Form(texts.words("tips.form.label"), fields, Action("tips.on", (place,)))


def _on(request: Request, context: Context) -> Reply | Form:
    if not request.inputs.get("when", "").strip():
        return _form(request, context)
    said = request.inputs.get("channel", "") or (request.action.args[0] if request.action.args else "")
    place, wanted = place_of(request, said), wanted_of(request, context)
    texts, subscription = context.texts, _subscription(request, place, wanted)
    dates = islice(slots(schedule_of(subscription), request.received_at), _DATES)
    told = "; ".join(local(slot, wanted.zone) for slot in dates)
    blocks: list[Block] = [
        Paragraph(texts("tips.first")),
        *_first(subscription, request, context),
        Divider(),
        Paragraph(texts("tips.dates", dates=told, place=place_words(place, request, context))),
        Note(texts("tips.confirm_note")),
        Buttons((Button(texts.words("tips.confirm.label"), _confirm_action(place, wanted), Style.PRIMARY),)),
    ]
    return Reply(tuple(blocks), texts.words("tips.form.label"))


def _confirm(request: Request, context: Context) -> Reply:
    place, wanted = _confirmed(request)
    if request.origin.platform not in _PLATFORMS:
        raise Refusal("tips.not_posted_here")
    subscription = _subscription(request, place, wanted)
    due = next(slots(schedule_of(subscription), request.received_at))
    store, community = context.store.subscriptions, subscription.community
    before = store.get(community, place.channel)
    number = before.round if before is not None else 0
    store.put(replace(subscription, next_due_at=due, round=number), request.received_at)
    return _said("tips.confirmed", place, request, context, date=local(due, wanted.zone))


def _off(request: Request, context: Context) -> Reply:
    place = _place(request)
    if not context.store.subscriptions.remove(community_of(request), place.channel):
        raise Refusal("tips.none_here")
    return _said("tips.is_off", place, request, context)


def _pause(request: Request, context: Context) -> Reply:
    place, subscription = _existing(request, context)
    store, said = context.store.subscriptions, request.inputs.get("until", "").strip()
    if not said:
        store.set_due(subscription.community, place.channel, None, paused="asked", until=None)
        return _said("tips.is_paused", place, request, context, date="")
    until = day_of(said, request.received_at)
    begin = datetime.combine(until, time(), ZoneInfo(subscription.zone)) - timedelta(minutes=1)
    due = next(slots(schedule_of(subscription), max(begin.astimezone(UTC), request.received_at)))
    store.set_due(subscription.community, place.channel, due, paused="", until=until)
    return _said("tips.is_paused", place, request, context, date=local(due, subscription.zone))


def _resume(request: Request, context: Context) -> Reply:
    return _resumed(*_existing(request, context), request, context)


def _resumed(place: Place, subscription: Subscription, request: Request, context: Context) -> Reply:
    due = next(slots(schedule_of(subscription), request.received_at))
    context.store.subscriptions.set_due(subscription.community, place.channel, due, paused="", until=None)
    return _said("tips.is_resumed", place, request, context, date=local(due, subscription.zone))


def _skip(request: Request, context: Context) -> Reply:
    place, subscription = _existing(request, context)
    if subscription.next_due_at is None:
        raise Refusal("tips.none_here")
    store, community = context.store, subscription.community
    store.deliveries.skip(community, place.channel, subscription.next_due_at, request.received_at)
    due = next(slots(schedule_of(subscription), subscription.next_due_at))
    store.subscriptions.set_due(community, place.channel, due, paused="", until=None)
    return _said("tips.is_skipped", place, request, context, date=local(due, subscription.zone))


def _preview(request: Request, context: Context) -> Reply:
    place = _place(request)
    found = context.store.subscriptions.get(community_of(request), place.channel)
    anywhere = Wanted("daily", time(9), "UTC", ())
    subscription = found or _subscription(request, place, anywhere)
    blocks = _first(subscription, request, context)
    return Reply(blocks, context.texts.words("tips.heading"))


def _again(request: Request, context: Context) -> Reply:
    return _decided(request, context, post=True)


def _there(request: Request, context: Context) -> Reply:
    return _decided(request, context, post=False)


def _decided(request: Request, context: Context, *, post: bool) -> Reply:
    """What its owner says of a tip that may stand there or not."""
    match request.action.args:
        case (workspace, channel, mark) if mark.isascii() and mark.isdigit() and len(mark) < 12:
            slot = datetime.fromtimestamp(int(mark), UTC)
        case _:
            raise BadAction("a decision carries a workspace, a channel and a slot")
    subscription = _owned(workspace, channel, request, context)
    now = request.received_at
    done = context.store.deliveries.decide(subscription.community, channel, slot, now, post=post)
    key = "tips.decided" if done else "tips.decided_already"
    return Reply((Paragraph(context.texts(key)),), context.texts.words("tips.word_summary"))


def _return(request: Request, context: Context) -> Reply:
    """Resume, pressed under the word that told of the pause."""
    if len(request.action.args) != 2:
        raise BadAction("a return carries a workspace and a channel")
    subscription = _owned(*request.action.args, request, context)
    return _resumed(Place(subscription.channel, subscription.direct), subscription, request, context)


def _owned(workspace: str, channel: str, request: Request, context: Context) -> Subscription:
    """The subscription that a word to a person was about; the person must have set up tips there."""
    community = Community(request.origin.platform, workspace)
    found = context.store.subscriptions.get(community, channel)
    if found is None:
        raise Refusal("tips.none_here")
    here = request.origin.workspace == workspace and bool(request.user.admin)
    if not here and not context.store.subscriptions.runs(found, request.user.id):
        raise Refusal("service.admins_only")
    return found


def _first(subscription: Subscription, request: Request, context: Context) -> tuple[Block, ...]:
    """The tip that would come now, without its buttons, and a word when few are left."""
    tips = pool(context.library, subscription.tags, request.received_at.date())
    had = context.store.deliveries.peek(subscription)
    posted = Posted(subscription.round, had.used, had.recent)
    chosen = choose(tips, posted, f"{subscription.community.workspace}:{subscription.channel}")
    if chosen is None:
        raise Refusal("tips.empty")
    shown = tuple(block for block in tip_reply(chosen.tip, context).blocks if not isinstance(block, Buttons))
    return (*shown, Note(context.texts("tips.few", n=len(tips)))) if len(tips) < FEW else shown


def _subscription(request: Request, place: Place, wanted: Wanted) -> Subscription:
    since = request.received_at.astimezone(ZoneInfo(wanted.zone)).date()
    return Subscription(
        community_of(request),
        place.channel,
        place.direct,
        request.user.id,
        wanted.days,
        f"{wanted.at:%H:%M}",
        wanted.zone,
        since,
        wanted.tags,
    )


def _confirm_action(place: Place, wanted: Wanted) -> Action:
    """Everything that was shown, so that Confirm means just that."""
    where = "me" if place.direct else place.channel
    args = (wanted.days, f"{wanted.at:%H%M}", wanted.zone, where, "+".join(wanted.tags))
    try:
        return Action("tips.confirm", args)
    except DoesNotFit:
        raise Refusal("tips.too_many") from None


def _confirmed(request: Request) -> tuple[Place, Wanted]:
    if len(request.action.args) != 5:
        raise BadAction("Confirm carries days, a time, a zone, a place and tags")
    days, at, zone, where, tags = request.action.args
    known_days, known_at, known_zone = when_of(days), time_of(f"{at[:2]}:{at[2:]}"), zone_of(zone)
    if known_days is None or known_at is None or known_zone is None:
        raise BadAction("Confirm carries days, a time and a zone")
    wanted = Wanted(known_days, known_at, known_zone, tuple(filter(None, tags.split("+"))))
    return place_of(request, where), wanted


def _place(request: Request) -> Place:
    said = request.inputs.get("channel", "") or (request.action.args[0] if request.action.args else "")
    return place_of(request, "me" if said == request.user.id else said)


def _existing(request: Request, context: Context) -> tuple[Place, Subscription]:
    place = _place(request)
    found = context.store.subscriptions.get(community_of(request), place.channel)
    if found is None:
        raise Refusal("tips.none_here")
    return place, found


def _said(key: str, place: Place, request: Request, context: Context, **names: str) -> Reply:
    texts = context.texts
    said = texts(key, place=place_words(place, request, context), **names)
    buttons = Buttons((Button(texts.words("tips.list.label"), Action("tips.list")),))
    return Reply((Paragraph(said), buttons), texts.words("tips.word_summary"))


def _suggest_action(typed: str, _context: Context) -> list[tuple[str, str]]:
    return [(word, word) for word in ACTIONS if word.startswith(typed.strip().casefold())]


def _suggest_tag(typed: str, context: Context) -> list[tuple[str, str]]:
    return [
        (tag.name, name)
        for name, tag in context.library.tags.items()
        if typed.casefold() in tag.name.casefold()
    ]


_ACTIONS = {
    "on": _on,
    "off": _off,
    "pause": _pause,
    "resume": _resume,
    "skip": _skip,
    "preview": _preview,
    "list": listed,
}

TIPS = Command(
    name="tips",
    answer=_answer,
    read=read,
    options=(
        Option("action", suggest=_suggest_action, about="tips.action.hint"),
        Option("when", about="tips.days.hint"),
        Option("time", about="tips.time.label"),
        Option("zone", about="tips.zone.hint"),
        Option("channel", about="tips.channel.hint"),
        Option("tags", suggest=_suggest_tag, about="tips.tags.hint"),
        Option("until", about="tips.until.hint"),
    ),
    verbs={**_ACTIONS, "confirm": _confirm, "again": _again, "there": _there, "return": _return},
    needs=frozenset({Need.ZONE}),
    store=True,
)
"""Whether somebody is an admin is asked where a channel is meant; one's own tips are anybody's to set."""
