"""How a card is shown, wherever it is shown: asked for, opened from a menu, shared or sent to oneself."""

from __future__ import annotations

from datetime import date

from bot.commands.command import Context
from bot.library.library import mark
from bot.library.models import Card, Source
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Choice, Facts, Heading, Note, Quote
from bot.messaging.spans import Emphasis, Link, Spans, Strong, build_spans

_FRESH_DAYS = 365


def card_blocks(card_id: str, context: Context, today: date) -> tuple[Block, ...]:
    """The card to read: answer, views or cells, whom it is for, what to try, and its source."""
    card, texts = context.library.cards[card_id], context.texts
    return (
        Heading(card.title),
        *card.answer,
        *_cells(card, context),
        *_views(card, context),
        Facts(
            (
                (texts.words("card.good_for"), card.good_for),
                (texts.words("card.not_for"), card.not_for),
                (texts.words("card.try"), card.try_this_week),
            )
        ),
        Note(cited(card.sources, context)),
        *_stale(card, context, today),
    )


def cited(source_ids: tuple[str, ...], context: Context) -> Spans:
    """The sources as people read them: who, year, link, and what each is worth."""
    run: list[Spans] = [context.texts("source.label"), build_spans(" ")]
    for index, source_id in enumerate(source_ids):
        source = context.library.sources[source_id]
        run.append(build_spans("; " if index else "", named(source), " (", _unstopped(source.kind), ")"))
    return build_spans(*run)


def named(source: Source) -> Spans:
    """`Boris Gorelik (2021), Career advise…` with the title as the link."""
    return build_spans(f"{source.name}, ", Link(source.title, source.url))


def opens(card_id: str, context: Context) -> Choice:
    """A menu's line that opens a card."""
    return Choice(context.library.cards[card_id].short, Action("card.show", (mark(card_id),)))


def opens_button(card_id: str, context: Context) -> Button:
    """A button that opens a card."""
    return Button(context.library.cards[card_id].short, Action("card.show", (mark(card_id),)))


def _unstopped(run: Spans) -> Spans:
    """A sentence of its own as part of another: without its full stop."""
    last = run[-1]
    return (*run[:-1], type(last)(last.text.rstrip("."))) if not isinstance(last, Link) else run


def _lowered(run: Spans) -> Spans:
    """A sentence of its own as the end of another: its first letter small."""
    first = run[0]
    return (
        (type(first)(first.text[:1].lower() + first.text[1:]), *run[1:])
        if not isinstance(first, Link)
        else run
    )


def _views(card: Card, context: Context) -> tuple[Block, ...]:
    return tuple(
        Quote(
            build_spans(
                Strong(" ".join(span.text for span in view.says)),
                " ",
                context.texts("card.suits", you=_lowered(view.suits)),
                " ",
                Emphasis(f"{context.library.sources[view.source].name}."),
            )
        )
        for view in card.views
    )


def _cells(card: Card, context: Context) -> tuple[Block, ...]:
    row = context.library.row(card)
    if row is None:
        return ()
    comparison, topic = row
    pairs = tuple((option.name, topic.cells[name].says) for name, option in comparison.options.items())
    return (Facts(pairs),)


def _stale(card: Card, context: Context, today: date) -> tuple[Block, ...]:
    """After a year a card says that nobody has looked at it for a while."""
    if (today - card.reviewed).days <= _FRESH_DAYS:
        return ()
    return (Note(context.texts("card.stale", day=card.reviewed.isoformat())),)
