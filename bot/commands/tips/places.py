"""Where tips go: a channel, or a person's own messages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.commands.command import Context
from bot.dialogue.action import Action
from bot.dialogue.blocks import Button, Buttons, Paragraph
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request
from bot.dialogue.spans import Channel, Spans, is_channel, spans
from bot.errors import Refusal

_CHANNEL = re.compile(r"<#(\w{1,32})(?:\|[^>]*)?>|(\w{1,32})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where tips go: a channel, or a person."""

    channel: str
    direct: bool


def place_of(request: Request, said: str) -> Place:
    """Where tips are to go; where the person writes when nothing is said.

    Raises:
        Refusal: when it is a channel and the person is no admin.
    """
    said = said.strip()
    if said.casefold() == "me" or (request.origin.direct and said.casefold() in ("", "here")):
        return Place(request.user.id, direct=True)
    found = None if said.casefold() in ("", "here") else _CHANNEL.fullmatch(said)
    if said.casefold() not in ("", "here") and found is None:
        raise Refusal("tips.not_action")
    if not request.user.admin:
        raise Refusal("service.admins_only")
    channel = request.origin.channel if found is None else found[1] or found[2]
    if found is not None and not is_channel(channel) and channel != request.user.id:
        raise Refusal("tips.not_action")
    return Place(channel, direct=channel == request.user.id)


def said_place(request: Request) -> str:
    """The place that was typed, picked or stands in the button; empty when there is none."""
    if request.inputs.get("me"):
        return "me"
    return request.inputs.get("channel", "") or (request.action.args[0] if request.action.args else "")


def asked_place(request: Request) -> Place:
    """The place that was asked for; where the person writes when there is none."""
    said = said_place(request)
    return place_of(request, "me" if said == request.user.id else said)


def place_words(place: Place, request: Request, context: Context) -> Spans:
    """Where tips go, as the person reads it."""
    if place.channel == request.user.id:
        return context.texts("tips.me")
    if place.channel == request.origin.channel:
        return context.texts("tips.here")
    return context.texts("tips.elsewhere", channel=named_place(place.channel, context, direct=place.direct))


def named_place(channel: str, context: Context, *, direct: bool) -> Spans:
    """The name of a place for whoever set its tips up."""
    if direct:
        return context.texts("tips.own_messages")
    return spans(Channel(channel) if is_channel(channel) else channel)


def told(key: str, place: Place, request: Request, context: Context, **names: str) -> Reply:
    """One sentence about the tips of a place, and the way to all of them."""
    texts = context.texts
    said = texts(key, place=place_words(place, request, context), **names)
    buttons = Buttons((Button(texts.words("tips.list.label"), Action("tips.list")),))
    return Reply((Paragraph(said), buttons), texts.words("tips.word_summary"))
