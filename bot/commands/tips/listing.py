"""`/career tips list`: what is set up, a page at a time, and the way to change each."""

from __future__ import annotations

from bot.commands.command import Context
from bot.commands.ledger import community_of
from bot.commands.tips.describing import described
from bot.commands.tips.places import of_no_server
from bot.dialogue.action import Action
from bot.dialogue.blocks import Block, Bullets, Button, Buttons, Choice, Heading, Menu, Note, Paragraph
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request
from bot.dialogue.spans import Strong, spans
from bot.domain.tips.choice import FEW, pool
from bot.errors import BadAction
from bot.store.tips import Subscription

_PAGE = 10


def listed(request: Request, context: Context) -> Reply:
    """A member's own and this channel's; for an admin all of the workspace's."""
    texts = context.texts
    known = context.store.subscriptions.of(community_of(request), request.user.id)
    own = [one for one in known if _changes(one, request) or one.channel == request.origin.channel]
    pages = max(1, -(-len(own) // _PAGE))
    page = min(_page(request), pages)
    begin = (page - 1) * _PAGE
    here = [*enumerate(own[begin : begin + _PAGE], begin + 1)]
    blocks: list[Block] = [Heading(texts.words("tips.list_heading"))]
    blocks += _lines(here, request, context)
    if left := len(own) - begin - len(here):
        blocks.append(Note(texts("tips.list_more", n=left)))
    blocks += _menu(here, request, context)
    blocks.append(Buttons(_buttons(page, pages, request, context)))
    return Reply(tuple(blocks), texts.words("tips.list_heading"), replace=bool(request.action.args))


def _changes(one: Subscription, request: Request) -> bool:
    """Whether the person may change it."""
    return one.channel == request.user.id if one.direct else bool(request.user.admin)


def _page(request: Request) -> int:
    match request.action.args:
        case ():
            return 1
        case (digits,) if digits.isascii() and digits.isdigit() and len(digits) < 6:
            return max(1, int(digits))
        case _:
            raise BadAction("a list of tips carries a page")


def _lines(here: list[tuple[int, Subscription]], request: Request, context: Context) -> list[Block]:
    texts = context.texts
    if not here:
        lost = of_no_server(request.origin.platform, direct=request.origin.direct)
        return [Paragraph(texts("tips.none_direct" if lost else "tips.list_none", prefix=context.prefix))]
    lines = (spans(Strong(f"{number}:"), " ", described(one, request, context)) for number, one in here)
    blocks: list[Block] = [Bullets(tuple(lines))]
    thin = min(len(pool(context.library, one.tags, request.received_at.date())) for _, one in here)
    return [*blocks, Note(texts("tips.few", n=thin))] if thin < FEW else blocks


def _menu(here: list[tuple[int, Subscription]], request: Request, context: Context) -> list[Block]:
    """The way to each that the person may change; a menu knows no channels' names, so numbers tell them."""
    choices = tuple(
        Choice(f"{number}: {one.days} {one.at}", Action("tips.place", (one.channel,)))
        for number, one in here
        if _changes(one, request)
    )
    return [Menu(context.texts.words("tips.change_one.label"), choices)] if choices else []


def _buttons(page: int, pages: int, request: Request, context: Context) -> tuple[Button, ...]:
    words = context.texts.words
    buttons = [Button(words("tips.me.label"), Action("tips.on", ("me",)))]
    if request.user.admin and not request.origin.direct:
        buttons.append(Button(words("tips.here.label"), Action("tips.on", ("here",))))
    if page > 1:
        buttons.append(Button(words("tips.back.label"), Action("tips.list", (str(page - 1),))))
    if page < pages:
        buttons.append(Button(words("tips.more.label"), Action("tips.list", (str(page + 1),))))
    return tuple(buttons)
