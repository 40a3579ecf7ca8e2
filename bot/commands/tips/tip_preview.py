"""`tips preview`: the tip that would be posted now."""

from __future__ import annotations

from datetime import time

from bot.commands.command import Context
from bot.commands.tips.option_parser import TipSettings, build_subscription
from bot.commands.tips.targets import find_subscription, resolve_requested_target
from bot.commands.tips.tip_delivery import render_tip
from bot.domain.tips.rotation import LOW_POOL_SIZE, TipPool, choose_tip
from bot.domain.tips.subscription import Subscription
from bot.errors import UserFacingError
from bot.messaging.blocks import Block, Buttons, Note
from bot.messaging.reply import Reply
from bot.messaging.request import Request


def preview_tip(request: Request, context: Context) -> Reply:
    """Show the next tip of a channel, or the first one that it would get."""
    place = resolve_requested_target(request)
    anywhere = TipSettings("daily", time(9), "UTC", ())
    subscription = find_subscription(place, request, context) or build_subscription(request, place, anywhere)
    blocks = render_next_tip(subscription, request, context)
    return Reply(blocks, context.strings.get_text("tips.heading"))


def render_next_tip(subscription: Subscription, request: Request, context: Context) -> tuple[Block, ...]:
    """Render the tip that would be posted now, without its buttons; with a note when the pool is low."""
    tips = TipPool.of(context.content).match(subscription.tags, request.received_at.date())
    history = context.open_store().deliveries.load_history(subscription)
    choice = choose_tip(tips, history, subscription.order_seed)
    if choice is None:
        raise UserFacingError("tips.empty")
    shown = tuple(block for block in render_tip(choice.tip, context).blocks if not isinstance(block, Buttons))
    return (*shown, Note(context.strings("tips.few", n=len(tips)))) if len(tips) < LOW_POOL_SIZE else shown
