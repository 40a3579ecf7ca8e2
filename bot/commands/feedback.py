"""What people press under an answer: it helped, it did not, it was not what they meant."""

from __future__ import annotations

from bot.commands.command import Context
from bot.commands.ledger import voted
from bot.commands.offered import marked, shown
from bot.commands.showing import opens
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Menu, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request


def helpful(request: Request, context: Context) -> Reply:
    """Count the vote and say thanks."""
    card_id, *_ = marked(request, context)
    voted(card_id, request, context, helpful=True)
    said = context.texts("card.thanks")
    return Reply((Paragraph(said),), context.texts.words("card.thanks"))


def unhelpful(request: Request, context: Context) -> Reply:
    """Count the vote and show the next best card at once."""
    card_id, *others = marked(request, context)
    voted(card_id, request, context, helpful=False)
    if not others:
        return Reply(
            (Paragraph(context.texts("card.no_next")), _elsewhere(context)),
            context.texts.words("card.sorry_summary"),
        )
    best, *rest = others
    before = (Note(context.texts("card.next")),)
    return shown(best, request, context, before=before, then=tuple(rest))


def other(request: Request, context: Context) -> Reply:
    """Let the person pick what they meant."""
    _, *others = marked(request, context)
    texts = context.texts
    blocks: list[Block] = [Paragraph(texts("card.which"))]
    if others:
        blocks.append(Menu(texts.words("card.which.label"), tuple(opens(one, context) for one in others)))
    return Reply((*blocks, _elsewhere(context)), texts.words("card.which"))


def _elsewhere(context: Context) -> Buttons:
    again = Button(context.texts.words("ask.again.label"), Action("ask"))
    browse = Button(context.texts.words("browse.label"), Action("browse"))
    return Buttons((again, browse))
