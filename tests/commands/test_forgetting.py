"""What is kept about a person: told, shown as JSON, erased. Each in its own words, for that person alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from bot.commands import COMMANDS
from bot.dialogue.action import Action
from bot.dialogue.blocks import Bullets
from bot.dialogue.plain import plain
from bot.dialogue.reply import Audience, Outcome
from bot.dialogue.request import Origin, User
from bot.dialogue.spans import words
from bot.service import Edition
from bot.store.gaps import PEOPLE
from tests.chat import Chat, service_over


def _voted(chat: Chat, cards: int) -> Chat:
    library = chat.service.context.library
    for card_id in list(library.cards)[:cards]:
        chat.say(f"card {card_id}").press("Helpful")
    chat.service.context.home.wait()
    return chat


def _lines(chat: Chat) -> list[dict[str, object]]:
    (bullets,) = (block for block in chat.reply.blocks if isinstance(block, Bullets))
    return [json.loads(words(item)) for item in bullets.items]


def test_nothing_is_kept_of_somebody_who_only_asked(chat: Chat) -> None:
    chat.say("should I do a phd?")
    assert "Nothing is kept" in chat.say("export").text
    assert "Nothing is kept" in chat.say("forget-me").text


def test_what_is_kept_is_shown_and_erased_for_that_person_alone(chat: Chat) -> None:
    _voted(chat, 2)
    other = _voted(replace(chat, user=User("U2", "Ben")), 1)
    rows = _lines(chat.say("/career export"))
    assert [row["kind"] for row in rows] == ["votes", "votes"]
    assert all(row["helpful"] is True for row in rows)
    assert "voter" not in rows[0]
    chat.say("/career forget-me")
    assert "2 rows" in chat.text
    assert "2 rows about you are gone" in chat.press("Erase all of it").text
    assert "Nothing is kept" in chat.say("export").text
    assert len(_lines(other.say("export"))) == 1


def test_a_long_export_is_paged_whole(chat: Chat) -> None:
    _voted(chat, 60)
    rows = _lines(chat.say("export"))
    while "More lines" in chat.labels:
        rows += _lines(chat.press("More lines"))
    assert len({str(row["card"]) for row in rows}) == len(rows) == 60


def test_a_page_that_no_longer_exists_is_not_called_nothing(chat: Chat) -> None:
    _voted(chat, 3)
    assert len(_lines(chat.do(Action("export", ("25",))))) == 3


def test_another_workspace_shows_nothing_of_this_one(chat: Chat) -> None:
    _voted(chat, 1)
    elsewhere = replace(chat, origin=Origin("test", "W2", "C1"))
    assert "Nothing is kept" in elsewhere.say("export").text


def test_ones_own_rows_are_shown_to_nobody_else_wherever_it_is_asked(chat: Chat) -> None:
    _voted(chat, 1)
    mention = replace(chat, origin=Origin("test", "W1", "C1", mention=True))
    for line in ("export", "forget-me", "privacy"):
        assert mention.say(line).reply.audience is Audience.ASKER


def test_a_question_that_begins_like_the_command_stays_a_question(chat: Chat) -> None:
    assert "kept about you" not in chat.say("export of personal data from my old employer").text
    assert chat.do(Action("export", ("x",))).reply.outcome is Outcome.REFUSED


def test_without_a_database_it_says_so_and_how_to_go_on(edition: Edition, tmp_path: Path) -> None:
    service = service_over(edition, tmp_path, f"postgresql:///bot?host={tmp_path}")
    chat = Chat(service).say("forget-me")
    assert chat.reply.outcome is Outcome.FAILED
    assert "Nothing was changed" in chat.text


def test_the_privacy_text_names_every_kind_of_row_that_is_kept(chat: Chat) -> None:
    """What is kept is said: a question in vain leaves marks, a vote leaves a mark, and nothing else does."""
    assert {command.name for command in COMMANDS if command.store} >= {"export", "forget-me"}
    for number in range(PEOPLE):
        replace(chat, user=User(f"U{number}", "X")).say("zzqx wwvk")
    home = chat.service.context.home
    home.wait()
    assert {term.stems for term in home.store.gaps.readable()} == {("wwvk",), ("zzqx",), ("wwvk", "zzqx")}
    said = plain(chat.say("privacy").reply)
    for kept in ("vote", "five different people", "for a day"):
        assert kept in said
