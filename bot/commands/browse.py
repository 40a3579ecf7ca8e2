"""`/career browse [tag]`: the cards by topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from rapidfuzz import fuzz, process

from bot.commands.card_view import build_card_choice
from bot.commands.command import Command, CommandOption, Context
from bot.commands.inputs import (
    MAX_VALUE_LENGTH,
    InputHandler,
    looks_like_question,
    parse_number,
    with_args,
)
from bot.commands.invalid_value import MAX_VALUE_SHOWN, render_invalid_value
from bot.errors import UserFacingError
from bot.messaging.action import Action
from bot.messaging.blocks import Button, Buttons, Choice, Heading, Menu, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import build_spans

_PAGE_SIZE = 20
_MIN_SIMILARITY = 80.0  # rapidfuzz ratio: "rolse"


@dataclass(frozen=True, slots=True)
class BrowseInput:
    """Which topic to open.

    Attributes:
        name: what the person wrote; empty for the list of topics.
        tag_id: the topic with that name; None when there is none.
    """

    name: str = ""
    tag_id: str | None = None

    @classmethod
    def parse(cls, words: str, context: Context) -> Self | None:
        """Parse a typed line; None for a sentence like "browse for new jobs while I still have one"."""
        command_input = cls(words, find_tag(words, context))
        return None if command_input.tag_id is None and looks_like_question(words) else command_input

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], context: Context) -> Self:
        """Build it from the option `tag`."""
        name = fields.get("tag", "").strip()
        return cls(name, find_tag(name, context))


@dataclass(frozen=True, slots=True)
class TagPageArgs:
    """A page of a topic in a button; pages count from 1."""

    tag_id: str
    page: int = 1

    def encode(self) -> tuple[str, ...]:
        """Return the topic and, from the second page on, the page."""
        return (self.tag_id,) if self.page == 1 else (self.tag_id, str(self.page))

    @classmethod
    def decode(cls, args: tuple[str, ...]) -> Self | None:
        """Read what `encode` wrote; `1` is understood too."""
        match args:
            case (tag_id,) if tag_id:
                return cls(tag_id)
            case (tag_id, digits) if tag_id and (page := parse_number(digits, max_digits=4)):
                return cls(tag_id, page)
            case _:
                return None


def _browse(_request: Request, command_input: BrowseInput, context: Context) -> Reply:
    if command_input.tag_id is not None:
        return render_tag(TagPageArgs(command_input.tag_id), context)
    return _render_unknown_tag(command_input.name, context) if command_input.name else render_tags(context)


def _render_unknown_tag(name: str, context: Context) -> Reply:
    sentence = context.strings("browse.unknown", prefix=context.prefix, wanted=name[:MAX_VALUE_SHOWN])
    return render_invalid_value(sentence, _build_tag_menu(context), f"browse {name}", context)


def _show_tag(_request: Request, args: TagPageArgs, context: Context) -> Reply:
    if args.tag_id not in context.content.tags:
        raise UserFacingError("browse.unknown", wanted=args.tag_id)
    return render_tag(args, context)


def render_tags(context: Context) -> Reply:
    """Return the list of topics."""
    strings = context.strings
    blocks = (
        Heading(strings.get_text("browse.heading")),
        Paragraph(strings("browse.intro", n=len(context.content.cards))),
        _build_tag_menu(context),
    )
    return Reply(blocks, strings.get_text("browse.heading"))


def _build_tag_menu(context: Context) -> Menu:
    choices = tuple(
        Choice(tag.name, Action("browse.tag", TagPageArgs(tag_id).encode()))
        for tag_id, tag in context.content.tags.items()
    )
    return Menu(context.strings.get_text("browse.pick.label"), choices)


def render_tag(args: TagPageArgs, context: Context) -> Reply:
    """Return one page of a topic's cards; a page after the last is the last."""
    strings, tag = context.strings, context.content.tags[args.tag_id]
    card_ids = [card_id for card_id, card in context.content.cards.items() if args.tag_id in card.tags]
    page_count = -(-len(card_ids) // _PAGE_SIZE)
    page = min(args.page, page_count)
    position = (" ", strings("browse.page", page=page, pages=page_count)) if page_count > 1 else ()
    visible_ids = card_ids[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE]
    buttons = [Button(strings.get_text("browse.label"), Action("browse"))]
    if page < page_count:
        next_page = TagPageArgs(args.tag_id, page + 1)
        buttons.append(
            Button(strings.get_text("browse.next.label"), Action("browse.tag", next_page.encode()))
        )
    blocks = (
        Heading(tag.name),
        Paragraph(build_spans(tag.about, " ", strings("browse.count", n=len(card_ids)), *position)),
        Menu(
            strings.get_text("browse.card.label"),
            tuple(build_card_choice(card_id, context) for card_id in visible_ids),
        ),
        Buttons(tuple(buttons)),
    )
    return Reply(blocks, tag.name)


def find_tag(name: str, context: Context) -> str | None:
    """Return the topic with this id or name, small typos allowed; None when there is none."""
    names = {tag_id: tag.name.casefold() for tag_id, tag in context.content.tags.items()}
    name = name[:MAX_VALUE_LENGTH].casefold()
    if name in names:
        return name
    near = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
    return str(near[2]) if near else None


def _suggest_tags(typed: str, context: Context, _now: datetime) -> list[tuple[str, str]]:
    typed = typed.strip().casefold()
    return [
        (tag.name, tag_id) for tag_id, tag in context.content.tags.items() if typed in tag.name.casefold()
    ]


BROWSE = Command(
    name="browse",
    handler=InputHandler(BrowseInput, _browse),
    options=(CommandOption("tag", suggest=_suggest_tags),),
    button_handlers={"tag": with_args(TagPageArgs, _show_tag)},
    is_public=True,
    is_on_menu=True,
)
