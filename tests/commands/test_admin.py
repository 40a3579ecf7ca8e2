"""What admins ask: how fresh the content is, to read it again, and what found no answer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.dialogue.reply import Audience, Outcome
from bot.dialogue.request import User
from bot.domain.gaps import Group, grouped
from bot.settings import Settings
from bot.store.gaps import PEOPLE
from tests.chat import ANN, CONTENT, NOON, Chat

ADA = User("U-ADMIN", "Ada", admin=True)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest.fixture
def admin(content: Path, tmp_path: Path) -> Iterator[Chat]:
    environ = {"CAREER_BOT_CONTENT": str(content), "CAREER_BOT_DATA": str(tmp_path / "data")}
    app = App.build(Settings.from_env(environ), lambda: NOON)
    yield Chat(app.service, user=ADA)
    app.home.close()


@pytest.mark.parametrize("line", ["admin", "admin status", "admin reload", "admin gaps"])
def test_only_admins_are_told(admin: Chat, line: str) -> None:
    for user in (ANN, replace(ANN, admin=None)):
        answer = replace(admin, user=user).say(line).reply
        assert answer.outcome is Outcome.REFUSED
    mention = replace(admin, origin=replace(admin.origin, mention=True))
    assert mention.say(line).reply.audience is Audience.ASKER


def test_status_tells_the_version_and_when_it_was_read(admin: Chat) -> None:
    text = admin.say("/career admin status").text
    assert admin.service.context.library.version in text
    assert "2026-11-24 12:00 UTC" in text


def test_a_broken_change_is_not_taken_over_and_status_says_why(admin: Chat, content: Path) -> None:
    version = admin.service.context.library.version
    card = content / "cards" / "phd-or-not.yaml"
    whole = card.read_text()
    card.write_text(whole.replace("kind: decision", "kind: verdict"))
    assert "not taken over" in admin.say("admin").press("Read the content again").text
    assert "phd-or-not.yaml" in admin.press("Status").text
    assert admin.service.context.library.version == version
    card.write_text(whole.replace("reviewed: 2026-11-22", "reviewed: 2026-11-23"))
    assert "in use" in admin.press("Read the content again").text
    assert admin.service.context.library.version != version


def test_a_long_problem_is_seen_to_go_on(admin: Chat, content: Path) -> None:
    card = content / "cards" / "phd-or-not.yaml"
    card.write_text(card.read_text().replace("kind: decision", f"kind: {'verdict' * 50}"))
    (problem,) = (line for line in admin.say("admin reload").text.splitlines() if "phd-or-not.yaml" in line)
    assert problem.endswith("…")


def test_gaps_lists_what_five_people_brought_and_no_other_workspaces(admin: Chat) -> None:
    for number in range(PEOPLE):
        replace(admin, user=User(f"U{number}", "X")).say("zzqx wwvk")
    admin.service.context.home.wait()
    assert "wwvk, zzqx: 5 people" in admin.say("admin gaps").text
    assert "1 topic" in admin.say("admin status").text
    elsewhere = replace(admin, origin=replace(admin.origin, workspace="W2"))
    assert "wwvk" not in elsewhere.say("admin gaps").text


def test_a_card_that_more_people_found_unhelpful_is_named(admin: Chat) -> None:
    admin.say("card phd-or-not").press("Not helpful")
    admin.service.context.home.wait()
    assert "Is a PhD worth it?" in admin.say("admin status").text


def test_a_question_that_begins_with_admin_is_a_question(admin: Chat) -> None:
    assert "doing" not in admin.say("admin work eats my week, should I leave").reply.summary


def test_terms_that_came_together_are_one_group() -> None:
    terms = [(("visa",), 9), (("sponsor",), 5), (("sponsor", "visa"), 5), (("berlin",), 6)]
    assert grouped(terms) == (Group(("visa", "sponsor"), 9), Group(("berlin",), 6))
    chain = [(("a", "b"), 5), (("c", "d"), 5), (("b", "c"), 5)]
    assert [set(group.stems) for group in grouped(chain)] == [{"a", "b", "c", "d"}]
    assert grouped([]) == ()
