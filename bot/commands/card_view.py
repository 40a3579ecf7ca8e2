"""The blocks of a card, the same wherever it appears: asked for, opened from a menu, shared or saved."""

from __future__ import annotations

from datetime import date

from bot.commands.card_args import CardArgs
from bot.commands.command import Context
from bot.content.models import Card, Source
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Choice, Facts, Heading, Note, Quote
from bot.messaging.spans import Emphasis, Link, Spans, Strong, build_spans

_MAX_REVIEW_AGE_DAYS = 365


def render_card_blocks(card_id: str, context: Context, today: date) -> tuple[Block, ...]:
    """Return the card's blocks: answer, views or cells, when it fits, what to try, and its sources."""
    card, texts = context.content.cards[card_id], context.strings
    return (
        Heading(card.title),
        *card.answer,
        *_render_cells(card, context),
        *_render_views(card, context),
        Facts(
            (
                (texts.get_text("card.good_for"), card.good_for),
                (texts.get_text("card.not_for"), card.not_for),
                (texts.get_text("card.try"), card.try_this_week),
            )
        ),
        Note(format_sources(card.sources, context)),
        *_render_stale_note(card, context, today),
    )


def format_sources(source_ids: tuple[str, ...], context: Context) -> Spans:
    """Return the sources with author, year, link and caveat."""
    parts: list[Spans] = [context.strings("source.label"), build_spans(" ")]
    for index, source_id in enumerate(source_ids):
        source = context.content.sources[source_id]
        parts.append(
            build_spans(
                "; " if index else "", format_source(source), " (", _strip_full_stop(source.caveat), ")"
            )
        )
    return build_spans(*parts)


def format_source(source: Source) -> Spans:
    """Return `Boris Gorelik (2021), Career advise…` with the title as the link, if it has one."""
    title = source.title if source.url is None else Link(source.title, source.url)
    return build_spans(f"{source.citation}, ", title)


def build_card_choice(card_id: str, context: Context) -> Choice:
    """Return a menu choice that opens a card."""
    return Choice(
        context.content.cards[card_id].short, Action("card.show", CardArgs.from_ids(card_id).encode())
    )


def build_card_button(card_id: str, context: Context) -> Button:
    """Return a button that opens a card."""
    return Button(
        context.content.cards[card_id].short, Action("card.show", CardArgs.from_ids(card_id).encode())
    )


def _strip_full_stop(sentence: Spans) -> Spans:
    """Return a sentence without its full stop, to be part of another."""
    last = sentence[-1]
    return (*sentence[:-1], type(last)(last.text.rstrip("."))) if not isinstance(last, Link) else sentence


def _lowercase_first(sentence: Spans) -> Spans:
    """Return a sentence with a small first letter, to be the end of another."""
    first = sentence[0]
    return (
        (type(first)(first.text[:1].lower() + first.text[1:]), *sentence[1:])
        if not isinstance(first, Link)
        else sentence
    )


def _render_views(card: Card, context: Context) -> tuple[Block, ...]:
    return tuple(
        Quote(
            build_spans(
                Strong(" ".join(span.text for span in view.claim)),
                " ",
                context.strings("card.suits", you=_lowercase_first(view.fits_if)),
                " ",
                Emphasis(f"{context.content.sources[view.source].citation}."),
            )
        )
        for view in card.views
    )


def _render_cells(card: Card, context: Context) -> tuple[Block, ...]:
    row = context.content.find_row(card)
    if row is None:
        return ()
    comparison, topic = row
    pairs = tuple((option.name, topic.cells[name].says) for name, option in comparison.options.items())
    return (Facts(pairs),)


def _render_stale_note(card: Card, context: Context, today: date) -> tuple[Block, ...]:
    """Return a note when the last review is more than a year ago."""
    if (today - card.reviewed).days <= _MAX_REVIEW_AGE_DAYS:
        return ()
    return (Note(context.strings("card.stale", day=card.reviewed.isoformat())),)
