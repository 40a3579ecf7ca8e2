"""A reply as Components V2: one component a block, rows for what can be pressed.

Every message is Components V2, since the flag cannot be taken off or put on by an edit later.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, assert_never

from discord import MessageFlags, ui

from bot.errors import LimitExceededError
from bot.messaging.blocks import (
    Bars,
    Block,
    Bullets,
    Buttons,
    Divider,
    Facts,
    Heading,
    Menu,
    Note,
    Paragraph,
    Quote,
    Table,
)
from bot.messaging.plaintext import render_bar
from bot.messaging.reply import Reply
from bot.platforms.discord.dynamic_items import build_button, build_menu
from bot.platforms.discord.markdown import escape, render_spans

_BUTTONS_PER_ROW = 5
_MAX_CHARACTERS = 4_000  # of one message's components together
Component = ui.Item[Any]


def render_reply(reply: Reply) -> ui.LayoutView:
    """The reply as the view that discord.py sends."""
    return build_view(render_blocks(reply.blocks))


def build_view(items: Iterator[Component]) -> ui.LayoutView:
    """Components as a view that discord.py sends and forgets: what is pressed in it finds its way by id."""
    view = ui.LayoutView(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


def build_payload(reply: Reply) -> list[dict[str, Any]]:
    """The components as Discord gets them.

    Raises:
        DoesNotFit: when markup and escapes bring the words over what Discord takes.
    """
    view = render_reply(reply)
    if (size := view.content_length()) > _MAX_CHARACTERS:
        raise LimitExceededError(f"the words take {size} characters, at most {_MAX_CHARACTERS} fit")
    shown: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call]
    return shown


def build_preview(reply: Reply) -> dict[str, Any]:
    """The message as Discord gets it."""
    return {"flags": MessageFlags(components_v2=True).value, "components": build_payload(reply)}


def render_blocks(blocks: tuple[Block, ...]) -> Iterator[Component]:
    """Blocks as components, in reading order."""
    menus = count()
    for block in blocks:
        match block:
            case Buttons(buttons):
                for start in range(0, len(buttons), _BUTTONS_PER_ROW):
                    yield ui.ActionRow(*map(build_button, buttons[start : start + _BUTTONS_PER_ROW]))
            case Menu():
                yield ui.ActionRow(build_menu(block, next(menus)))
            case Divider():
                yield ui.Separator()
            case _:
                yield ui.TextDisplay(_render_text(block))


def _render_text(
    block: Heading | Paragraph | Bullets | Facts | Table | Bars | Quote | Note,
) -> str:
    match block:
        case Heading(text):
            return f"## {escape(text)}"
        case Paragraph(spans):
            return render_spans(spans)
        case Bullets(items):
            return "\n".join(f"- {render_spans(item)}" for item in items)
        case Facts(pairs):
            return "\n".join(f"**{escape(name)}:** {render_spans(value)}" for name, value in pairs)
        case Table():
            return _render_table(block)
        case Bars(bars):
            return "\n".join(
                f"{escape(b.label)}: {render_bar(b.value, b.maximum)} {b.value}/{b.maximum}" for b in bars
            )
        case Quote(spans):
            return _prefix_lines("> ", render_spans(spans))
        case Note(spans):
            return _prefix_lines("-# ", render_spans(spans))
        case _:
            assert_never(block)


def _prefix_lines(prefix: str, text: str) -> str:
    return "\n".join(prefix + line for line in text.splitlines())


def _render_table(table: Table) -> str:
    """A list under each group: readable on a phone, where columns are not."""
    lines: list[str] = []
    for group in table.groups:
        lines.append(f"### {escape(group.title)}")
        for row in group.rows:
            lines.append(f"**{escape(row.name)}**")
            lines += [
                f"- {escape(head)}: {render_spans(cell)}"
                for head, cell in zip(table.column_names, row.cells, strict=True)
            ]
    return "\n".join(lines)
