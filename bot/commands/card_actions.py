"""A card with its actions: at most four buttons in one row, one menu for the rest."""

from __future__ import annotations

from collections.abc import Set

from bot.commands.card_args import MAX_NEXT_CARDS, CardArgs
from bot.commands.card_view import build_card_button, build_card_choice, render_card_blocks
from bot.commands.command import Context
from bot.commands.compare_input import ComparisonView
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Choice, Menu
from bot.messaging.reply import Reply, iter_controls
from bot.messaging.request import Request


def render_card(
    card_id: str,
    request: Request,
    context: Context,
    *,
    blocks_before: tuple[Block, ...] = (),
    extra_choices: tuple[Choice, ...] = (),
    next_card_ids: tuple[str, ...] = (),
) -> Reply:
    """Return a card for the asker alone, with its buttons.

    Args:
        blocks_before: blocks above the card.
        extra_choices: menu choices before the related cards.
        next_card_ids: the next best cards, best first; the related ones when there are none.
    """
    card = context.content.cards[card_id]
    next_best = tuple(other for other in next_card_ids or card.related if other != card_id)[:MAX_NEXT_CARDS]
    used_actions = {
        *(press.action for press in iter_controls(blocks_before)),
        *(choice.action for choice in extra_choices),
    }
    row = _build_buttons(card_id, next_best, context, used_actions)
    return Reply(
        blocks=(
            *blocks_before,
            *render_card_blocks(card_id, context, request.received_at.date()),
            Buttons(row),
            _build_menu(
                card_id, next_best, context, extra_choices, used_actions | {button.action for button in row}
            ),
        ),
        summary=card.title,
        is_sensitive=not card.share,
    )


def build_related_menu(card_id: str, context: Context) -> Menu:
    """Return the menu of related cards, for a card without other buttons."""
    choices = tuple(build_card_choice(other, context) for other in context.content.cards[card_id].related)
    return Menu(context.strings.get_text("card.more.label"), choices)


def _build_buttons(
    card_id: str, next_card_ids: tuple[str, ...], context: Context, used_actions: Set[Action]
) -> tuple[Button, ...]:
    texts, card_args = context.strings, CardArgs.from_ids(card_id).encode()
    chain_args = CardArgs.from_ids(card_id, next_card_ids).encode()
    row = (
        Button(texts.get_text("card.share.label"), Action("card.share", card_args)),
        Button(texts.get_text("card.helpful.label"), Action("card.helpful", card_args)),
        Button(texts.get_text("card.unhelpful.label"), Action("card.unhelpful", chain_args)),
        _build_next_step_button(card_id, context, used_actions),
    )
    return row if context.content.cards[card_id].share else row[1:]


def _build_next_step_button(card_id: str, context: Context, used_actions: Set[Action]) -> Button:
    """Return the comparison that has the card as a row, else the first related card not offered elsewhere."""
    card = context.content.cards[card_id]
    if card.cells is not None:
        name = card.cells.partition("/")[0]
        comparison = context.content.comparisons[name]
        whole = ComparisonView(name, tuple(comparison.options), None)
        return Button(comparison.short, Action("compare.show", whole.encode_args(None)))
    steps = (build_card_button(other, context) for other in card.related)
    browse = Button(context.strings.get_text("browse.label"), Action("browse"))
    return next((step for step in steps if step.action not in used_actions), browse)


def _build_menu(
    card_id: str,
    next_card_ids: tuple[str, ...],
    context: Context,
    extra_choices: tuple[Choice, ...],
    used_actions: Set[Action],
) -> Menu:
    """Return the menu under a card, without what the reply offers elsewhere."""
    texts = context.strings
    chain_args = CardArgs.from_ids(card_id, next_card_ids).encode()
    first = (
        *extra_choices,
        Choice(texts.get_text("card.other.label"), Action("card.other", chain_args)),
        Choice(texts.get_text("card.keep.label"), Action("card.keep", CardArgs.from_ids(card_id).encode())),
    )
    others = (build_card_choice(other, context) for other in context.content.cards[card_id].related)
    choices = (*first, *(choice for choice in others if choice.action not in used_actions))
    return Menu(texts.get_text("card.more.label"), choices)
