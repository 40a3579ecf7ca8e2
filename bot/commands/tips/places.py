"""Where tips go: a channel, or a person's own messages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.commands.command import Context, for_admins
from bot.commands.ledger import community_of
from bot.dialogue.access import Outlet
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Paragraph
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request
from bot.dialogue.spans import Channel, Spans, is_channel, spans
from bot.errors import Refusal
from bot.store.tips import Subscription

CONFIRMED = 5
"""How many arguments Confirm carries: days, a time, a zone, where, tags."""
_WHERE = 3  # among them
_SHOWN = 60  # characters of a word that is repeated
_CHANNEL = re.compile(r"<#(\w{1,32})(?:\|[^>]*)?>|(\w{1,32})", re.ASCII)
_SERVERS = frozenset({"discord"})
"""Platforms whose direct messages are of no server, so that nothing of a server is found there."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where tips go: a channel, or a person."""

    channel: str
    direct: bool


def place_of(request: Request, said: str) -> Place:
    """Where tips are to go; where the person writes when nothing is said.

    Raises:
        Refusal: when it is a channel and the person is no admin, or when it is none that anybody can tell.
    """
    place = _meant(request, said)
    if not place.direct:
        for_admins(request.user, "tips.admins_only")
    return place


def said_place(request: Request) -> str:
    """The place that was typed, picked or stands in the button; empty when there is none."""
    if request.inputs.get("me"):
        return "me"
    return request.inputs.get("channel", "") or (request.action.args[0] if request.action.args else "")


def asked_place(request: Request) -> Place:
    """The place that was asked for; where the person writes when there is none."""
    return place_of(request, said_place(request))


def kept_at(place: Place, request: Request, context: Context) -> Subscription | None:
    """The tips that are set up for a place of the request's workspace.

    A person's own are found by that person alone: on Discord whoever names them as a channel, by the number,
    would else reach them.
    """
    found = context.store.subscriptions.get(community_of(request), place.channel)
    return found if found is not None and found.direct == place.direct else None


def posts(request: Request) -> Outlet | None:
    """The channel that this would let tips into, as far as may be; None for one's own tips."""
    args = request.action.args
    if request.user.admin is False and request.action.verb != "return":
        return None
    match request.action.verb:
        case "on" if request.inputs.get("when", "").strip():
            said = said_place(request)
        case "resume":
            said = said_place(request)
        case "confirm" | "look" if len(args) == CONFIRMED:
            said = args[_WHERE]
        case "return" if len(args) == 2:
            return None if args[1] == request.user.id else Outlet(*args)
        case _:
            return None
    try:
        place = _meant(request, said)
    except Refusal:
        return None
    return None if place.direct else Outlet(request.origin.workspace, place.channel)


def _meant(request: Request, said: str) -> Place:
    """Where tips are to go, whoever asks."""
    said, word = said.strip(), said.strip().casefold()
    if said == request.user.id or word == "me" or (request.origin.direct and word in ("", "here")):
        return Place(request.user.id, direct=True)
    if word in ("", "here"):
        return Place(request.origin.channel, direct=False)
    found = _CHANNEL.fullmatch(said)
    if found is None or not is_channel(channel := found[1] or found[2]):
        raise Refusal("tips.not_channel", words=said[:_SHOWN])
    return Place(channel, direct=False)


def place_words(place: Place, request: Request, context: Context) -> Spans:
    """Where tips go, as the person reads it."""
    if place.channel == request.user.id:
        return context.texts("tips.me")
    if place.channel == request.origin.channel:
        return context.texts("tips.here")
    return context.texts("tips.elsewhere", channel=named_place(place.channel, context, direct=place.direct))


def of_no_server(platform: str, *, direct: bool) -> bool:
    """Whether a conversation is of no workspace, so that what is set up in one is managed elsewhere."""
    return direct and platform in _SERVERS


def none_there(request: Request) -> Refusal:
    """That nothing is set up, and where else it may be."""
    lost = of_no_server(request.origin.platform, direct=request.origin.direct)
    return Refusal("tips.none_direct" if lost else "tips.none_here")


def named_place(channel: str, context: Context, *, direct: bool) -> Spans:
    """The name of a place for whoever set its tips up."""
    if direct:
        return context.texts("tips.own_messages")
    return spans(Channel(channel) if is_channel(channel) else channel)


def told(
    key: str, place: Place, request: Request, context: Context, *, here: bool = True, **names: str
) -> Reply:
    """One sentence about the tips of a place, the way to their page and to all of them.

    Args:
        here: whether they are of the workspace that the request came from; else it has no page for them.
    """
    texts = context.texts
    said = texts(key, place=place_words(place, request, context), **names)
    if not here:
        return Reply((Paragraph(said),), texts.words("tips.word_summary"))
    buttons = [Button(texts.words("tips.list.label"), Action("tips.list"))]
    if key != "tips.is_off":
        page = Action("tips.place", ("me" if place.direct else place.channel,))
        buttons.insert(0, Button(texts.words("tips.change.label"), page))
    return Reply((Paragraph(said), Buttons(tuple(buttons))), texts.words("tips.word_summary"))
