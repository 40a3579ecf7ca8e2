"""Votes under an answer, the next best card at once, and picking what was meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.content import short_hash
from bot.domain.tenant import Tenant
from bot.messaging.action import Action
from bot.messaging.blocks import Buttons, Heading, Menu
from bot.messaging.reply import Audience, ReplyOutcome
from bot.messaging.request import User
from bot.service import ContentSnapshot
from bot.store.votes import VoteTally
from tests.chat import CHANNEL, Chat, build_service_from

TENANT = Tenant(CHANNEL.platform, CHANNEL.workspace)


def _find_title(chat: Chat) -> str:
    return next(block.text for block in chat.reply.blocks if isinstance(block, Heading))


def _load_tallies(chat: Chat) -> tuple[VoteTally, ...]:
    home = chat.service.context.storage
    home.flush()
    return home.open_store().votes.count_votes(TENANT)


def test_a_vote_is_counted_once_a_person_without_a_name(chat: Chat) -> None:
    for label in ("Not helpful", "Helpful", "Helpful"):
        chat.send_line("card phd-or-not").press(label)
    assert "without your name" in chat.text
    other = replace(chat, user=User("U2", "Ben"))
    other.send_line("card phd-or-not").press("Not helpful")
    assert _load_tallies(chat) == (VoteTally("phd-or-not", 1, 1),)


def test_not_helpful_shows_the_next_best_card_at_once_until_there_is_none(chat: Chat) -> None:
    titles = [_find_title(chat.send_line("should I do a phd?"))]
    for _ in range(3):
        titles.append(_find_title(chat.press("Not helpful")))
        assert "next closest" in chat.text
    assert len(set(titles)) == 4
    assert chat.reply.audience is Audience.ASKER


def test_a_card_without_another_says_so_and_offers_other_ways(chat: Chat) -> None:
    chat.send_action(Action("card.unhelpful", (short_hash("phd-or-not"),)))
    assert "the closest card I have" in chat.text
    assert chat.labels == ["Rephrase", "Browse topics"]


def test_not_what_i_meant_lets_one_pick(chat: Chat) -> None:
    first = _find_title(chat.send_line("should I do a phd?"))
    chat.press("Wrong topic")
    (menu,) = (block for block in chat.reply.blocks if isinstance(block, Menu))
    assert len(menu.choices) == 3
    assert _find_title(chat.press(menu.choices[1].label)) != first


@pytest.mark.parametrize(
    "line", ["should I do a phd?", "card sector-compute", "card feeling-replaceable", "why do people leave"]
)
def test_an_answer_has_one_row_of_at_most_four_buttons_and_one_menu(chat: Chat, line: str) -> None:
    chat.send_line(line)
    rows = [block for block in chat.reply.blocks if isinstance(block, Buttons)]
    assert all(len(row.buttons) <= 4 for row in rows)
    votes = [row for row in rows if {"Helpful", "Not helpful"} <= {button.label for button in row.buttons}]
    assert len(votes) == 1
    assert sum(isinstance(block, Menu) for block in chat.reply.blocks) == 1
    assert "Save to DM" in chat.labels


def test_a_card_that_is_gone_and_a_crafted_press_are_refused(chat: Chat) -> None:
    assert chat.send_action(Action("card.helpful", ("aaaaaaaa",))).reply.outcome is ReplyOutcome.REFUSED
    assert (
        chat.send_action(Action("card.unhelpful", (short_hash("phd-or-not"),) * 9)).reply.outcome
        is ReplyOutcome.REFUSED
    )
    assert (
        chat.send_action(Action("card.unhelpful", (short_hash("phd-or-not"), "aaaaaaaa"))).reply.outcome
        is ReplyOutcome.ANSWERED
    )


def test_vote_is_acknowledged_when_the_database_is_down(snapshot: ContentSnapshot, tmp_path: Path) -> None:
    service = build_service_from(snapshot, tmp_path, f"postgresql:///bot?host={tmp_path}")
    chat = Chat(service).send_line("should I do a phd?").press("Not helpful")
    assert "next closest" in chat.text
    assert chat.send_line("zzqx wwvk").reply.outcome is ReplyOutcome.NO_MATCH
    service.context.storage.close()
