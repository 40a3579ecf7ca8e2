"""The blocks of a reply as HTML. The page's script only inserts what is written here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from bot.dialogue.blocks import (
    Bar,
    Bars,
    Block,
    Bullets,
    Button,
    Buttons,
    Choice,
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
from bot.dialogue.spans import Channel, Code, Emphasis, Link, Span, Spans, Strong, Text
from bot.platforms.web.html import Html, element, join, text

# Right-to-left letters and the characters that turn the direction: they may only move their own span.
_TURNS = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def blocks_html(blocks: tuple[Block, ...]) -> Iterator[Html]:
    """Each block; a menu stands open when it is all there is to press."""
    opened = not any(isinstance(block, Buttons) for block in blocks)
    for block in blocks:
        yield _block(block, opened=opened)


def _block(block: Block, *, opened: bool) -> Html:
    """One block; the words of `plain` all stand in it."""
    match block:
        case Heading(words):
            return element("h3", words)
        case Paragraph(spans):
            return element("p", spans_html(spans))
        case Bullets(items):
            return element("ul", *(element("li", spans_html(item)) for item in items))
        case Facts(pairs):
            return element("dl", *(_fact(name, spans) for name, spans in pairs), class_="facts")
        case Table():
            return _table(block)
        case Bars(bars):
            return element("ul", *map(_bar, bars), class_="bars")
        case Quote(spans):
            return element("blockquote", element("p", spans_html(spans)))
        case Note(spans):
            return element("p", spans_html(spans), class_="note")
        case Divider():
            return element("hr")
        case Buttons(buttons):
            return element("div", *map(_press, buttons), class_="buttons")
        case Menu():
            return _menu(block, opened=opened)
        case _:
            assert_never(block)


def spans_html(spans: Spans) -> Html:
    """A sentence with its style."""
    return join(*map(_span, spans))


def _span(span: Span) -> Html:
    match span:
        case Text(words):
            return _turned(words)
        case Strong(words):
            return element("strong", _turned(words))
        case Emphasis(words):
            return element("em", _turned(words))
        case Code(words):
            return element("code", _turned(words))
        case Link(label, url):
            return element("a", _turned(label), href=url, target="_blank", rel="noopener noreferrer")
        case Channel():
            return text(span.text)
        case _:
            assert_never(span)


def _turned(words: str) -> Html:
    return element("bdi", words) if _TURNS.search(words) else text(words)


def _fact(name: str, spans: Spans) -> Html:
    return element("div", element("dt", name), element("dd", spans_html(spans)))


def _press(press: Button | Choice) -> Html:
    style = press.style.value if isinstance(press, Button) else None
    return element("button", press.label, type="button", class_=style, data_action=press.action.encode())


def _menu(menu: Menu, *, opened: bool) -> Html:
    choices = element("div", *map(_press, menu.choices), class_="choices")
    return element("details", element("summary", menu.prompt), choices, class_="menu", open=opened)


def _bar(measure: Bar) -> Html:
    value, most = measure.value, measure.most
    drawn = element(
        "meter",
        bar(value, most),
        min=0,
        max=most or 1,
        value=value,
        aria_label=measure.label,
    )
    return element(
        "li",
        element("span", measure.label, class_="label"),
        drawn,
        element("span", f"{value}/{most}", class_="value"),
    )


def _table(table: Table) -> Html:
    """Roles are told, since on a narrow screen the cells are stacked and browsers then forget the table."""
    head = element(
        "thead",
        element(
            "tr",
            element("td", role="cell"),
            *(element("th", name, scope="col", role="columnheader") for name in table.head),
            role="row",
        ),
        role="rowgroup",
    )
    return element(
        "table", head, *_groups(table), class_="comparison", role="table", data_columns=len(table.head)
    )


def _groups(table: Table) -> list[Html]:
    bodies = []
    for group in table.groups:
        title = element(
            "th", group.title, scope="rowgroup", role="rowheader", colspan=len(table.head) + 1, class_="group"
        )
        rows = [element("tr", title, role="row")]
        for row in group.rows:
            cells = (
                element("td", element("div", spans_html(cell)), role="cell", data_head=head)
                for head, cell in zip(table.head, row.cells, strict=True)
            )
            rows.append(
                element("tr", element("th", row.name, scope="row", role="rowheader"), *cells, role="row")
            )
        bodies.append(element("tbody", *rows, role="rowgroup"))
    return bodies
