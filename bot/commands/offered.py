"""A card with what can be done with it: at most four buttons in one row, one menu for the rest."""

from __future__ import annotations

from collections.abc import Set

from bot.commands.command import Context
from bot.commands.compare import Side
from bot.commands.showing import card_blocks, opens, opens_button
from bot.errors import InvalidActionError, UserFacingError
from bot.library.library import mark
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Choice, Menu
from bot.messaging.reply import Reply, iter_controls
from bot.messaging.request import Request

NEXT = 3
"""How many next best cards a card's buttons carry: a press needs no question again."""


def shown(
    card_id: str,
    request: Request,
    context: Context,
    *,
    before: tuple[Block, ...] = (),
    more: tuple[Choice, ...] = (),
    then: tuple[str, ...] = (),
) -> Reply:
    """A card for the asker alone, with its buttons.

    Args:
        before: what is said above the card.
        more: lines of the menu that stand before the related cards.
        then: the next best cards, best first; the related ones when there are none.
    """
    card = context.library.cards[card_id]
    best = tuple(other for other in then or card.related if other != card_id)[:NEXT]
    taken = {*(press.action for press in iter_controls(before)), *(choice.action for choice in more)}
    row = _row(card_id, best, context, taken)
    return Reply(
        blocks=(
            *before,
            *card_blocks(card_id, context, request.received_at.date()),
            Buttons(row),
            _menu(card_id, best, context, more, taken | {button.action for button in row}),
        ),
        summary=card.title,
        is_sensitive=not card.share,
    )


def related(card_id: str, context: Context) -> Menu:
    """The menu under a card that stands alone."""
    choices = tuple(opens(other, context) for other in context.library.cards[card_id].related)
    return Menu(context.texts.words("card.more.label"), choices)


def marked(request: Request, context: Context) -> tuple[str, ...]:
    """The cards that a press carries: the one it is about, then the next best that are still there.

    Raises:
        Refusal: when the first is no longer there.
        BadAction: when the press carries no card at all, or too many.
    """
    if not 1 <= len(request.action.args) <= 1 + NEXT:
        raise InvalidActionError(f"{request.action.name} carries a card and at most {NEXT} more")
    first, *others = map(context.library.marked, request.action.args)
    if first is None:
        raise UserFacingError("card.gone")
    return (first, *(other for other in others if other is not None))


def _row(card_id: str, best: tuple[str, ...], context: Context, taken: Set[Action]) -> tuple[Button, ...]:
    texts, this = context.texts, (mark(card_id),)
    row = (
        Button(texts.words("card.share.label"), Action("card.share", this)),
        Button(texts.words("card.helpful.label"), Action("card.helpful", this)),
        Button(texts.words("card.unhelpful.label"), Action("card.unhelpful", (*this, *map(mark, best)))),
        _next_step(card_id, context, taken),
    )
    return row if context.library.cards[card_id].share else row[1:]


def _next_step(card_id: str, context: Context, taken: Set[Action]) -> Button:
    """The comparison that the card is a row of, else the first related card that is offered nowhere else."""
    card = context.library.cards[card_id]
    if card.cells is not None:
        name = card.cells.partition("/")[0]
        comparison = context.library.comparisons[name]
        whole = Side(name, tuple(comparison.options), None)
        return Button(comparison.short, Action("compare.show", whole.args(None)))
    steps = (opens_button(other, context) for other in card.related)
    browse = Button(context.texts.words("browse.label"), Action("browse"))
    return next((step for step in steps if step.action not in taken), browse)


def _menu(
    card_id: str, best: tuple[str, ...], context: Context, more: tuple[Choice, ...], taken: Set[Action]
) -> Menu:
    """What is offered elsewhere in the reply does not stand here again."""
    texts, this = context.texts, (mark(card_id),)
    first = (
        *more,
        Choice(texts.words("card.other.label"), Action("card.other", (*this, *map(mark, best)))),
        Choice(texts.words("card.keep.label"), Action("card.keep", this)),
    )
    others = (opens(other, context) for other in context.library.cards[card_id].related)
    choices = (*first, *(choice for choice in others if choice.action not in taken))
    return Menu(texts.words("card.more.label"), choices)
