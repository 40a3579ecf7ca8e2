"""The reply to a command with a value that does not exist: what is wrong, and the valid values as buttons."""

from __future__ import annotations

from bot.commands.command import Context
from bot.errors import LimitExceededError
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Button, Buttons, Paragraph
from bot.messaging.reply import Reply, ReplyOutcome
from bot.messaging.request import TYPED_LINE
from bot.messaging.spans import Spans

MAX_VALUE_SHOWN = 60  # characters of what a person wrote that are repeated to them


def render_invalid_value(sentence: Spans, values: Block, line: str, context: Context) -> Reply:
    """Return a refusal inside a command.

    Args:
        sentence: what is wrong.
        values: buttons or a menu with what is valid.
        line: the person's own words, offered as a question; left out when they don't fit a button.
    """
    strings = context.strings
    ask = build_line_button(f"ask {line}", context) if line else None
    menu = Button(strings.get_text("help.label"), Action("help"))
    return Reply(
        (Paragraph(sentence), values, Buttons((ask, menu) if ask is not None else (menu,))),
        strings.get_text("service.refused_summary"),
        outcome=ReplyOutcome.REFUSED,
    )


def build_line_button(line: str, context: Context) -> Button | None:
    """Return a button that sends a typed line; None when the line is too long for one."""
    try:
        return Button(f"{context.prefix} {line}", Action(TYPED_LINE, (line,)))
    except LimitExceededError:
        return None
