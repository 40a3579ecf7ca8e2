"""`/career card <id or title>`: one card, and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from rapidfuzz import fuzz, process

from bot.commands.card_actions import build_related_menu, decode_card_ids, render_card
from bot.commands.card_view import build_card_button, render_card_blocks
from bot.commands.command import Command, CommandOption, Context, Inputs
from bot.commands.feedback import record_helpful, record_unhelpful, show_alternatives
from bot.domain.option_matching import matches_prefix
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Note, Paragraph
from bot.messaging.reply import Audience, DirectMessage, Reply, ReplyOutcome
from bot.messaging.request import Request

_MIN_MATCH_SIMILARITY = 88.0  # rapidfuzz WRatio: a title with a typo or a word left out
_MIN_SUGGESTION_SIMILARITY = 60.0  # rapidfuzz WRatio: a title's words with typos
_MAX_SUGGESTIONS = 25
_MAX_NEAREST = 3


def _show_by_name(request: Request, context: Context) -> Reply:
    wanted = request.inputs.get("card", "")
    card_id = _find_card(wanted, context)
    return (
        _render_unknown_card(wanted, request, context)
        if card_id is None
        else render_card(card_id, request, context)
    )


def _render_unknown_card(query: str, request: Request, context: Context) -> Reply:
    """A refusal with the cards whose titles come nearest."""
    nearest = [card_id for _, card_id in suggest_cards(query, context, request.received_at)[:_MAX_NEAREST]]
    if not nearest:
        raise UserFacingError("card.unknown", wanted=query[:60])
    texts = context.strings
    said = Paragraph(texts("card.unknown", prefix=context.prefix, wanted=query[:60]))
    menu = Button(texts.get_text("help.label"), Action("help"))
    buttons = (*(build_card_button(card_id, context) for card_id in nearest), menu)
    return Reply(
        (said, Buttons(buttons)), texts.get_text("service.refused_summary"), outcome=ReplyOutcome.REFUSED
    )


def _show_card(request: Request, context: Context) -> Reply:
    return render_card(decode_card_ids(request, context)[0], request, context)


def _share_card(request: Request, context: Context) -> Reply:
    card_id = decode_card_ids(request, context)[0]
    card = context.content.cards[card_id]
    if not card.share:
        raise UserFacingError("card.not_shared")
    own = Button(context.strings.get_text("ask.own.label"), Action("ask"))
    return Reply(
        blocks=(
            *render_card_blocks(card_id, context, request.received_at.date()),
            Note(context.strings("card.shared_by", name=request.user.name)),
            Buttons((own,)),
        ),
        summary=card.title,
        audience=Audience.EVERYONE,
    )


def _save_card(request: Request, context: Context) -> Reply:
    card_id = decode_card_ids(request, context)[0]
    return Reply(
        blocks=(
            *render_card_blocks(card_id, context, request.received_at.date()),
            build_related_menu(card_id, context),
        ),
        summary=context.content.cards[card_id].title,
        placement=DirectMessage(),
    )


def _find_card(query: str, context: Context) -> str | None:
    """The card with this id, title or name on buttons, small typos allowed."""
    query = query.strip().casefold()
    if query in context.content.cards:
        return query
    for card_id, card in context.content.cards.items():
        if query in (card.title.casefold(), card.short.casefold()):
            return card_id
    names = {card_id: card_id.replace("-", " ") for card_id in context.content.cards}
    titles = {card_id: card.title.casefold() for card_id, card in context.content.cards.items()}
    for among in (titles, names):
        near = process.extractOne(query, among, scorer=fuzz.ratio, score_cutoff=_MIN_MATCH_SIMILARITY)
        if near is not None:
            return str(near[2])
    return None


def _parse_inputs(rest: str, context: Context) -> Inputs | None:
    return {"card": rest} if rest and _find_card(rest, context) is not None else None


def suggest_cards(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    """Cards whose title, short name or id begins like what is typed so far, then those that look like it."""
    cards = context.content.cards
    begun = [key for key, card in cards.items() if matches_prefix(typed, f"{card.title} {card.short} {key}")]
    titles = {card_id: card.title.casefold() for card_id, card in cards.items()}
    near = process.extract(
        typed[:100].casefold(),
        titles,
        scorer=fuzz.WRatio,
        limit=_MAX_SUGGESTIONS,
        score_cutoff=_MIN_SUGGESTION_SIMILARITY,
    )
    found = dict.fromkeys((*begun, *(card_id for _, _, card_id in near)))
    return [(cards[card_id].title, card_id) for card_id in found][:_MAX_SUGGESTIONS]


CARD = Command(
    name="card",
    handler=_show_by_name,
    parse_inputs=_parse_inputs,
    options=(CommandOption("card", is_required=True, suggest=suggest_cards),),
    button_handlers={
        "show": _show_card,
        "share": _share_card,
        "keep": _save_card,
        "helpful": record_helpful,
        "unhelpful": record_unhelpful,
        "other": show_alternatives,
    },
    is_public=True,
)
