"""A card with what can be done with it: at most four buttons in one row, one menu for the rest."""

from __future__ import annotations

from collections.abc import Set

from bot.commands.card_view import build_card_button, build_card_choice, render_card_blocks
from bot.commands.command import Context
from bot.commands.compare import ComparisonView
from bot.content.content import short_hash
from bot.errors import InvalidActionError, UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Choice, Menu
from bot.messaging.reply import Reply, iter_controls
from bot.messaging.request import Request

MAX_NEXT_CARDS = 3
"""How many next best cards a card's buttons carry: a press needs no question again."""


def render_card(
    card_id: str,
    request: Request,
    context: Context,
    *,
    blocks_before: tuple[Block, ...] = (),
    extra_choices: tuple[Choice, ...] = (),
    next_card_ids: tuple[str, ...] = (),
) -> Reply:
    """A card for the asker alone, with its buttons.

    Args:
        before: what is said above the card.
        more: lines of the menu that stand before the related cards.
        then: the next best cards, best first; the related ones when there are none.
    """
    card = context.content.cards[card_id]
    best = tuple(other for other in next_card_ids or card.related if other != card_id)[:MAX_NEXT_CARDS]
    taken = {
        *(press.action for press in iter_controls(blocks_before)),
        *(choice.action for choice in extra_choices),
    }
    row = _build_buttons(card_id, best, context, taken)
    return Reply(
        blocks=(
            *blocks_before,
            *render_card_blocks(card_id, context, request.received_at.date()),
            Buttons(row),
            _build_menu(card_id, best, context, extra_choices, taken | {button.action for button in row}),
        ),
        summary=card.title,
        is_sensitive=not card.share,
    )


def build_related_menu(card_id: str, context: Context) -> Menu:
    """The menu under a card that stands alone."""
    choices = tuple(build_card_choice(other, context) for other in context.content.cards[card_id].related)
    return Menu(context.strings.get_text("card.more.label"), choices)


def decode_card_ids(request: Request, context: Context) -> tuple[str, ...]:
    """The cards that a press carries: the one it is about, then the next best that are still there.

    Raises:
        Refusal: when the first is no longer there.
        BadAction: when the press carries no card at all, or too many.
    """
    if not 1 <= len(request.action.args) <= 1 + MAX_NEXT_CARDS:
        raise InvalidActionError(f"{request.action.name} carries a card and at most {MAX_NEXT_CARDS} more")
    first, *others = map(context.content.find_card_by_hash, request.action.args)
    if first is None:
        raise UserFacingError("card.gone")
    return (first, *(other for other in others if other is not None))


def _build_buttons(
    card_id: str, next_card_ids: tuple[str, ...], context: Context, used_actions: Set[Action]
) -> tuple[Button, ...]:
    texts, this = context.strings, (short_hash(card_id),)
    row = (
        Button(texts.get_text("card.share.label"), Action("card.share", this)),
        Button(texts.get_text("card.helpful.label"), Action("card.helpful", this)),
        Button(
            texts.get_text("card.unhelpful.label"),
            Action("card.unhelpful", (*this, *map(short_hash, next_card_ids))),
        ),
        _build_next_step_button(card_id, context, used_actions),
    )
    return row if context.content.cards[card_id].share else row[1:]


def _build_next_step_button(card_id: str, context: Context, used_actions: Set[Action]) -> Button:
    """The comparison that the card is a row of, else the first related card that is offered nowhere else."""
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
    """What is offered elsewhere in the reply does not stand here again."""
    texts, this = context.strings, (short_hash(card_id),)
    first = (
        *extra_choices,
        Choice(
            texts.get_text("card.other.label"), Action("card.other", (*this, *map(short_hash, next_card_ids)))
        ),
        Choice(texts.get_text("card.keep.label"), Action("card.keep", this)),
    )
    others = (build_card_choice(other, context) for other in context.content.cards[card_id].related)
    choices = (*first, *(choice for choice in others if choice.action not in used_actions))
    return Menu(texts.get_text("card.more.label"), choices)
