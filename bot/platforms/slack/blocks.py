"""Every block of a reply as Block Kit, in plain dicts: building slack_sdk's models costs sixty times as much.

What can be pressed carries its whole action: a button in its `action_id` (`bot:compare.theme:…`), a menu's
line in its value, under an `action_id` of `pick:<n>`. So a button works after a restart and on any replica.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bot.messaging.blocks import (
    Bars,
    Block,
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Divider,
    Facts,
    Heading,
    Menu,
    Note,
    Paragraph,
    Quote,
    Table,
    TableRow,
)
from bot.messaging.plaintext import render_bar
from bot.messaging.reply import Reply
from bot.messaging.spans import Code, Span, Spans, Strong, Text, build_spans
from bot.platforms.slack import rich_text
from bot.platforms.slack.rich_text import JsonObject

ACTION_ID_PREFIX = "bot:"
MENU_ID_PREFIX = "pick:"

_EMPTY_CELL: JsonObject = {"type": "raw_text", "text": " "}  # Slack refuses a cell of no characters


def render_blocks(reply: Reply, block_id_prefix: str | None = None) -> list[JsonObject]:
    """The reply's blocks, at most 30.

    Args:
        own: marks every row of buttons as standing in the bot's own conversation with a person, where what
            is private may be posted; the payload of a click does not tell. Differs from message to message,
            since Slack wants new ids whenever one is updated.
    """
    return [_render_block(block, number, block_id_prefix) for number, block in enumerate(reply.blocks)]


def _render_block(block: Block, index: int, block_id_prefix: str | None) -> JsonObject:
    match block:
        case Heading(text):
            return {"type": "header", "text": rich_text.build_plain_text(text)}
        case Paragraph(run):
            return rich_text.build_block(rich_text.build_section(run))
        case Bullets(items):
            return rich_text.build_block(rich_text.build_list(items))
        case Facts(pairs):
            return rich_text.build_block(rich_text.build_section(tuple(_render_facts(pairs))))
        case Table():
            return _render_table(block)
        case Bars():
            return rich_text.build_block(rich_text.build_section(tuple(_render_bars(block))))
        case Quote(run):
            return rich_text.build_block(rich_text.build_quote(run))
        case Note(run):
            return rich_text.build_note(run)
        case Divider():
            return {"type": "divider"}
        case Buttons(buttons):
            return _render_actions([_render_button(button) for button in buttons], index, block_id_prefix)
        case Menu():
            return _render_actions([_render_menu(block, index)], index, block_id_prefix)
        case _:
            assert_never(block)


def _render_facts(pairs: tuple[tuple[str, Spans], ...]) -> Iterator[Span]:
    for index, (name, value) in enumerate(pairs):
        yield Strong(f"{name}:")
        yield Text(" ")
        yield from value
        if index < len(pairs) - 1:
            yield Text("\n")


def _render_bars(block: Bars) -> Iterator[Span]:
    for index, bar in enumerate(block.bars):
        yield Text(f"{bar.label}: ")
        yield Code(render_bar(bar.value, bar.maximum))
        yield Text(f" {bar.value}/{bar.maximum}" + ("\n" if index < len(block.bars) - 1 else ""))


def _render_table(table: Table) -> JsonObject:
    width = 1 + len(table.column_names)
    rows = [[_EMPTY_CELL, *(_render_bold_cell(name) for name in table.column_names)]]
    for group in table.groups:
        rows.append([_render_bold_cell(group.title), *[_EMPTY_CELL] * (width - 1)])
        rows += [_render_row(row) for row in group.rows]
    return {"type": "table", "rows": rows, "column_settings": [{"is_wrapped": True}] * width}


def _render_row(row: TableRow) -> list[JsonObject]:
    return [_render_cell(build_spans(row.name)), *(_render_cell(cell) for cell in row.cells)]


def _render_cell(spans: Spans) -> JsonObject:
    if all(isinstance(span, Text) for span in spans):
        text = "".join(span.text for span in spans)
        return {"type": "raw_text", "text": text} if text else _EMPTY_CELL
    return rich_text.build_block(rich_text.build_section(spans))


def _render_bold_cell(text: str) -> JsonObject:
    return rich_text.build_block(rich_text.build_section((Strong(text),)))


def _render_actions(elements: list[JsonObject], index: int, block_id_prefix: str | None) -> JsonObject:
    row: JsonObject = {"type": "actions", "elements": elements}
    return row if block_id_prefix is None else {**row, "block_id": f"{block_id_prefix}{index}"}


def _render_button(button: Button) -> JsonObject:
    built: JsonObject = {
        "type": "button",
        "text": rich_text.build_plain_text(button.label),
        "action_id": ACTION_ID_PREFIX + button.action.encode(),
    }
    match button.style:
        case ButtonStyle.PLAIN:
            return built
        case ButtonStyle.PRIMARY | ButtonStyle.DANGER:
            return {**built, "style": button.style.value}
        case _:
            assert_never(button.style)


def _render_menu(menu: Menu, index: int) -> JsonObject:
    return {
        "type": "static_select",
        "action_id": f"{MENU_ID_PREFIX}{index}",
        "placeholder": rich_text.build_plain_text(menu.prompt),
        "options": [
            {"text": rich_text.build_plain_text(choice.label), "value": choice.action.encode()}
            for choice in menu.choices
        ],
    }
