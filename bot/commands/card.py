"""`/career card <id, title or topic>`: one card with its actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from rapidfuzz import fuzz, process

from bot.commands.browse import TagPageArgs, find_tag, render_tag, render_tags
from bot.commands.card_actions import build_related_menu, render_card
from bot.commands.card_args import CardArgs
from bot.commands.card_view import build_card_button, render_card_blocks
from bot.commands.command import Command, CommandOption, Context
from bot.commands.feedback import record_helpful, record_unhelpful, show_alternatives
from bot.commands.inputs import MAX_VALUE_LENGTH, InputHandler, looks_like_question, with_args
from bot.commands.invalid_value import MAX_VALUE_SHOWN, render_invalid_value
from bot.domain.option_matching import matches_prefix
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Note
from bot.messaging.reply import Audience, DirectMessage, Reply
from bot.messaging.request import Request

_MIN_MATCH_SIMILARITY = 88.0  # rapidfuzz WRatio: a title with a typo or a word left out
_MIN_SUGGESTION_SIMILARITY = 60.0  # rapidfuzz WRatio: a title's words with typos
_MAX_SUGGESTIONS = 25
_MAX_NEAREST = 3


@dataclass(frozen=True, slots=True)
class CardInput:
    """Which card to open.

    Attributes:
        name: what the person wrote.
        card_id: the card with that name; None when there is none.
        tag_id: the topic with that name, when no card has it.
    """

    name: str
    card_id: str | None = None
    tag_id: str | None = None

    @classmethod
    def from_name(cls, name: str, context: Context) -> Self:
        """Look the name up among cards, then among topics."""
        card_id = _find_card(name, context) if name else None
        return cls(name, card_id, find_tag(name, context) if card_id is None else None)

    @classmethod
    def parse(cls, words: str, context: Context) -> Self | None:
        """Parse a typed line; None for a sentence like "card games at work, is that normal?"."""
        command_input = cls.from_name(words, context)
        if command_input.card_id or command_input.tag_id or not looks_like_question(words):
            return command_input
        return command_input if _find_by_prefix(words, context) else None

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], context: Context) -> Self:
        """Build it from the option `card`."""
        return cls.from_name(fields.get("card", "").strip(), context)


def _open_card(request: Request, command_input: CardInput, context: Context) -> Reply:
    if command_input.card_id is not None:
        return render_card(command_input.card_id, request, context)
    if command_input.tag_id is not None:
        return render_tag(TagPageArgs(command_input.tag_id), context)
    if not command_input.name:
        return render_tags(context)
    return _render_unknown_card(command_input.name, request, context)


def _render_unknown_card(name: str, request: Request, context: Context) -> Reply:
    """Return a refusal with the cards whose titles or texts are nearest; without any, a way to all topics."""
    nearest = [card_id for _, card_id in suggest_cards(name, context, request.received_at)]
    nearest += _find_by_text(name, context)
    buttons = [build_card_button(card_id, context) for card_id in dict.fromkeys(nearest)][:_MAX_NEAREST]
    if not buttons:
        buttons = [Button(context.strings.get_text("browse.label"), Action("browse"))]
    sentence = context.strings("card.unknown", prefix=context.prefix, wanted=name[:MAX_VALUE_SHOWN])
    return render_invalid_value(sentence, Buttons(tuple(buttons)), name, context)


def _show_card(request: Request, args: CardArgs, context: Context) -> Reply:
    return render_card(args.find_card(context.content), request, context)


def _share_card(request: Request, args: CardArgs, context: Context) -> Reply:
    card_id = args.find_card(context.content)
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


def _save_card(request: Request, args: CardArgs, context: Context) -> Reply:
    card_id = args.find_card(context.content)
    return Reply(
        blocks=(
            *render_card_blocks(card_id, context, request.received_at.date()),
            build_related_menu(card_id, context),
        ),
        summary=context.content.cards[card_id].title,
        placement=DirectMessage(),
    )


def _find_card(name: str, context: Context) -> str | None:
    """Return the card with this id, title or short name, small typos allowed."""
    name, cards = name[:MAX_VALUE_LENGTH].casefold(), context.content.cards
    if name in cards:
        return name
    for card_id, card in cards.items():
        if name in (card.title.casefold(), card.short.casefold()):
            return card_id
    titles = {card_id: card.title.casefold() for card_id, card in cards.items()}
    ids_as_words = {card_id: card_id.replace("-", " ") for card_id in cards}
    for names in (titles, ids_as_words):
        near = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=_MIN_MATCH_SIMILARITY)
        if near is not None:
            return str(near[2])
    return None


def _find_by_prefix(typed: str, context: Context) -> list[str]:
    """Return the cards in whose title, short name or id every typed word begins a word."""
    return [
        card_id
        for card_id, card in context.content.cards.items()
        if matches_prefix(typed, f"{card.title} {card.short} {card_id}")
    ]


def _find_by_text(words: str, context: Context) -> list[str]:
    """Return the cards in whose answer every word begins a word."""
    return [
        card_id
        for card_id, card in context.content.cards.items()
        if matches_prefix(words, " ".join(span.text for part in card.answer for span in part.spans))
    ]


def suggest_cards(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    """Return cards whose title, short name or id begins like the typed text, then those with similar titles."""
    cards = context.content.cards
    titles = {card_id: card.title.casefold() for card_id, card in cards.items()}
    similar = process.extract(
        typed[:100].casefold(),
        titles,
        scorer=fuzz.WRatio,
        limit=_MAX_SUGGESTIONS,
        score_cutoff=_MIN_SUGGESTION_SIMILARITY,
    )
    card_ids = dict.fromkeys((*_find_by_prefix(typed, context), *(card_id for _, _, card_id in similar)))
    return [(cards[card_id].title, card_id) for card_id in card_ids][:_MAX_SUGGESTIONS]


CARD = Command(
    name="card",
    handler=InputHandler(CardInput, _open_card),
    options=(CommandOption("card", is_required=True, suggest=suggest_cards),),
    button_handlers={
        "show": with_args(CardArgs, _show_card),
        "share": with_args(CardArgs, _share_card),
        "keep": with_args(CardArgs, _save_card),
        "helpful": with_args(CardArgs, record_helpful),
        "unhelpful": with_args(CardArgs, record_unhelpful),
        "other": with_args(CardArgs, show_alternatives),
    },
    is_public=True,
)
