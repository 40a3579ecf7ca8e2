"""Sample replies and forms, which every renderer must show: every block, style, place and field.

Used by the contract tests, `career-bot gallery` and the web preview. The texts contain characters that some
platform would take for markup.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.messaging.action import Action
from bot.messaging.blocks import (
    Bar,
    Bars,
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Choice,
    Divider,
    Facts,
    Heading,
    Menu,
    Note,
    Paragraph,
    Quote,
    Table,
    TableGroup,
    TableRow,
)
from bot.messaging.reply import (
    Audience,
    DirectMessage,
    Form,
    PrivateThread,
    PublicThread,
    Reply,
    ReplyOutcome,
    SelectField,
    TextAreaField,
    TextField,
)
from bot.messaging.spans import ChannelMention, Code, Emphasis, Link, Strong, Text, build_spans

HOSTILE_TEXT = (
    "@everyone <!channel> <@U123> <#C9> <https://evil.test|click> *bold* _it_ ~no~ `code` ||spoiler|| &amp;"
)
"""Text a person might type to make a platform notify, link or format; it must be shown unchanged."""

_STYLED_SPANS = build_spans(
    "Words with ", Strong("weight"), ", ", Emphasis("colour"), ", a ", Code("/command"), " and ",
    Link("a way out", "https://example.org/a?b=c&d=(e)"), ".",
)  # fmt: skip


def build_sample_replies() -> Mapping[str, Reply]:
    """Return sample replies by name; together they contain every block, span, style and placement."""
    return {
        "prose": _build_reply(
            Heading("A heading & its <friends>"), Paragraph(_STYLED_SPANS), Divider(),
            Quote(_STYLED_SPANS), Note(_STYLED_SPANS),
        ),
        "lists": _build_reply(
            Bullets((build_spans("One"), _STYLED_SPANS, build_spans("Three"))),
            Facts((("Good for", build_spans("People who read.")), ("Not for", _STYLED_SPANS))),
        ),
        "channel": _build_reply(
            Heading("A place"), Paragraph(build_spans("It comes to ", ChannelMention("C0123ABC"), " every day.")),
            Bullets((build_spans(ChannelMention("C0123ABC")),)),
            Note(build_spans("Not to ", ChannelMention("1234567890"), ".")),
        ),
        "comparison": _build_reply(Heading("Side by side"), _build_table(), _build_buttons(4)),
        "bars": _build_reply(Bars((Bar("Finding out", 62, 100), Bar("Making it run", 0, 100), Bar("All", 5, 5)))),
        "buttons": _build_reply(Paragraph(build_spans("Ten buttons.")), _build_buttons(10)),
        "menu": _build_reply(
            Paragraph(build_spans("Twenty-five lines.")),
            Menu("Pick one", tuple(Choice(f"Nr {n}", Action("gallery.pick", (f"{n}",))) for n in range(25))),
        ),
        "hostile": _build_reply(
            Heading(HOSTILE_TEXT), Paragraph(build_spans(HOSTILE_TEXT, Strong(HOSTILE_TEXT))),
            Bullets((build_spans(HOSTILE_TEXT),)),
            Facts(((HOSTILE_TEXT, build_spans(HOSTILE_TEXT)),)), Quote(build_spans(Emphasis(HOSTILE_TEXT))),
            Note((Text(HOSTILE_TEXT),)),
        ),
        "scripts": _build_reply(
            Paragraph(build_spans("\u202eright to left\u202c עברית العربية zero\u200bwidth 👩🏽‍🔬"))
        ),
        "longest": _build_reply(Heading("h" * 150), *(Paragraph(build_spans("word " * 130)) for _ in range(5))),
        "miss": _build_reply(Paragraph(build_spans("No card on that.")), outcome=ReplyOutcome.NO_MATCH),
        "shared": _build_reply(Paragraph(build_spans("Everyone reads this.")), audience=Audience.EVERYONE),
        "direct": _build_reply(Paragraph(build_spans("In your own messages.")), placement=DirectMessage()),
        "thread": _build_reply(
            Paragraph(build_spans("In a thread.")), placement=PublicThread("A thread"), audience=Audience.EVERYONE
        ),
        "private thread": _build_reply(
            Paragraph(build_spans("In a private thread.")), _build_buttons(2), placement=PrivateThread("A check")
        ),
        "replaced": _build_reply(
            Paragraph(build_spans("In place of what was clicked.")), _build_buttons(1), replace_original=True
        ),
    }  # fmt: skip


def build_sample_forms() -> Mapping[str, Form]:
    """Return sample forms by name; together they contain every kind of field."""
    when = SelectField("when", "When", (("daily", "Every day"), ("monday", "Mondays")), initial="monday")
    return {
        "one line": Form(
            "Ask", (TextField("question", "Your question", "As to a colleague."),), Action("gallery.submit")
        ),
        "every field": Form(
            "Every kind of field",
            (
                TextField("name", "A name", initial="Ann & <Bob>", is_required=False, max_length=80),
                TextAreaField("story", "A story", "Several lines.", max_length=500),
                when,
            ),
            Action("gallery.submit", ("all",)),
        ),
    }


def _build_reply(
    *blocks: Heading | Paragraph | Bullets | Facts | Table | Bars | Quote | Note | Divider | Buttons | Menu,
    audience: Audience = Audience.ASKER,
    placement: DirectMessage | PublicThread | PrivateThread | None = None,
    replace_original: bool = False,
    outcome: ReplyOutcome = ReplyOutcome.ANSWERED,
) -> Reply:
    if placement is None:
        return Reply(blocks, "A sample", audience, replace_original=replace_original, outcome=outcome)
    return Reply(blocks, "A sample", audience, placement, replace_original, outcome)


def _build_buttons(count: int) -> Buttons:
    styles = tuple(ButtonStyle)
    return Buttons(
        tuple(
            Button(f"Button {n} & more", Action("gallery.press", (str(n),)), styles[n % len(styles)])
            for n in range(count)
        )
    )


def _build_table() -> Table:
    cells = (
        build_spans("Little; others can step in"),
        build_spans("Much, ", Emphasis("(strongest)")),
        _STYLED_SPANS,
    )
    return Table(
        ("Big tech", "Biotech", "Academia"),
        (
            TableGroup(
                "Collaboration & roles", (TableRow("Is it yours?", cells), TableRow("Who with?", cells))
            ),
            TableGroup("Data", (TableRow("Can it be made?", cells),)),
        ),
    )
