"""Where tips go: a channel, or a person's own messages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.commands.command import Context, require_admin
from bot.commands.counters import get_tenant
from bot.domain.tips.subscription import Subscription
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Paragraph
from bot.messaging.channel_access import ChannelRef
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import ChannelMention, Spans, build_spans, is_channel_id

CONFIRM_ARGUMENT_COUNT = 5
"""How many arguments Confirm carries: days, a time, a zone, where, tags."""
_TARGET_ARGUMENT_INDEX = 3  # among them
_MAX_ECHO_LENGTH = 60  # characters of a word that is repeated
_CHANNEL_PATTERN = re.compile(r"<#(\w{1,32})(?:\|[^>]*)?>|(\w{1,32})", re.ASCII)
_PLATFORMS_WITHOUT_DM_WORKSPACE = frozenset({"discord"})
"""Platforms whose direct messages are of no server, so that nothing of a server is found there."""


@dataclass(frozen=True, slots=True)
class TipTarget:
    """Where tips go: a channel, or a person."""

    channel: str
    is_direct: bool


def resolve_target(request: Request, text: str) -> TipTarget:
    """Where tips are to go; where the person writes when nothing is said.

    Raises:
        Refusal: when it is a channel and the person is no admin, or when it is none that anybody can tell.
    """
    place = _parse_target(request, text)
    if not place.is_direct:
        require_admin(request.user, "tips.admins_only")
    return place


def read_target_text(request: Request) -> str:
    """The place that was typed, picked or stands in the button; empty when there is none."""
    if request.inputs.get("me"):
        return "me"
    return request.inputs.get("channel", "") or (request.action.args[0] if request.action.args else "")


def resolve_requested_target(request: Request) -> TipTarget:
    """The place that was asked for; where the person writes when there is none."""
    return resolve_target(request, read_target_text(request))


def find_subscription(target: TipTarget, request: Request, context: Context) -> Subscription | None:
    """The tips that are set up for a place of the request's workspace.

    A person's own are found by that person alone: on Discord whoever names them as a channel, by the number,
    would else reach them.
    """
    found = context.open_store().subscriptions.find(get_tenant(request), target.channel)
    return found if found is not None and found.is_direct == target.is_direct else None


def find_posting_channel(request: Request) -> ChannelRef | None:
    """The channel that this would let tips into, as far as may be; None for one's own tips."""
    args = request.action.args
    if request.user.is_admin is False and request.action.verb != "return":
        return None
    match request.action.verb:
        case "on" if request.inputs.get("when", "").strip():
            said = read_target_text(request)
        case "resume":
            said = read_target_text(request)
        case "confirm" | "look" if len(args) == CONFIRM_ARGUMENT_COUNT:
            said = args[_TARGET_ARGUMENT_INDEX]
        case "return" if len(args) == 2:
            return None if args[1] == request.user.id else ChannelRef(*args)
        case _:
            return None
    try:
        place = _parse_target(request, said)
    except UserFacingError:
        return None
    return None if place.is_direct else ChannelRef(request.origin.workspace, place.channel)


def _parse_target(request: Request, text: str) -> TipTarget:
    """Where tips are to go, whoever asks."""
    text, word = text.strip(), text.strip().casefold()
    if text == request.user.id or word == "me" or (request.origin.is_direct and word in ("", "here")):
        return TipTarget(request.user.id, is_direct=True)
    if word in ("", "here"):
        return TipTarget(request.origin.channel, is_direct=False)
    found = _CHANNEL_PATTERN.fullmatch(text)
    if found is None or not is_channel_id(channel := found[1] or found[2]):
        raise UserFacingError("tips.not_channel", words=text[:_MAX_ECHO_LENGTH])
    return TipTarget(channel, is_direct=False)


def format_target(target: TipTarget, request: Request, context: Context) -> Spans:
    """Where tips go, as the person reads it."""
    if target.channel == request.user.id:
        return context.strings("tips.me")
    if target.channel == request.origin.channel:
        return context.strings("tips.here")
    return context.strings(
        "tips.elsewhere", channel=format_channel(target.channel, context, is_direct=target.is_direct)
    )


def has_no_workspace(platform: str, *, is_direct: bool) -> bool:
    """Whether a conversation is of no workspace, so that what is set up in one is managed elsewhere."""
    return is_direct and platform in _PLATFORMS_WITHOUT_DM_WORKSPACE


def build_not_found_error(request: Request) -> UserFacingError:
    """That nothing is set up, and where else it may be."""
    lost = has_no_workspace(request.origin.platform, is_direct=request.origin.is_direct)
    return UserFacingError("tips.none_direct" if lost else "tips.none_here")


def format_channel(channel: str, context: Context, *, is_direct: bool) -> Spans:
    """The name of a place for whoever set its tips up."""
    if is_direct:
        return context.strings("tips.own_messages")
    return build_spans(ChannelMention(channel) if is_channel_id(channel) else channel)


def render_status(
    key: str,
    target: TipTarget,
    request: Request,
    context: Context,
    *,
    is_same_tenant: bool = True,
    **names: str,
) -> Reply:
    """One sentence about the tips of a place, the way to their page and to all of them.

    Args:
        here: whether they are of the workspace that the request came from; else it has no page for them.
    """
    texts = context.strings
    said = texts(key, place=format_target(target, request, context), **names)
    if not is_same_tenant:
        return Reply((Paragraph(said),), texts.get_text("tips.word_summary"))
    buttons = [Button(texts.get_text("tips.list.label"), Action("tips.list"))]
    if key != "tips.is_off":
        page = Action("tips.place", ("me" if target.is_direct else target.channel,))
        buttons.insert(0, Button(texts.get_text("tips.change.label"), page))
    return Reply((Paragraph(said), Buttons(tuple(buttons))), texts.get_text("tips.word_summary"))
