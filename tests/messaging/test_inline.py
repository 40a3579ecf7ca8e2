"""Channels in sentences: an id that a platform gave, and nothing that a person could make of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import LimitExceededError
from bot.messaging.blocks import Paragraph
from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Reply
from bot.messaging.spans import ChannelMention, build_spans, spans_to_text
from bot.platforms.discord.markdown import render_spans
from bot.platforms.slack.message import build_message


@pytest.mark.parametrize("id_", ["C0123ABC", "G9", "D1", "1234567890123456789"])
def test_a_channel_is_named_by_each_platform_and_plainly_elsewhere(id_: str) -> None:
    run = build_spans("To ", ChannelMention(id_), "!")
    assert spans_to_text(run) == f"To #{id_}!"
    assert render_spans(run) == f"To <#{id_}>!"
    sent = build_message(Reply((Paragraph(run),), "A sample"))
    assert sent["text"] == f"To <#{id_}>!"
    (section,) = sent["blocks"][0]["elements"]
    assert section["elements"][1] == {"type": "channel", "channel_id": id_}


@given(st.text(max_size=40).filter(lambda text: not (text.isascii() and text.isalnum())))
def test_what_has_not_the_shape_of_an_id_is_no_channel(text: str) -> None:
    with pytest.raises(LimitExceededError):
        ChannelMention(text)


@pytest.mark.parametrize(
    "id_", ["everyone", "here", "U123", "W1", "S1", "general", "c1", "C1|x", "C1>", "C1\n"]
)
def test_people_groups_and_names_are_no_channels(id_: str) -> None:
    with pytest.raises(LimitExceededError):
        ChannelMention(id_)


def test_words_that_look_like_a_channel_stay_words() -> None:
    reply = Reply((Paragraph(build_spans("<#C1> #C1 ", ChannelMention("C1"))),), "A sample")
    assert render_plain(reply) == "<#C1> #C1 #C1"
    assert build_message(reply)["text"] == "&lt;#C1&gt; #C1 <#C1>"
