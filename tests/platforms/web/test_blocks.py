"""Every word of a reply stands in its HTML, and nothing that was said becomes HTML."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.messaging.action import Action
from bot.messaging.blocks import (
    Button,
    Buttons,
    Choice,
    Facts,
    Heading,
    Menu,
    Paragraph,
    Table,
    TableGroup,
    TableRow,
)
from bot.messaging.reply import Form, SelectField, TextAreaField, TextField
from bot.messaging.spans import Code, Emphasis, Link, Strong, Text
from bot.platforms.web.blocks import render_blocks
from bot.platforms.web.forms import render_form
from bot.platforms.web.html import escape_text, render_element
from bot.service import Service
from tests.platforms.web.parsed_html import ParsedHtml

TEXTS = st.text(min_size=1, max_size=40).filter(lambda words: bool(words.strip()))


@given(TEXTS)
def test_words_stay_words(words: str) -> None:
    for span in (
        Text(words),
        Strong(words),
        Emphasis(words),
        Code(words),
        Link(words, "https://example.org"),
    ):
        heard = ParsedHtml("".join(render_blocks((Paragraph((span,)),))))
        assert set(heard.tags) <= {"p", "strong", "em", "code", "a", "bdi"}
        assert not heard.open_tags
        assert heard.text.replace(" https://example.org ", "") == " " + re.sub(
            "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", words
        )
        heard.text.encode()


@given(TEXTS, TEXTS)
def test_labels_and_names_stay_words(one: str, two: str) -> None:
    one, two = one[:34], two[:34]
    blocks = (
        Heading(one),
        Facts(((one, (Text(two),)),)),
        Table((one,), (TableGroup(two, (TableRow(one, ((Text(two),),)),)),)),
        Buttons((Button(one, Action("a")),)) if one.strip() else Heading("x"),
        Menu("pick", (Choice(two, Action("b")),)) if two.strip() else Heading("x"),
    )
    for block in blocks:
        heard = ParsedHtml("".join(render_blocks((block,))))
        assert not heard.open_tags
        assert not {"script", "img", "style", "iframe"} & set(heard.tags)


def test_an_attribute_cannot_be_left() -> None:
    html = render_element("p", "x", data_head='"><img src=x onerror=alert(1)>')
    assert ParsedHtml(html).tags == ["p"]


def test_direction_characters_move_only_their_own_words() -> None:
    (html,) = render_blocks((Paragraph((Text("No card called "), Text("\u202eevil"), Text(". Try help."))),))
    assert html == "<p>No card called <bdi>\u202eevil</bdi>. Try help.</p>"


def test_what_no_encoding_holds_is_replaced() -> None:
    assert escape_text("a\ud800b\0c\td\n") == "a\ufffdb\ufffdc\td\n"


def test_a_form_names_what_it_sends_back(service: Service) -> None:
    form = Form(
        "Your <offer>",
        (
            TextField("name", "Its name", initial='"quoted"'),
            TextAreaField("why", "Why?", "A hint & more", is_required=False),
            SelectField("pay", "Pay", (("1", "Little"), ("5", "Much")), initial="5"),
        ),
        Action("offers.one", ("a",)),
    )
    html = render_form(form, service.context)
    heard = ParsedHtml(html)
    assert not heard.open_tags
    assert [tag for tag in heard.tags if tag in ("input", "textarea", "select")] == [
        "input",
        "textarea",
        "select",
    ]
    for told in (
        'data-submit="offers.one:a"',
        'name="why"',
        "&quot;quoted&quot;",
        'value="5" selected',
        "A hint &amp; more",
    ):
        assert told in html
    assert html.count("required") == 2
    assert "(optional)" in html
    assert re.findall(r'for="([^"]+)"', html) == re.findall(r'<(?:input|textarea|select) id="([^"]+)"', html)
