"""A reply as Components V2: one component a block, rows for what can be pressed.

Every message is Components V2, since the flag cannot be taken off or put on by an edit later.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, assert_never

from discord import MessageFlags, ui

from bot.dialogue.blocks import (
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
from bot.dialogue.plain import bar
from bot.dialogue.reply import Reply
from bot.errors import DoesNotFit
from bot.platforms.discord.items import button, menu
from bot.platforms.discord.markdown import escaped, markdown

_A_ROW = 5
_CHARACTERS = 4_000  # of one message's components together
Component = ui.Item[Any]


def layout(reply: Reply) -> ui.LayoutView:
    """The reply as the view that discord.py sends."""
    return view_of(components(reply.blocks))


def view_of(items: Iterator[Component]) -> ui.LayoutView:
    """Components as a view that discord.py sends and forgets: what is pressed in it finds its way by id."""
    view = ui.LayoutView(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


def payload(reply: Reply) -> list[dict[str, Any]]:
    """The components as Discord gets them.

    Raises:
        DoesNotFit: when markup and escapes bring the words over what Discord takes.
    """
    view = layout(reply)
    if (size := view.content_length()) > _CHARACTERS:
        raise DoesNotFit(f"the words take {size} characters, at most {_CHARACTERS} fit")
    shown: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call]
    return shown


def preview(reply: Reply) -> dict[str, Any]:
    """The message as Discord gets it."""
    return {"flags": MessageFlags(components_v2=True).value, "components": payload(reply)}


def components(blocks: tuple[Block, ...]) -> Iterator[Component]:
    """Blocks as components, in reading order."""
    menus = count()
    for block in blocks:
        match block:
            case Buttons(buttons):
                for start in range(0, len(buttons), _A_ROW):
                    yield ui.ActionRow(*map(button, buttons[start : start + _A_ROW]))
            case Menu():
                yield ui.ActionRow(menu(block, next(menus)))
            case Divider():
                yield ui.Separator()
            case _:
                yield ui.TextDisplay(_words(block))


def _words(
    block: Heading | Paragraph | Bullets | Facts | Table | Bars | Quote | Note,
) -> str:
    match block:
        case Heading(text):
            return f"## {escaped(text)}"
        case Paragraph(spans):
            return markdown(spans)
        case Bullets(items):
            return "\n".join(f"- {markdown(item)}" for item in items)
        case Facts(pairs):
            return "\n".join(f"**{escaped(name)}:** {markdown(value)}" for name, value in pairs)
        case Table():
            return _table(block)
        case Bars(bars):
            return "\n".join(f"{escaped(b.label)}: {bar(b.value, b.most)} {b.value}/{b.most}" for b in bars)
        case Quote(spans):
            return _each_line("> ", markdown(spans))
        case Note(spans):
            return _each_line("-# ", markdown(spans))
        case _:
            assert_never(block)


def _each_line(mark: str, text: str) -> str:
    return "\n".join(mark + line for line in text.splitlines())


def _table(table: Table) -> str:
    """A list under each group: readable on a phone, where columns are not."""
    lines: list[str] = []
    for group in table.groups:
        lines.append(f"### {escaped(group.title)}")
        for row in group.rows:
            lines.append(f"**{escaped(row.name)}**")
            lines += [
                f"- {escaped(head)}: {markdown(cell)}"
                for head, cell in zip(table.head, row.cells, strict=True)
            ]
    return "\n".join(lines)
