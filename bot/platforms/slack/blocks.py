"""Every block of a reply as Block Kit, in plain dicts: building slack_sdk's models costs sixty times as much.

What can be pressed carries its whole action: a button in its `action_id` (`bot:compare.theme:…`), a menu's
line in its value, under an `action_id` of `pick:<n>`. So a button works after a restart and on any replica.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bot.dialogue.blocks import (
    Bars,
    Block,
    Bullets,
    Button,
    Buttons,
    Divider,
    Facts,
    Heading,
    Menu,
    Note,
    Paragraph,
    Quote,
    Row,
    Style,
    Table,
)
from bot.dialogue.plain import bar
from bot.dialogue.reply import Reply
from bot.dialogue.spans import Code, Span, Spans, Strong, Text, spans
from bot.platforms.slack import rich
from bot.platforms.slack.rich import Json

PRESS = "bot:"
PICK = "pick:"

_EMPTY_CELL: Json = {"type": "raw_text", "text": " "}  # Slack refuses a cell of no characters


def blocks(reply: Reply, own: str | None = None) -> list[Json]:
    """The reply's blocks, at most 30.

    Args:
        own: marks every row of buttons as standing in the bot's own conversation with a person, where what
            is private may be posted; the payload of a click does not tell. Differs from message to message,
            since Slack wants new ids whenever one is updated.
    """
    return [_block(block, number, own) for number, block in enumerate(reply.blocks)]


def _block(block: Block, number: int, own: str | None) -> Json:
    match block:
        case Heading(text):
            return {"type": "header", "text": rich.label(text)}
        case Paragraph(run):
            return rich.block(rich.section(run))
        case Bullets(items):
            return rich.block(rich.bullets(items))
        case Facts(pairs):
            return rich.block(rich.section(tuple(_facts(pairs))))
        case Table():
            return _table(block)
        case Bars():
            return rich.block(rich.section(tuple(_bars(block))))
        case Quote(run):
            return rich.block(rich.quote(run))
        case Note(run):
            return rich.small(run)
        case Divider():
            return {"type": "divider"}
        case Buttons(buttons):
            return _actions([_button(button) for button in buttons], number, own)
        case Menu():
            return _actions([_menu(block, number)], number, own)
        case _:
            assert_never(block)


def _facts(pairs: tuple[tuple[str, Spans], ...]) -> Iterator[Span]:
    for index, (name, value) in enumerate(pairs):
        yield Strong(f"{name}:")
        yield Text(" ")
        yield from value
        if index < len(pairs) - 1:
            yield Text("\n")


def _bars(block: Bars) -> Iterator[Span]:
    for index, one in enumerate(block.bars):
        yield Text(f"{one.label}: ")
        yield Code(bar(one.value, one.most))
        yield Text(f" {one.value}/{one.most}" + ("\n" if index < len(block.bars) - 1 else ""))


def _table(table: Table) -> Json:
    width = 1 + len(table.head)
    rows = [[_EMPTY_CELL, *(_bold(name) for name in table.head)]]
    for group in table.groups:
        rows.append([_bold(group.title), *[_EMPTY_CELL] * (width - 1)])
        rows += [_row(row) for row in group.rows]
    return {"type": "table", "rows": rows, "column_settings": [{"is_wrapped": True}] * width}


def _row(row: Row) -> list[Json]:
    return [_cell(spans(row.name)), *(_cell(cell) for cell in row.cells)]


def _cell(run: Spans) -> Json:
    if all(isinstance(span, Text) for span in run):
        text = "".join(span.text for span in run)
        return {"type": "raw_text", "text": text} if text else _EMPTY_CELL
    return rich.block(rich.section(run))


def _bold(text: str) -> Json:
    return rich.block(rich.section((Strong(text),)))


def _actions(elements: list[Json], number: int, own: str | None) -> Json:
    row: Json = {"type": "actions", "elements": elements}
    return row if own is None else {**row, "block_id": f"{own}{number}"}


def _button(button: Button) -> Json:
    built: Json = {
        "type": "button",
        "text": rich.label(button.label),
        "action_id": PRESS + button.action.encode(),
    }
    match button.style:
        case Style.PLAIN:
            return built
        case Style.PRIMARY | Style.DANGER:
            return {**built, "style": button.style.value}
        case _:
            assert_never(button.style)


def _menu(menu: Menu, number: int) -> Json:
    return {
        "type": "static_select",
        "action_id": f"{PICK}{number}",
        "placeholder": rich.label(menu.prompt),
        "options": [
            {"text": rich.label(choice.label), "value": choice.action.encode()} for choice in menu.choices
        ],
    }
