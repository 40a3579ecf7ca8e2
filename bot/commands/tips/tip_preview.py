"""`tips preview`: the tip that would come now."""

from __future__ import annotations

from datetime import time

from bot.commands.command import Context
from bot.commands.tips.option_parser import TipSettings, build_subscription
from bot.commands.tips.targets import find_subscription, resolve_requested_target
from bot.commands.tips.tip_delivery import build_history, build_subscriber, render_tip
from bot.domain.tips.selection import LOW_POOL_SIZE, build_tip_pool, choose_tip
from bot.errors import UserFacingError
from bot.messaging.blocks import Block, Buttons, Note
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.store.records import Subscription


def preview_tip(request: Request, context: Context) -> Reply:
    """The next tip of a place, or the first one that it would get."""
    place = resolve_requested_target(request)
    anywhere = TipSettings("daily", time(9), "UTC", ())
    subscription = find_subscription(place, request, context) or build_subscription(request, place, anywhere)
    blocks = render_next_tip(subscription, request, context)
    return Reply(blocks, context.strings.get_text("tips.heading"))


def render_next_tip(subscription: Subscription, request: Request, context: Context) -> tuple[Block, ...]:
    """The tip that would come now, without its buttons, and a word when few are left."""
    tips = build_tip_pool(context.content, subscription.tags, request.received_at.date())
    posted = build_history(subscription, context.open_store().deliveries.load_history(subscription))
    chosen = choose_tip(tips, posted, build_subscriber(subscription).order_seed)
    if chosen is None:
        raise UserFacingError("tips.empty")
    shown = tuple(block for block in render_tip(chosen.tip, context).blocks if not isinstance(block, Buttons))
    return (*shown, Note(context.strings("tips.few", n=len(tips)))) if len(tips) < LOW_POOL_SIZE else shown
