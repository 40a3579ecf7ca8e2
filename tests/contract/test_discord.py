"""Whatever the bot can say fits Discord, says as much there as in plain text, and pings nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.messaging.blocks import Buttons, Menu, Paragraph
from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Form, Reply, iter_controls
from bot.messaging.samples import HOSTILE_TEXT, build_sample_forms, build_sample_replies
from bot.messaging.spans import Code, Emphasis, Link, Strong, Text, build_spans
from bot.platforms.discord.markdown import escape, render_spans
from bot.platforms.discord.modals import build_modal
from bot.platforms.discord.render import build_payload, render_reply
from bot.service import Service
from tests.chat import Chat
from tests.platforms.discord.api_validation import (
    BUTTON,
    SELECT,
    TEXT,
    find_message_errors,
    find_modal_errors,
    iter_components,
)

ACTIVE_MARKUP = re.compile(
    r"(?<!\\)(<[@#/:atid]|@everyone|@here|\*|_|~~|\|\||`)|(?<![\\(<])\b(https?)://", re.IGNORECASE
)
"""What Discord would make more of than the characters themselves."""


def unescape(text: str) -> str:
    """What a person sees: a backslash before punctuation is gone."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


def read_text(components: list[dict[str, Any]]) -> str:
    """The words of a message as a person reads them."""
    words: list[str] = []
    for part in iter_components(components):
        if part["type"] == TEXT:
            words.append(unescape(part["content"]))
        elif part["type"] == BUTTON:
            words.append(part["label"])
        elif part["type"] == SELECT:
            words += [part["placeholder"], *(option["label"] for option in part["options"])]
    return " ".join(words)


def split_words(text: str) -> set[str]:
    """The words, without the marks around them."""
    return set(re.findall(r"[\w%é]+", text.casefold()))


def check_reply(reply: Reply) -> None:
    components = build_payload(reply)
    assert find_message_errors(components) == []
    missing = split_words(render_plain(reply)) - split_words(read_text(components))
    assert not missing, f"Discord does not say {missing}"


@pytest.mark.parametrize("name", build_sample_replies())
def test_every_shape_fits_and_says_everything(name: str) -> None:
    check_reply(build_sample_replies()[name])


@pytest.mark.parametrize("name", build_sample_forms())
def test_every_form_fits(name: str) -> None:
    assert find_modal_errors(build_modal(build_sample_forms()[name]).to_dict()) == []


def test_every_action_of_the_gallery_comes_back_from_its_id() -> None:
    for reply in build_sample_replies().values():
        ids = [part["custom_id"] for part in iter_components(build_payload(reply)) if part["type"] == BUTTON]
        values = [
            option["value"]
            for part in iter_components(build_payload(reply))
            if part["type"] == SELECT
            for option in part["options"]
        ]
        assert [*(one.removeprefix("bot:") for one in ids), *values] == _list_action_ids(reply)


def test_everything_that_can_be_pressed_finds_its_way_by_its_id_alone() -> None:
    """discord.py keeps plain components in memory for ever, and forgets them at a restart."""
    for reply in build_sample_replies().values():
        pressable = [item for item in render_reply(reply).walk_children() if item.is_dispatchable()]
        rows = [item for item in pressable if isinstance(item, ui.ActionRow)]
        assert all(isinstance(item, ui.DynamicItem) for item in pressable if item not in rows)


def _list_action_ids(reply: Reply) -> list[str]:
    buttons = [
        b.action.encode() for block in reply.blocks if isinstance(block, Buttons) for b in block.buttons
    ]
    choices = [c.action.encode() for block in reply.blocks if isinstance(block, Menu) for c in block.choices]
    assert len(buttons) + len(choices) == len(list(iter_controls(reply.blocks)))
    return buttons + choices


def test_what_a_person_typed_comes_out_as_these_very_characters() -> None:
    shown = escape(HOSTILE_TEXT)
    assert unescape(shown) == HOSTILE_TEXT
    assert not ACTIVE_MARKUP.search(shown)


@given(st.text(alphabet=st.sampled_from("ab1 <@!#&>*_~`|[]()\\/:-+.#\n@everyonehttps"), max_size=60))
def test_no_text_of_a_person_is_live_and_none_of_it_is_lost(text: str) -> None:
    shown = render_spans((Text(text),))
    assert unescape(shown) == text
    assert not ACTIVE_MARKUP.search(re.sub(r"\\[^0-9A-Za-z\s]", "", shown))


@pytest.mark.parametrize(
    ("span", "expected_markdown"),
    [
        (Strong("bold *x*"), r"**bold \*x\***"),
        (Emphasis(" spaced "), " *spaced* "),
        (Code("/career"), "`/career`"),
        (Code("a `tick`"), "`` a `tick` ``"),
        (Link("a way", "https://example.org/(a b)?c=d"), "[a way](<https://example.org/(a%20b)?c=d>)"),
        (Link("https://example.org", "https://example.org"), "<https://example.org>"),
    ],
)
def test_style_is_discords(span: Any, expected_markdown: str) -> None:
    assert render_spans((span,)) == expected_markdown


@pytest.mark.parametrize(
    "line", ["1. first", "# head", "> quote", "- item", "  -# small", "12) twelve", "+ x"]
)
def test_a_line_does_not_become_a_list_a_heading_or_a_quote(line: str) -> None:
    assert escape(line) != line
    assert unescape(escape(line)) == line


def test_every_card_and_comparison_fits(service: Service) -> None:
    chat = Chat(service)
    for card in service.context.content.cards:
        check_reply(chat.send_line(f"card {card}").reply)
    for comparison in service.context.content.comparisons.values():
        options = " ".join(option.name for option in comparison.options.values())
        shown = chat.send_line(f"compare {options}").reply
        check_reply(shown)
        for press in iter_controls(shown.blocks):
            if press.action.name == "compare.theme":
                check_reply(chat.send_action(press.action).reply)


@pytest.mark.parametrize("line", ["help", "browse", "privacy", "zzzz qqqq", "card no such card at all"])
def test_every_command_fits(service: Service, line: str) -> None:
    answer = Chat(service).send_line(line).answer
    if isinstance(answer, Form):
        assert find_modal_errors(build_modal(answer).to_dict()) == []
    else:
        assert answer is not None
        check_reply(answer)


def test_the_rules_find_what_does_not_fit() -> None:
    """The rules themselves: each planted fault is named."""
    long = {"type": 10, "content": "x" * 4_001}
    twice = {"type": 1, "components": [{"type": 2, "label": "a", "style": 2, "custom_id": "bot:a"}] * 2}
    assert any("4001 characters" in fault for fault in find_message_errors([long]))
    assert any("twice" in fault for fault in find_message_errors([twice]))
    assert any("components" in fault for fault in find_message_errors([{"type": 14}] * 41))
    mapping: Mapping[str, Any] = {"title": "x" * 46, "custom_id": "a", "components": []}
    assert len(find_modal_errors(dict(mapping))) == 2


def test_a_reply_at_the_models_bound_still_fits() -> None:
    full = Reply(tuple(Paragraph(build_spans("a * " + "word " * 100)) for _ in range(6)), "Full")
    assert find_message_errors(build_payload(full)) == []
