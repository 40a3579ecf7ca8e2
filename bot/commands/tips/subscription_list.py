"""`/career tips list`: the subscriptions, a page at a time, each with a way to change it."""

from __future__ import annotations

from bot.commands.command import Context
from bot.commands.counters import get_tenant
from bot.commands.tips.formatting import format_subscription
from bot.commands.tips.targets import has_no_workspace
from bot.domain.tips.rotation import LOW_POOL_SIZE, TipPool
from bot.domain.tips.subscription import Subscription
from bot.errors import InvalidActionError
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Bullets, Button, Buttons, Choice, Heading, Menu, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import Strong, build_spans

_PAGE_SIZE = 10


def list_subscriptions(request: Request, context: Context) -> Reply:
    """List a member's own subscription and this channel's; for an admin all of the workspace's."""
    texts = context.strings
    visible = context.open_store().subscriptions.list_visible(get_tenant(request), request.user.id)
    own = [
        subscription
        for subscription in visible
        if _can_change(subscription, request) or subscription.channel == request.origin.channel
    ]
    pages = max(1, -(-len(own) // _PAGE_SIZE))
    page = min(_parse_page(request), pages)
    begin = (page - 1) * _PAGE_SIZE
    shown = [*enumerate(own[begin : begin + _PAGE_SIZE], begin + 1)]
    blocks: list[Block] = [Heading(texts.get_text("tips.list_heading"))]
    blocks += _build_lines(shown, request, context)
    if remaining := len(own) - begin - len(shown):
        blocks.append(Note(texts("tips.list_more", n=remaining)))
    blocks += _build_menu(shown, request, context)
    blocks.append(Buttons(_build_buttons(page, pages, request, context)))
    return Reply(
        tuple(blocks), texts.get_text("tips.list_heading"), replace_original=bool(request.action.args)
    )


def _can_change(subscription: Subscription, request: Request) -> bool:
    """Return whether the person may change it."""
    return subscription.channel == request.user.id if subscription.is_direct else bool(request.user.is_admin)


def _parse_page(request: Request) -> int:
    match request.action.args:
        case ():
            return 1
        case (digits,) if digits.isascii() and digits.isdigit() and len(digits) < 6:
            return max(1, int(digits))
        case _:
            raise InvalidActionError("a list of tips carries a page")


def _build_lines(
    numbered_subscriptions: list[tuple[int, Subscription]], request: Request, context: Context
) -> list[Block]:
    texts = context.strings
    if not numbered_subscriptions:
        lost = has_no_workspace(request.origin.platform, is_direct=request.origin.is_direct)
        return [Paragraph(texts("tips.none_direct" if lost else "tips.list_none", prefix=context.prefix))]
    lines = (
        build_spans(Strong(f"{number}:"), " ", format_subscription(subscription, request, context))
        for number, subscription in numbered_subscriptions
    )
    blocks: list[Block] = [Bullets(tuple(lines))]
    tip_pool = TipPool.of(context.content)
    smallest = min(
        len(tip_pool.match(subscription.tags, request.received_at.date()))
        for _, subscription in numbered_subscriptions
    )
    return [*blocks, Note(texts("tips.few", n=smallest))] if smallest < LOW_POOL_SIZE else blocks


def _build_menu(
    numbered_subscriptions: list[tuple[int, Subscription]], request: Request, context: Context
) -> list[Block]:
    """Build the menu of what the person may change; a menu cannot show channel names, so it has numbers."""
    choices = tuple(
        Choice(_format_choice(number, subscription), Action("tips.place", (subscription.channel,)))
        for number, subscription in numbered_subscriptions
        if _can_change(subscription, request)
    )
    return [Menu(context.strings.get_text("tips.change_one.label"), choices)] if choices else []


def _format_choice(number: int, subscription: Subscription) -> str:
    return f"{number}: {subscription.schedule.days} {subscription.schedule.local_time:%H:%M}"


def _build_buttons(page: int, page_count: int, request: Request, context: Context) -> tuple[Button, ...]:
    words = context.strings.get_text
    buttons = [Button(words("tips.me.label"), Action("tips.on", ("me",)))]
    if request.user.is_admin and not request.origin.is_direct:
        buttons.append(Button(words("tips.here.label"), Action("tips.on", ("here",))))
    if page > 1:
        buttons.append(Button(words("tips.back.label"), Action("tips.list", (str(page - 1),))))
    if page < page_count:
        buttons.append(Button(words("tips.more.label"), Action("tips.list", (str(page + 1),))))
    return tuple(buttons)
