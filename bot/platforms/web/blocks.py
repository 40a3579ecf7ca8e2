"""The blocks of a reply as HTML. The page's script only inserts what is written here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from bot.messaging.blocks import (
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
from bot.messaging.plaintext import render_bar
from bot.messaging.spans import ChannelMention, Code, Emphasis, Link, Span, Spans, Strong, Text
from bot.platforms.web.html import Html, escape_text, join_html, render_element

# Right-to-left letters and the characters that turn the direction: they may only move their own span.
_BIDI_CHARS = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def render_blocks(blocks: tuple[Block, ...]) -> Iterator[Html]:
    """Each block; a menu stands open when it is all there is to press."""
    opened = not any(isinstance(block, Buttons) for block in blocks)
    for block in blocks:
        yield _render_block(block, is_open=opened)


def _render_block(block: Block, *, is_open: bool) -> Html:
    """One block; the words of `plain` all stand in it."""
    match block:
        case Heading(words):
            return render_element("h3", words)
        case Paragraph(spans):
            return render_element("p", render_spans(spans))
        case Bullets(items):
            return render_element("ul", *(render_element("li", render_spans(item)) for item in items))
        case Facts(pairs):
            return render_element("dl", *(_render_fact(name, spans) for name, spans in pairs), class_="facts")
        case Table():
            return _render_table(block)
        case Bars(bars):
            return render_element("ul", *map(_render_bar, bars), class_="bars")
        case Quote(spans):
            return render_element("blockquote", render_element("p", render_spans(spans)))
        case Note(spans):
            return render_element("p", render_spans(spans), class_="note")
        case Divider():
            return render_element("hr")
        case Buttons(buttons):
            return render_element("div", *map(_render_control, buttons), class_="buttons")
        case Menu():
            return _render_menu(block, is_open=is_open)
        case _:
            assert_never(block)


def render_spans(spans: Spans) -> Html:
    """A sentence with its style."""
    return join_html(*map(_render_span, spans))


def _render_span(span: Span) -> Html:
    match span:
        case Text(words):
            return _isolate_bidi(words)
        case Strong(words):
            return render_element("strong", _isolate_bidi(words))
        case Emphasis(words):
            return render_element("em", _isolate_bidi(words))
        case Code(words):
            return render_element("code", _isolate_bidi(words))
        case Link(label, url):
            return render_element(
                "a", _isolate_bidi(label), href=url, target="_blank", rel="noopener noreferrer"
            )
        case ChannelMention():
            return escape_text(span.text)
        case _:
            assert_never(span)


def _isolate_bidi(words: str) -> Html:
    return render_element("bdi", words) if _BIDI_CHARS.search(words) else escape_text(words)


def _render_fact(name: str, spans: Spans) -> Html:
    return render_element("div", render_element("dt", name), render_element("dd", render_spans(spans)))


def _render_control(control: Button | Choice) -> Html:
    style = control.style.value if isinstance(control, Button) else None
    return render_element(
        "button", control.label, type="button", class_=style, data_action=control.action.encode()
    )


def _render_menu(menu: Menu, *, is_open: bool) -> Html:
    choices = render_element("div", *map(_render_control, menu.choices), class_="choices")
    return render_element(
        "details", render_element("summary", menu.prompt), choices, class_="menu", open=is_open
    )


def _render_bar(measure: Bar) -> Html:
    value, most = measure.value, measure.maximum
    drawn = render_element(
        "meter",
        render_bar(value, most),
        min=0,
        max=most or 1,
        value=value,
        aria_label=measure.label,
    )
    return render_element(
        "li",
        render_element("span", measure.label, class_="label"),
        drawn,
        render_element("span", f"{value}/{most}", class_="value"),
    )


def _render_table(table: Table) -> Html:
    """Roles are told, since on a narrow screen the cells are stacked and browsers then forget the table."""
    head = render_element(
        "thead",
        render_element(
            "tr",
            render_element("td", role="cell"),
            *(render_element("th", name, scope="col", role="columnheader") for name in table.column_names),
            role="row",
        ),
        role="rowgroup",
    )
    return render_element(
        "table",
        head,
        *_render_groups(table),
        class_="comparison",
        role="table",
        data_columns=len(table.column_names),
    )


def _render_groups(table: Table) -> list[Html]:
    bodies = []
    for group in table.groups:
        title = render_element(
            "th",
            group.title,
            scope="rowgroup",
            role="rowheader",
            colspan=len(table.column_names) + 1,
            class_="group",
        )
        rows = [render_element("tr", title, role="row")]
        for row in group.rows:
            cells = (
                render_element("td", render_element("div", render_spans(cell)), role="cell", data_head=head)
                for head, cell in zip(table.column_names, row.cells, strict=True)
            )
            rows.append(
                render_element(
                    "tr", render_element("th", row.name, scope="row", role="rowheader"), *cells, role="row"
                )
            )
        bodies.append(render_element("tbody", *rows, role="rowgroup"))
    return bodies
