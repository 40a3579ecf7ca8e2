"""What people say to a word about their tips: post it now, it is there, resume."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.commands.command import Context, for_admins
from bot.commands.tips.changing import resumed
from bot.commands.tips.places import Place
from bot.dialogue.blocks import Paragraph
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request
from bot.errors import BadAction, Refusal
from bot.store.community import Community
from bot.store.tips import Subscription


def post_again(request: Request, context: Context) -> Reply:
    """It does not stand there: post it now."""
    return _decided(request, context, post=True)


def it_is_there(request: Request, context: Context) -> Reply:
    """It stands there: nothing is to be sent."""
    return _decided(request, context, post=False)


def come_back(request: Request, context: Context) -> Reply:
    """Resume, pressed under the word that told of the pause."""
    if len(request.action.args) != 2:
        raise BadAction("a return carries a workspace and a channel")
    subscription = _owned(*request.action.args, request, context)
    return resumed(Place(subscription.channel, subscription.direct), subscription, request, context)


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
    settled = "tips.posting" if post else "tips.decided"
    key = settled if done else "tips.decided_already"
    return Reply((Paragraph(context.texts(key)),), context.texts.words("tips.word_summary"))


def _owned(workspace: str, channel: str, request: Request, context: Context) -> Subscription:
    """The subscription that a word to a person was about; the person must have set up tips there."""
    community = Community(request.origin.platform, workspace)
    found = context.store.subscriptions.get(community, channel)
    if found is None or (found.direct and found.channel != request.user.id):
        raise Refusal("tips.none_here")
    if not context.store.subscriptions.runs(found, request.user.id):
        here = request.origin.workspace == workspace
        for_admins(request.user if here else replace(request.user, admin=False))
    return found
