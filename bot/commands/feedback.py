"""What people press under an answer: it helped, it did not, it was not what they meant."""

from __future__ import annotations

from bot.commands.card_actions import decode_card_ids, render_card
from bot.commands.card_view import build_card_choice
from bot.commands.command import Context
from bot.commands.counters import record_vote
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Menu, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request


def record_helpful(request: Request, context: Context) -> Reply:
    """Count the vote and say thanks."""
    card_id, *_ = decode_card_ids(request, context)
    record_vote(card_id, request, context, is_helpful=True)
    said = context.strings("card.thanks")
    return Reply((Paragraph(said),), context.strings.get_text("card.thanks"))


def record_unhelpful(request: Request, context: Context) -> Reply:
    """Count the vote and show the next best card at once."""
    card_id, *others = decode_card_ids(request, context)
    record_vote(card_id, request, context, is_helpful=False)
    if not others:
        return Reply(
            (Paragraph(context.strings("card.no_next")), _build_ask_and_browse_buttons(context)),
            context.strings.get_text("card.sorry_summary"),
        )
    best, *rest = others
    before = (Note(context.strings("card.next")),)
    return render_card(best, request, context, blocks_before=before, next_card_ids=tuple(rest))


def show_alternatives(request: Request, context: Context) -> Reply:
    """Let the person pick what they meant."""
    _, *others = decode_card_ids(request, context)
    texts = context.strings
    blocks: list[Block] = [Paragraph(texts("card.which"))]
    if others:
        blocks.append(
            Menu(texts.get_text("card.which.label"), tuple(build_card_choice(one, context) for one in others))
        )
    return Reply((*blocks, _build_ask_and_browse_buttons(context)), texts.get_text("card.which"))


def _build_ask_and_browse_buttons(context: Context) -> Buttons:
    again = Button(context.strings.get_text("ask.again.label"), Action("ask"))
    browse = Button(context.strings.get_text("browse.label"), Action("browse"))
    return Buttons((again, browse))
