"""What is kept about a person: told, shown as JSON, erased. Each in its own words, for that person alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from bot.commands import COMMANDS
from bot.messaging.action import Action
from bot.messaging.blocks import Bullets
from bot.messaging.plaintext import render_plain
from bot.messaging.reply import Audience, ReplyOutcome
from bot.messaging.request import Origin, User
from bot.messaging.spans import spans_to_text
from bot.service import ContentSnapshot
from bot.store.tables import list_privacy_keys
from bot.store.unanswered_terms import MIN_PEOPLE
from tests.chat import Chat, build_service_from


def _vote_on_cards(chat: Chat, cards: int) -> Chat:
    library = chat.service.context.content
    for card_id in list(library.cards)[:cards]:
        chat.send_line(f"card {card_id}").press("Helpful")
    chat.service.context.storage.flush()
    return chat


def _parse_export_lines(chat: Chat) -> list[dict[str, object]]:
    (bullets,) = (block for block in chat.reply.blocks if isinstance(block, Bullets))
    return [json.loads(spans_to_text(item)) for item in bullets.items]


def test_nothing_is_kept_of_somebody_who_only_asked(chat: Chat) -> None:
    chat.send_line("should I do a phd?")
    assert "I store nothing about you" in chat.send_line("export").text
    assert "I store nothing about you" in chat.send_line("forget-me").text


def test_what_is_kept_is_shown_and_erased_for_that_person_alone(chat: Chat) -> None:
    _vote_on_cards(chat, 2)
    other = _vote_on_cards(replace(chat, user=User("U2", "Ben")), 1)
    rows = _parse_export_lines(chat.send_line("/career export"))
    assert [row["kind"] for row in rows] == ["votes", "votes"]
    assert all(row["helpful"] is True for row in rows)
    assert "voter" not in rows[0]
    chat.send_line("/career forget-me")
    assert "2 rows" in chat.text
    assert "I deleted 2 rows about you" in chat.press("Delete everything").text
    assert "I store nothing about you" in chat.send_line("export").text
    assert len(_parse_export_lines(other.send_line("export"))) == 1


def test_a_long_export_is_paged_whole(chat: Chat) -> None:
    _vote_on_cards(chat, 60)
    rows = _parse_export_lines(chat.send_line("export"))
    while "Next page" in chat.labels:
        rows += _parse_export_lines(chat.press("Next page"))
    assert len({str(row["card"]) for row in rows}) == len(rows) == 60


def test_a_page_that_no_longer_exists_is_not_called_nothing(chat: Chat) -> None:
    _vote_on_cards(chat, 3)
    assert len(_parse_export_lines(chat.send_action(Action("export", ("25",))))) == 3


def test_another_workspace_shows_nothing_of_this_one(chat: Chat) -> None:
    _vote_on_cards(chat, 1)
    elsewhere = replace(chat, origin=Origin("test", "W2", "C1"))
    assert "I store nothing about you" in elsewhere.send_line("export").text


def test_ones_own_rows_are_shown_to_nobody_else_wherever_it_is_asked(chat: Chat) -> None:
    _vote_on_cards(chat, 1)
    mention = replace(chat, origin=Origin("test", "W1", "C1", is_mention=True))
    for line in ("export", "forget-me", "privacy"):
        assert mention.send_line(line).reply.audience is Audience.ASKER


def test_a_question_that_begins_like_the_command_stays_a_question(chat: Chat) -> None:
    assert "store about you" not in chat.send_line("export of personal data from my old employer").text
    assert chat.send_action(Action("export", ("x",))).reply.outcome is ReplyOutcome.REFUSED


def test_without_a_database_it_says_so_and_how_to_go_on(snapshot: ContentSnapshot, tmp_path: Path) -> None:
    service = build_service_from(snapshot, tmp_path, f"postgresql:///bot?host={tmp_path}")
    chat = Chat(service).send_line("forget-me")
    assert chat.reply.outcome is ReplyOutcome.FAILED
    assert "nothing was changed" in chat.text


def test_the_privacy_text_names_every_kind_of_row_that_is_kept(chat: Chat) -> None:
    """What is kept is said: a question in vain leaves marks, a vote leaves a mark, and nothing else does."""
    assert {command.name for command in COMMANDS if command.uses_store} >= {"export", "forget-me"}
    for number in range(MIN_PEOPLE):
        replace(chat, user=User(f"U{number}", "X")).send_line("zzqx wwvk")
    home = chat.service.context.storage
    home.flush()
    assert {term.stems for term in home.open_store().unanswered_terms.list_readable_terms()} == {
        ("wwvk",),
        ("zzqx",),
        ("wwvk", "zzqx"),
    }
    said = render_plain(chat.send_line("privacy").reply)
    for kept in ("vote", "five different people", "For a day"):
        assert kept in said


def test_the_privacy_page_tells_of_every_table(chat: Chat) -> None:
    """A new table without its sentence raises KeyError here."""
    text = render_plain(chat.send_line("privacy").reply)
    for key in list_privacy_keys():
        assert render_plain_sentence(chat, key) in text


def render_plain_sentence(chat: Chat, key: str) -> str:
    """Return a fixed sentence as people read it."""
    return chat.service.context.strings.get_text(key)
