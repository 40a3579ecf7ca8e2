"""`/career` and `/career help`: the menu, generated from the list of commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from bot.commands.command import Command, Context
from bot.dialogue.action import Action
from bot.dialogue.blocks import Block, Button, Buttons, Facts, Heading, Note, Paragraph
from bot.dialogue.reply import Reply
from bot.dialogue.request import Request
from bot.dialogue.spans import spans

T = TypeVar("T")
_FACTS = 10
_ROW = 5  # buttons that Discord shows in one row


def _answer(_request: Request, context: Context) -> Reply:
    texts = context.texts
    others = tuple(command for command in context.commands if command is not HELP)
    buttons = tuple(
        Button(texts.words(f"{command.name}.label"), Action(command.name))
        for command in others
        if not any(option.required for option in command.options) or command.name == "ask"
    )
    pairs = [(command.usage(context), spans(command.about(context))) for command in others]
    blocks: tuple[Block, ...] = (
        Heading(texts.words("help.heading")),
        Paragraph(texts("help.intro", n=len(context.library.cards))),
        *(Facts(tuple(lines)) for lines in _lots(pairs, _FACTS)),
        *(Buttons(tuple(row)) for row in _lots(buttons, _ROW)),
        Note(texts("help.note")),
    )
    return Reply(blocks, texts.words("help.heading"))


def _lots(parts: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """The parts in lots of at most so many, in order."""
    for start in range(0, len(parts), most):
        yield parts[start : start + most]


HELP = Command(name="help", answer=_answer, public=True)
