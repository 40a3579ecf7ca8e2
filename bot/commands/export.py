"""`/career export`: everything that is kept about whoever asks, as JSON, one object a line."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from bot.commands.command import Command, Context
from bot.commands.ledger import community_of
from bot.errors import InvalidActionError
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Bullets, Button, Buttons, Heading, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import Code

_PAGE = 2_800  # characters of JSON in one message
_LINES = 25


def _answer(request: Request, context: Context) -> Reply:
    match request.action.args:
        case ():
            start = 0
        case (digits,) if digits.isascii() and digits.isdigit() and len(digits) < 7:
            start = int(digits)
        case _:
            raise InvalidActionError("export carries at most the number of a line")
    texts = context.texts
    found = context.store.personal_data.load_rows(community_of(request), request.user.id)
    lines = [_line(table, row) for table, rows in found.items() for row in rows]
    if not lines:
        return Reply((Paragraph(texts("forget-me.nothing")),), texts.words("export.heading"))
    if start >= len(lines):  # rows went since the button was written: not "nothing", but from the beginning
        start = 0
    page = _page(lines[start:])
    blocks: list[Block] = [
        Heading(texts.words("export.heading")),
        Bullets(tuple((Code(line),) for line in page)),
        Note(texts("export.note", first=start + 1, last=start + len(page), n=len(lines))),
    ]
    if start + len(page) < len(lines):
        more = Button(texts.words("export.more.label"), Action("export", (str(start + len(page)),)))
        blocks.append(Buttons((more,)))
    return Reply(tuple(blocks), texts.words("export.heading"))


def _line(table: str, row: dict[str, Any]) -> str:
    return json.dumps({"kind": table, **row}, default=_as_text, ensure_ascii=False)


def _as_text(value: object) -> str:
    assert isinstance(value, date | datetime), f"no JSON for {value!r}"
    return value.isoformat()


def _page(lines: list[str]) -> list[str]:
    """As many lines from the first on as fit one message."""
    page: list[str] = []
    for line in lines[:_LINES]:
        if page and sum(map(len, page)) + len(line) > _PAGE:
            break
        page.append(line)
    return page


EXPORT = Command(name="export", answer=_answer, store=True)
"""A line is a whole JSON object, so each can be read where a message ends."""
