"""Whatever the bot can say fits Discord, says as much there as in plain text, and pings nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.blocks import Buttons, Menu, Paragraph
from bot.dialogue.gallery import HOSTILE, forms, gallery
from bot.dialogue.plain import plain
from bot.dialogue.reply import Form, Reply, presses
from bot.dialogue.spans import Code, Emphasis, Link, Strong, Text, spans
from bot.platforms.discord.markdown import escaped, markdown
from bot.platforms.discord.modals import modal
from bot.platforms.discord.render import layout, payload
from bot.service import Service
from tests.chat import Chat
from tests.platforms.discord.rules import BUTTON, SELECT, TEXT, faults_of_message, faults_of_modal, walk

LIVE = re.compile(
    r"(?<!\\)(<[@#/:atid]|@everyone|@here|\*|_|~~|\|\||`)|(?<![\\(<])\b(https?)://", re.IGNORECASE
)
"""What Discord would make more of than the characters themselves."""


def unescaped(shown: str) -> str:
    """What a person sees: a backslash before punctuation is gone."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", shown)


def said(components: list[dict[str, Any]]) -> str:
    """The words of a message as a person reads them."""
    words: list[str] = []
    for part in walk(components):
        if part["type"] == TEXT:
            words.append(unescaped(part["content"]))
        elif part["type"] == BUTTON:
            words.append(part["label"])
        elif part["type"] == SELECT:
            words += [part["placeholder"], *(option["label"] for option in part["options"])]
    return " ".join(words)


def letters(text: str) -> set[str]:
    """The words, without the marks around them."""
    return set(re.findall(r"[\w%é]+", text.casefold()))


def holds(reply: Reply) -> None:
    components = payload(reply)
    assert faults_of_message(components) == []
    missing = letters(plain(reply)) - letters(said(components))
    assert not missing, f"Discord does not say {missing}"


@pytest.mark.parametrize("name", gallery())
def test_every_shape_fits_and_says_everything(name: str) -> None:
    holds(gallery()[name])


@pytest.mark.parametrize("name", forms())
def test_every_form_fits(name: str) -> None:
    assert faults_of_modal(modal(forms()[name]).to_dict()) == []


def test_every_action_of_the_gallery_comes_back_from_its_id() -> None:
    for reply in gallery().values():
        ids = [part["custom_id"] for part in walk(payload(reply)) if part["type"] == BUTTON]
        values = [
            option["value"]
            for part in walk(payload(reply))
            if part["type"] == SELECT
            for option in part["options"]
        ]
        assert [*(one.removeprefix("bot:") for one in ids), *values] == _in_order(reply)


def test_everything_that_can_be_pressed_finds_its_way_by_its_id_alone() -> None:
    """discord.py keeps plain components in memory for ever, and forgets them at a restart."""
    for reply in gallery().values():
        pressable = [item for item in layout(reply).walk_children() if item.is_dispatchable()]
        rows = [item for item in pressable if isinstance(item, ui.ActionRow)]
        assert all(isinstance(item, ui.DynamicItem) for item in pressable if item not in rows)


def _in_order(reply: Reply) -> list[str]:
    buttons = [
        b.action.encode() for block in reply.blocks if isinstance(block, Buttons) for b in block.buttons
    ]
    choices = [c.action.encode() for block in reply.blocks if isinstance(block, Menu) for c in block.choices]
    assert len(buttons) + len(choices) == len(list(presses(reply.blocks)))
    return buttons + choices


def test_what_a_person_typed_comes_out_as_these_very_characters() -> None:
    shown = escaped(HOSTILE)
    assert unescaped(shown) == HOSTILE
    assert not LIVE.search(shown)


@given(st.text(alphabet=st.sampled_from("ab1 <@!#&>*_~`|[]()\\/:-+.#\n@everyonehttps"), max_size=60))
def test_no_text_of_a_person_is_live_and_none_of_it_is_lost(text: str) -> None:
    shown = markdown((Text(text),))
    assert unescaped(shown) == text
    assert not LIVE.search(re.sub(r"\\[^0-9A-Za-z\s]", "", shown))


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (Strong("bold *x*"), r"**bold \*x\***"),
        (Emphasis(" spaced "), " *spaced* "),
        (Code("/career"), "`/career`"),
        (Code("a `tick`"), "`` a `tick` ``"),
        (Link("a way", "https://example.org/(a b)?c=d"), "[a way](<https://example.org/(a%20b)?c=d>)"),
        (Link("https://example.org", "https://example.org"), "<https://example.org>"),
    ],
)
def test_style_is_discords(span: Any, shown: str) -> None:
    assert markdown((span,)) == shown


@pytest.mark.parametrize(
    "line", ["1. first", "# head", "> quote", "- item", "  -# small", "12) twelve", "+ x"]
)
def test_a_line_does_not_become_a_list_a_heading_or_a_quote(line: str) -> None:
    assert escaped(line) != line
    assert unescaped(escaped(line)) == line


def test_every_card_and_comparison_fits(service: Service) -> None:
    chat = Chat(service)
    for card in service.context.library.cards:
        holds(chat.say(f"card {card}").reply)
    for comparison in service.context.library.comparisons.values():
        options = " ".join(option.name for option in comparison.options.values())
        shown = chat.say(f"compare {options}").reply
        holds(shown)
        for press in presses(shown.blocks):
            if press.action.name == "compare.theme":
                holds(chat.do(press.action).reply)


@pytest.mark.parametrize("line", ["help", "browse", "privacy", "zzzz qqqq", "card no such card at all"])
def test_every_command_fits(service: Service, line: str) -> None:
    answer = Chat(service).say(line).answer
    if isinstance(answer, Form):
        assert faults_of_modal(modal(answer).to_dict()) == []
    else:
        assert answer is not None
        holds(answer)


def test_the_rules_find_what_does_not_fit() -> None:
    """The rules themselves: each planted fault is named."""
    long = {"type": 10, "content": "x" * 4_001}
    twice = {"type": 1, "components": [{"type": 2, "label": "a", "style": 2, "custom_id": "bot:a"}] * 2}
    assert any("4001 characters" in fault for fault in faults_of_message([long]))
    assert any("twice" in fault for fault in faults_of_message([twice]))
    assert any("components" in fault for fault in faults_of_message([{"type": 14}] * 41))
    mapping: Mapping[str, Any] = {"title": "x" * 46, "custom_id": "a", "components": []}
    assert len(faults_of_modal(dict(mapping))) == 2


def test_a_reply_at_the_models_bound_still_fits() -> None:
    full = Reply(tuple(Paragraph(spans("a * " + "word " * 100)) for _ in range(6)), "Full")
    assert faults_of_message(payload(full)) == []
