"""`/career export`: everything that is kept about whoever asks, as JSON, one object a line."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from bot.commands.command import Command, Context
from bot.commands.counters import get_tenant
from bot.errors import InvalidActionError
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Bullets, Button, Buttons, Heading, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import Code

_MAX_PAGE_LENGTH = 2_800  # characters of JSON in one message
_MAX_LINES = 25


def _export_data(request: Request, context: Context) -> Reply:
    match request.action.args:
        case ():
            start = 0
        case (digits,) if digits.isascii() and digits.isdigit() and len(digits) < 7:
            start = int(digits)
        case _:
            raise InvalidActionError("export carries at most the number of a line")
    texts = context.strings
    found = context.open_store().personal_data.load_rows(get_tenant(request), request.user.id)
    lines = [_format_row(table, row) for table, rows in found.items() for row in rows]
    if not lines:
        return Reply((Paragraph(texts("forget-me.nothing")),), texts.get_text("export.heading"))
    if start >= len(lines):  # rows went since the button was written: not "nothing", but from the beginning
        start = 0
    page = _take_page(lines[start:])
    blocks: list[Block] = [
        Heading(texts.get_text("export.heading")),
        Bullets(tuple((Code(line),) for line in page)),
        Note(texts("export.note", first=start + 1, last=start + len(page), n=len(lines))),
    ]
    if start + len(page) < len(lines):
        more = Button(texts.get_text("export.more.label"), Action("export", (str(start + len(page)),)))
        blocks.append(Buttons((more,)))
    return Reply(tuple(blocks), texts.get_text("export.heading"))


def _format_row(table: str, row: dict[str, Any]) -> str:
    return json.dumps({"kind": table, **row}, default=_encode_date, ensure_ascii=False)


def _encode_date(value: object) -> str:
    assert isinstance(value, date | datetime), f"no JSON for {value!r}"
    return value.isoformat()


def _take_page(lines: list[str]) -> list[str]:
    """As many lines from the first on as fit one message."""
    page: list[str] = []
    for line in lines[:_MAX_LINES]:
        if page and sum(map(len, page)) + len(line) > _MAX_PAGE_LENGTH:
            break
        page.append(line)
    return page


EXPORT = Command(name="export", handler=_export_data, uses_store=True)
"""A line is a whole JSON object, so each can be read where a message ends."""
