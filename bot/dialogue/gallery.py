"""One reply of each shape the model knows, and one form of each field: what every renderer must show.

Feeds the contract tests, `career-bot gallery` and the page's preview. The words are samples for authors and
developers, with the characters that tempt a renderer into markup.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.action import Action
from bot.dialogue.blocks import (
    Bar,
    Bars,
    Bullets,
    Button,
    Buttons,
    Choice,
    Divider,
    Facts,
    Group,
    Heading,
    Menu,
    Note,
    Paragraph,
    Quote,
    Row,
    Style,
    Table,
)
from bot.dialogue.reply import (
    Area,
    Audience,
    Direct,
    Form,
    Line,
    Outcome,
    Pick,
    PrivateThread,
    Reply,
    Thread,
)
from bot.dialogue.spans import Channel, Code, Emphasis, Link, Strong, Text, spans

HOSTILE = (
    "@everyone <!channel> <@U123> <#C9> <https://evil.test|click> *bold* _it_ ~no~ `code` ||spoiler|| &amp;"
)
"""What a person might type to make a platform ping, link or format; comes out as these very characters."""

_STYLED = spans(
    "Words with ", Strong("weight"), ", ", Emphasis("colour"), ", a ", Code("/command"), " and ",
    Link("a way out", "https://example.org/a?b=c&d=(e)"), ".",
)  # fmt: skip


def gallery() -> Mapping[str, Reply]:
    """Replies by the name of what each shows; together they hold every block, span, style and destination."""
    return {
        "prose": _reply(
            Heading("A heading & its <friends>"), Paragraph(_STYLED), Divider(), Quote(_STYLED), Note(_STYLED)
        ),
        "lists": _reply(
            Bullets((spans("One"), _STYLED, spans("Three"))),
            Facts((("Good for", spans("People who read.")), ("Not for", _STYLED))),
        ),
        "channel": _reply(
            Heading("A place"), Paragraph(spans("It comes to ", Channel("C0123ABC"), " every day.")),
            Bullets((spans(Channel("C0123ABC")),)), Note(spans("Not to ", Channel("1234567890"), ".")),
        ),
        "comparison": _reply(Heading("Side by side"), _table(), _buttons(4)),
        "bars": _reply(Bars((Bar("Finding out", 62, 100), Bar("Making it run", 0, 100), Bar("All", 5, 5)))),
        "buttons": _reply(Paragraph(spans("Ten buttons.")), _buttons(10)),
        "menu": _reply(
            Paragraph(spans("Twenty-five lines.")),
            Menu("Pick one", tuple(Choice(f"Nr {n}", Action("gallery.pick", (f"{n}",))) for n in range(25))),
        ),
        "hostile": _reply(
            Heading(HOSTILE), Paragraph(spans(HOSTILE, Strong(HOSTILE))), Bullets((spans(HOSTILE),)),
            Facts(((HOSTILE, spans(HOSTILE)),)), Quote(spans(Emphasis(HOSTILE))), Note((Text(HOSTILE),)),
        ),
        "scripts": _reply(Paragraph(spans("\u202eright to left\u202c עברית العربية zero\u200bwidth 👩🏽‍🔬"))),
        "longest": _reply(Heading("h" * 150), *(Paragraph(spans("word " * 130)) for _ in range(5))),
        "miss": _reply(Paragraph(spans("No card on that.")), outcome=Outcome.MISSED),
        "shared": _reply(Paragraph(spans("Everyone reads this.")), audience=Audience.EVERYONE),
        "direct": _reply(Paragraph(spans("In your own messages.")), place=Direct()),
        "thread": _reply(
            Paragraph(spans("In a thread.")), place=Thread("A thread"), audience=Audience.EVERYONE
        ),
        "private thread": _reply(
            Paragraph(spans("In a private thread.")), _buttons(2), place=PrivateThread("A check")
        ),
        "replaced": _reply(Paragraph(spans("In place of what was clicked.")), _buttons(1), replace=True),
    }  # fmt: skip


def forms() -> Mapping[str, Form]:
    """Forms by the name of what each shows; together they hold every kind of field."""
    when = Pick("when", "When", (("daily", "Every day"), ("monday", "Mondays")), initial="monday")
    return {
        "one line": Form(
            "Ask", (Line("question", "Your question", "As to a colleague."),), Action("gallery.submit")
        ),
        "every field": Form(
            "Every kind of field",
            (
                Line("name", "A name", initial="Ann & <Bob>", required=False, most=80),
                Area("story", "A story", "Several lines.", most=500),
                when,
            ),
            Action("gallery.submit", ("all",)),
        ),
    }


def _reply(
    *blocks: Heading | Paragraph | Bullets | Facts | Table | Bars | Quote | Note | Divider | Buttons | Menu,
    audience: Audience = Audience.ASKER,
    place: Direct | Thread | PrivateThread | None = None,
    replace: bool = False,
    outcome: Outcome = Outcome.ANSWERED,
) -> Reply:
    if place is None:
        return Reply(blocks, "A sample", audience, replace=replace, outcome=outcome)
    return Reply(blocks, "A sample", audience, place, replace, outcome)


def _buttons(number: int) -> Buttons:
    styles = tuple(Style)
    return Buttons(
        tuple(
            Button(f"Button {n} & more", Action("gallery.press", (str(n),)), styles[n % len(styles)])
            for n in range(number)
        )
    )


def _table() -> Table:
    cells = (spans("Little; others can step in"), spans("Much, ", Emphasis("(strongest)")), _STYLED)
    return Table(
        ("Big tech", "Biotech", "Academia"),
        (
            Group("Collaboration & roles", (Row("Is it yours?", cells), Row("Who with?", cells))),
            Group("Data", (Row("Can it be made?", cells),)),
        ),
    )
