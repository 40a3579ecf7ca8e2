"""`/career export`: everything that is stored about the person, as JSON, one object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from bot.commands.command import Command, Context
from bot.commands.counters import get_tenant
from bot.commands.inputs import parse_number, with_args
from bot.messaging.action import Action
from bot.messaging.blocks import Block, Bullets, Button, Buttons, Heading, Note, Paragraph
from bot.messaging.reply import Reply
from bot.messaging.request import Request
from bot.messaging.spans import Code

_MAX_PAGE_LENGTH = 2_800  # characters of JSON in one message
_MAX_LINES = 25


@dataclass(frozen=True, slots=True)
class ExportArgs:
    """The first line of a page of the export, counted from 0."""

    start: int = 0

    def encode(self) -> tuple[str, ...]:
        """Return the number of the line; nothing for the first."""
        return (str(self.start),) if self.start else ()

    @classmethod
    def decode(cls, args: tuple[str, ...]) -> Self | None:
        """Read what `encode` wrote; `0` is understood too."""
        match args:
            case ():
                return cls()
            case (digits,) if (start := parse_number(digits, max_digits=6)) is not None:
                return cls(start)
            case _:
                return None


def _export_data(request: Request, args: ExportArgs, context: Context) -> Reply:
    start = args.start
    texts = context.strings
    rows_by_table = context.open_store().personal_data.load_rows(get_tenant(request), request.user.id)
    lines = [_format_row(table, row) for table, rows in rows_by_table.items() for row in rows]
    if not lines:
        return Reply((Paragraph(texts("forget-me.nothing")),), texts.get_text("export.heading"))
    if start >= len(
        lines
    ):  # rows were deleted since the button was written: show the first page, not "nothing"
        start = 0
    page = _take_page(lines[start:])
    blocks: list[Block] = [
        Heading(texts.get_text("export.heading")),
        Bullets(tuple((Code(line),) for line in page)),
        Note(texts("export.note", first=start + 1, last=start + len(page), n=len(lines))),
    ]
    if start + len(page) < len(lines):
        next_page = ExportArgs(start + len(page))
        more = Button(texts.get_text("export.more.label"), Action("export", next_page.encode()))
        blocks.append(Buttons((more,)))
    return Reply(tuple(blocks), texts.get_text("export.heading"))


def _format_row(table: str, row: dict[str, Any]) -> str:
    return json.dumps({"kind": table, **row}, default=_encode_date, ensure_ascii=False)


def _encode_date(value: object) -> str:
    assert isinstance(value, date | datetime), f"no JSON for {value!r}"
    return value.isoformat()


def _take_page(lines: list[str]) -> list[str]:
    """Return as many lines, from the first on, as fit one message."""
    page: list[str] = []
    for line in lines[:_MAX_LINES]:
        if page and sum(map(len, page)) + len(line) > _MAX_PAGE_LENGTH:
            break
        page.append(line)
    return page


EXPORT = Command(name="export", handler=with_args(ExportArgs, _export_data), uses_store=True)
