"""`/career card <id or title>`: one card, and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from rapidfuzz import fuzz, process

from bot.commands.command import Command, Context, Inputs, Option
from bot.commands.feedback import helpful, other, unhelpful
from bot.commands.offered import marked, related, shown
from bot.commands.showing import card_blocks, opens_button
from bot.domain.resolve import begins
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Note, Paragraph
from bot.messaging.reply import Audience, DirectMessage, Reply, ReplyOutcome
from bot.messaging.request import Request

_SURE = 88.0  # rapidfuzz WRatio: a title with a typo or a word left out
_ALIKE = 60.0  # rapidfuzz WRatio: a title's words with typos
_SUGGESTED = 25
_NEAREST = 3


def _answer(request: Request, context: Context) -> Reply:
    wanted = request.inputs.get("card", "")
    card_id = _named(wanted, context)
    return _unknown(wanted, request, context) if card_id is None else shown(card_id, request, context)


def _unknown(wanted: str, request: Request, context: Context) -> Reply:
    """A refusal with the cards whose titles come nearest."""
    nearest = [card_id for _, card_id in suggest(wanted, context, request.received_at)[:_NEAREST]]
    if not nearest:
        raise UserFacingError("card.unknown", wanted=wanted[:60])
    texts = context.texts
    said = Paragraph(texts("card.unknown", prefix=context.prefix, wanted=wanted[:60]))
    menu = Button(texts.words("help.label"), Action("help"))
    buttons = (*(opens_button(card_id, context) for card_id in nearest), menu)
    return Reply(
        (said, Buttons(buttons)), texts.words("service.refused_summary"), outcome=ReplyOutcome.REFUSED
    )


def _show(request: Request, context: Context) -> Reply:
    return shown(marked(request, context)[0], request, context)


def _share(request: Request, context: Context) -> Reply:
    card_id = marked(request, context)[0]
    card = context.library.cards[card_id]
    if not card.share:
        raise UserFacingError("card.not_shared")
    own = Button(context.texts.words("ask.own.label"), Action("ask"))
    return Reply(
        blocks=(
            *card_blocks(card_id, context, request.received_at.date()),
            Note(context.texts("card.shared_by", name=request.user.name)),
            Buttons((own,)),
        ),
        summary=card.title,
        audience=Audience.EVERYONE,
    )


def _keep(request: Request, context: Context) -> Reply:
    card_id = marked(request, context)[0]
    return Reply(
        blocks=(*card_blocks(card_id, context, request.received_at.date()), related(card_id, context)),
        summary=context.library.cards[card_id].title,
        placement=DirectMessage(),
    )


def _named(wanted: str, context: Context) -> str | None:
    """The card with this id, title or name on buttons, small typos allowed."""
    wanted = wanted.strip().casefold()
    if wanted in context.library.cards:
        return wanted
    for card_id, card in context.library.cards.items():
        if wanted in (card.title.casefold(), card.short.casefold()):
            return card_id
    names = {card_id: card_id.replace("-", " ") for card_id in context.library.cards}
    titles = {card_id: card.title.casefold() for card_id, card in context.library.cards.items()}
    for among in (titles, names):
        near = process.extractOne(wanted, among, scorer=fuzz.ratio, score_cutoff=_SURE)
        if near is not None:
            return str(near[2])
    return None


def _read(rest: str, context: Context) -> Inputs | None:
    return {"card": rest} if rest and _named(rest, context) is not None else None


def suggest(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    """Cards whose title, short name or id begins like what is typed so far, then those that look like it."""
    cards = context.library.cards
    begun = [key for key, card in cards.items() if begins(typed, f"{card.title} {card.short} {key}")]
    titles = {card_id: card.title.casefold() for card_id, card in cards.items()}
    near = process.extract(
        typed[:100].casefold(), titles, scorer=fuzz.WRatio, limit=_SUGGESTED, score_cutoff=_ALIKE
    )
    found = dict.fromkeys((*begun, *(card_id for _, _, card_id in near)))
    return [(cards[card_id].title, card_id) for card_id in found][:_SUGGESTED]


CARD = Command(
    name="card",
    answer=_answer,
    read=_read,
    options=(Option("card", required=True, suggest=suggest),),
    verbs={
        "show": _show,
        "share": _share,
        "keep": _keep,
        "helpful": helpful,
        "unhelpful": unhelpful,
        "other": other,
    },
    public=True,
)
