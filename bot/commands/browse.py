"""`/career browse [tag]`: the library by tag."""

from __future__ import annotations

from datetime import datetime

from rapidfuzz import fuzz, process

from bot.commands.card_view import build_card_choice
from bot.commands.command import Command, CommandOption, Context, Inputs
from bot.errors import InvalidActionError, UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Choice, Heading, Menu, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import build_spans

_PAGE_SIZE = 20
_MIN_SIMILARITY = 80.0


def _browse(request: Request, context: Context) -> Reply:
    wanted = request.inputs.get("tag", "").strip()
    if not wanted:
        return _render_tags(context)
    tag = _find_tag(wanted, context)
    if tag is None:
        raise UserFacingError("browse.unknown", wanted=wanted[:60])
    return _render_tag(tag, 1, context)


def _show_tag(request: Request, context: Context) -> Reply:
    match request.action.args:
        case (tag,):
            page = 1
        case (tag, digits) if digits.isascii() and digits.isdigit():
            page = int(digits)
        case _:
            raise InvalidActionError("browse.tag carries a tag and perhaps a page")
    if tag not in context.content.tags:
        raise UserFacingError("browse.unknown", wanted=tag)
    return _render_tag(tag, page, context)


def _render_tags(context: Context) -> Reply:
    texts = context.strings
    choices = tuple(
        Choice(tag.name, Action("browse.tag", (tag_id,))) for tag_id, tag in context.content.tags.items()
    )
    blocks = (
        Heading(texts.get_text("browse.heading")),
        Paragraph(texts("browse.intro", n=len(context.content.cards))),
        Menu(texts.get_text("browse.pick.label"), choices),
    )
    return Reply(blocks, texts.get_text("browse.heading"))


def _render_tag(tag_id: str, page: int, context: Context) -> Reply:
    texts, tag = context.strings, context.content.tags[tag_id]
    cards = [card_id for card_id, card in context.content.cards.items() if tag_id in card.tags]
    pages = -(-len(cards) // _PAGE_SIZE)
    page = min(max(page, 1), pages)
    paged = (" ", texts("browse.page", page=page, pages=pages)) if pages > 1 else ()
    here = cards[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE]
    buttons = [Button(texts.get_text("browse.label"), Action("browse"))]
    if page < pages:
        buttons.append(
            Button(texts.get_text("browse.next.label"), Action("browse.tag", (tag_id, str(page + 1))))
        )
    blocks = (
        Heading(tag.name),
        Paragraph(build_spans(tag.about, " ", texts("browse.count", n=len(cards)), *paged)),
        Menu(
            texts.get_text("browse.card.label"),
            tuple(build_card_choice(card_id, context) for card_id in here),
        ),
        Buttons(tuple(buttons)),
    )
    return Reply(blocks, tag.name)


def _find_tag(query: str, context: Context) -> str | None:
    names = {tag_id: tag.name.casefold() for tag_id, tag in context.content.tags.items()}
    query = query.casefold()
    if query in names:
        return query
    near = process.extractOne(query, names, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
    return str(near[2]) if near else None


def _parse_inputs(rest: str, context: Context) -> Inputs | None:
    if not rest:
        return {}
    return {"tag": rest} if _find_tag(rest, context) is not None else None


def _suggest_tags(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    typed = typed.strip().casefold()
    return [
        (tag.name, tag_id) for tag_id, tag in context.content.tags.items() if typed in tag.name.casefold()
    ]


BROWSE = Command(
    name="browse",
    handler=_browse,
    parse_inputs=_parse_inputs,
    options=(CommandOption("tag", suggest=_suggest_tags),),
    button_handlers={"tag": _show_tag},
    is_public=True,
    is_on_menu=True,
)
