"""`/career browse [tag]`: the library by tag."""

from __future__ import annotations

from datetime import datetime

from rapidfuzz import fuzz, process

from bot.commands.command import Command, Context, Inputs, Option
from bot.commands.showing import opens
from bot.errors import InvalidActionError, UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Choice, Heading, Menu, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import build_spans

_PAGE = 20
_NEAR = 80.0


def _answer(request: Request, context: Context) -> Reply:
    wanted = request.inputs.get("tag", "").strip()
    if not wanted:
        return _shelves(context)
    tag = _named(wanted, context)
    if tag is None:
        raise UserFacingError("browse.unknown", wanted=wanted[:60])
    return _shelf(tag, 1, context)


def _tag(request: Request, context: Context) -> Reply:
    match request.action.args:
        case (tag,):
            page = 1
        case (tag, digits) if digits.isascii() and digits.isdigit():
            page = int(digits)
        case _:
            raise InvalidActionError("browse.tag carries a tag and perhaps a page")
    if tag not in context.library.tags:
        raise UserFacingError("browse.unknown", wanted=tag)
    return _shelf(tag, page, context)


def _shelves(context: Context) -> Reply:
    texts = context.texts
    choices = tuple(
        Choice(tag.name, Action("browse.tag", (tag_id,))) for tag_id, tag in context.library.tags.items()
    )
    blocks = (
        Heading(texts.words("browse.heading")),
        Paragraph(texts("browse.intro", n=len(context.library.cards))),
        Menu(texts.words("browse.pick.label"), choices),
    )
    return Reply(blocks, texts.words("browse.heading"))


def _shelf(tag_id: str, page: int, context: Context) -> Reply:
    texts, tag = context.texts, context.library.tags[tag_id]
    cards = [card_id for card_id, card in context.library.cards.items() if tag_id in card.tags]
    pages = -(-len(cards) // _PAGE)
    page = min(max(page, 1), pages)
    paged = (" ", texts("browse.page", page=page, pages=pages)) if pages > 1 else ()
    here = cards[(page - 1) * _PAGE : page * _PAGE]
    buttons = [Button(texts.words("browse.label"), Action("browse"))]
    if page < pages:
        buttons.append(
            Button(texts.words("browse.next.label"), Action("browse.tag", (tag_id, str(page + 1))))
        )
    blocks = (
        Heading(tag.name),
        Paragraph(build_spans(tag.about, " ", texts("browse.count", n=len(cards)), *paged)),
        Menu(texts.words("browse.card.label"), tuple(opens(card_id, context) for card_id in here)),
        Buttons(tuple(buttons)),
    )
    return Reply(blocks, tag.name)


def _named(wanted: str, context: Context) -> str | None:
    names = {tag_id: tag.name.casefold() for tag_id, tag in context.library.tags.items()}
    wanted = wanted.casefold()
    if wanted in names:
        return wanted
    near = process.extractOne(wanted, names, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return str(near[2]) if near else None


def _read(rest: str, context: Context) -> Inputs | None:
    if not rest:
        return {}
    return {"tag": rest} if _named(rest, context) is not None else None


def _suggest(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    typed = typed.strip().casefold()
    return [
        (tag.name, tag_id) for tag_id, tag in context.library.tags.items() if typed in tag.name.casefold()
    ]


BROWSE = Command(
    name="browse",
    answer=_answer,
    read=_read,
    options=(Option("tag", suggest=_suggest),),
    verbs={"tag": _tag},
    public=True,
    on_menu=True,
)
