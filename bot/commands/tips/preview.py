"""`tips preview`: the tip that would come now."""

from __future__ import annotations

from datetime import time

from bot.commands.command import Context
from bot.commands.tips.places import asked_place, kept_at
from bot.commands.tips.posting import posted_of, taker_of, tip_reply
from bot.commands.tips.words import Wanted, subscription_of
from bot.dialogue.blocks import Block, Buttons, Note
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request
from bot.domain.tips.choice import FEW, choose, pool
from bot.errors import Refusal
from bot.store.tips import Subscription


def preview(request: Request, context: Context) -> Reply:
    """The next tip of a place, or the first one that it would get."""
    place = asked_place(request)
    anywhere = Wanted("daily", time(9), "UTC", ())
    subscription = kept_at(place, request, context) or subscription_of(request, place, anywhere)
    blocks = first_tip(subscription, request, context)
    return Reply(blocks, context.texts.words("tips.heading"))


def first_tip(subscription: Subscription, request: Request, context: Context) -> tuple[Block, ...]:
    """The tip that would come now, without its buttons, and a word when few are left."""
    tips = pool(context.library, subscription.tags, request.received_at.date())
    posted = posted_of(subscription, context.store.deliveries.peek(subscription))
    chosen = choose(tips, posted, taker_of(subscription).place)
    if chosen is None:
        raise Refusal("tips.empty")
    shown = tuple(block for block in tip_reply(chosen.tip, context).blocks if not isinstance(block, Buttons))
    return (*shown, Note(context.texts("tips.few", n=len(tips)))) if len(tips) < FEW else shown
