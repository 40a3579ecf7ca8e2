"""What admins ask: how fresh the content is, to read it again, and what found no answer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.domain.unanswered_groups import UnansweredGroup, group_terms
from bot.messaging.reply import Audience, ReplyOutcome
from bot.messaging.request import User
from bot.settings import Settings
from bot.store.unanswered_terms import MIN_PEOPLE
from tests.chat import ANN, CONTENT, NOON, Chat

ADA = User("U-ADMIN", "Ada", is_admin=True)


@pytest.fixture
def content_dir(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest.fixture
def admin_chat(content_dir: Path, tmp_path: Path) -> Iterator[Chat]:
    environ = {"CAREER_BOT_CONTENT_DIR": str(content_dir), "CAREER_BOT_DATA_DIR": str(tmp_path / "data")}
    app = App.build(Settings.from_env(environ), lambda: NOON)
    yield Chat(app.service, user=ADA)
    app.storage.close()


@pytest.mark.parametrize("line", ["admin", "admin status", "admin reload", "admin unanswered"])
def test_members_are_refused(admin_chat: Chat, line: str) -> None:
    for user in (ANN, replace(ANN, is_admin=None)):
        answer = replace(admin_chat, user=user).send_line(line).reply
        assert answer.outcome is ReplyOutcome.REFUSED
    mention = replace(admin_chat, origin=replace(admin_chat.origin, is_mention=True))
    assert mention.send_line(line).reply.audience is Audience.ASKER


def test_status_shows_version_and_load_time(admin_chat: Chat) -> None:
    text = admin_chat.send_line("/career admin status").text
    assert admin_chat.service.context.content.version in text
    assert "2026-11-24 12:00 UTC" in text


def test_failed_reload_keeps_content_and_status_shows_why(admin_chat: Chat, content_dir: Path) -> None:
    version = admin_chat.service.context.content.version
    card = content_dir / "cards" / "phd-or-not.yaml"
    whole = card.read_text()
    card.write_text(whole.replace("kind: decision", "kind: verdict"))
    assert "was not reloaded" in admin_chat.send_line("admin").press("Reload content").text
    assert "phd-or-not.yaml" in admin_chat.press("Status").text
    assert admin_chat.service.context.content.version == version
    card.write_text(whole.replace("reviewed: 2026-11-27", "reviewed: 2026-11-26"))
    assert "in use" in admin_chat.press("Reload content").text
    assert admin_chat.service.context.content.version != version


def test_a_long_problem_is_seen_to_go_on(admin_chat: Chat, content_dir: Path) -> None:
    card = content_dir / "cards" / "phd-or-not.yaml"
    card.write_text(card.read_text().replace("kind: decision", f"kind: {'verdict' * 50}"))
    (problem,) = (
        line for line in admin_chat.send_line("admin reload").text.splitlines() if "phd-or-not.yaml" in line
    )
    assert problem.endswith("…")


def test_unanswered_lists_questions_of_five_people_in_this_tenant_only(admin_chat: Chat) -> None:
    for number in range(MIN_PEOPLE):
        replace(admin_chat, user=User(f"U{number}", "X")).send_line("zzqx wwvk")
    admin_chat.service.context.storage.flush()
    assert "wwvk, zzqx: 5 people" in admin_chat.send_line("admin unanswered").text
    assert "1 topic" in admin_chat.send_line("admin status").text
    elsewhere = replace(admin_chat, origin=replace(admin_chat.origin, workspace="W2"))
    assert "wwvk" not in elsewhere.send_line("admin unanswered").text


def test_a_card_that_more_people_found_unhelpful_is_named(admin_chat: Chat) -> None:
    admin_chat.send_line("card phd-or-not").press("Not helpful")
    admin_chat.service.context.storage.flush()
    assert "Is a PhD worth it?" in admin_chat.send_line("admin status").text


def test_a_question_that_begins_with_admin_is_a_question(admin_chat: Chat) -> None:
    assert "doing" not in admin_chat.send_line("admin work eats my week, should I leave").reply.summary


def test_terms_that_came_together_are_one_group() -> None:
    terms = [(("visa",), 9), (("sponsor",), 5), (("sponsor", "visa"), 5), (("berlin",), 6)]
    assert group_terms(terms) == (UnansweredGroup(("visa", "sponsor"), 9), UnansweredGroup(("berlin",), 6))
    chain = [(("a", "b"), 5), (("c", "d"), 5), (("b", "c"), 5)]
    assert [set(group.stems) for group in group_terms(chain)] == [{"a", "b", "c", "d"}]
    assert group_terms([]) == ()
