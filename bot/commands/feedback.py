"""The feedback buttons under an answer: helpful, not helpful, wrong topic."""

from __future__ import annotations

from bot.commands.card_actions import render_card
from bot.commands.card_args import CardArgs
from bot.commands.card_view import build_card_choice
from bot.commands.command import Context
from bot.commands.counters import record_vote
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Menu, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request


def record_helpful(request: Request, args: CardArgs, context: Context) -> Reply:
    """Count the vote and say thanks."""
    record_vote(args.find_card(context.content), request, context, is_helpful=True)
    thanks = Paragraph(context.strings("card.thanks"))
    return Reply((thanks,), context.strings.get_text("card.thanks"))


def record_unhelpful(request: Request, args: CardArgs, context: Context) -> Reply:
    """Count the vote and show the next best card at once."""
    record_vote(args.find_card(context.content), request, context, is_helpful=False)
    next_cards = args.find_next_cards(context.content)
    if not next_cards:
        return Reply(
            (Paragraph(context.strings("card.no_next")), _build_ask_and_browse_buttons(context)),
            context.strings.get_text("card.sorry_summary"),
        )
    best, *rest = next_cards
    before = (Note(context.strings("card.next")),)
    return render_card(best, request, context, blocks_before=before, next_card_ids=tuple(rest))


def show_alternatives(_request: Request, args: CardArgs, context: Context) -> Reply:
    """Offer the next best cards to pick from."""
    args.find_card(context.content)  # refuses the button of a card that is gone
    next_cards, texts = args.find_next_cards(context.content), context.strings
    blocks: list[Block] = [Paragraph(texts("card.which"))]
    if next_cards:
        choices = tuple(build_card_choice(card_id, context) for card_id in next_cards)
        blocks.append(Menu(texts.get_text("card.which.label"), choices))
    return Reply((*blocks, _build_ask_and_browse_buttons(context)), texts.get_text("card.which"))


def _build_ask_and_browse_buttons(context: Context) -> Buttons:
    again = Button(context.strings.get_text("ask.again.label"), Action("ask"))
    browse = Button(context.strings.get_text("browse.label"), Action("browse"))
    return Buttons((again, browse))
