"""What a refusal means: what rests, what is left out, what is tried again and when."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from bot.dialogue.delivery import Pace, Paused, RetryAt, Skipped, Unknown
from bot.dialogue.request import Origin, User
from bot.errors import NotSent
from bot.schedule.refusals import meaning
from bot.service import Service
from tests.chat import Chat
from tests.schedule.world import NINE, World, timed, until_done


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("channel_not_found", "gone"),
        ("10003", "gone"),
        ("restricted_action", "forbidden"),
        ("restricted_action_read_only_channel", "forbidden"),
        ("restricted_action_thread_only_channel", "forbidden"),
        ("50001", "forbidden"),
        ("50007", "closed"),
        ("user_not_found", "closed"),
        ("account_inactive", "refused"),
        ("token_revoked", "refused"),
        ("invalid_auth", "refused"),
        ("401", "refused"),
    ],
)
def test_what_a_person_has_to_mend_rests(reason: str, kept: str) -> None:
    assert meaning(NotSent(reason), NINE, NINE) == Paused(kept)


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("invalid_blocks", "ours"),
        ("msg_blocks_too_long", "ours"),
        ("no_text", "ours"),
        ("50035", "ours"),
        ("200000", "blocked"),
    ],
)
async def test_what_will_never_be_taken_is_left_out_at_once_and_said(
    world: World, reason: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert meaning(NotSent(reason), NINE, NINE) == Skipped(why)
    hours, noted, schedule, _ = timed(world.service, Pace())
    world.subscribe("C1")
    noted.fails["C1"] = [NotSent(reason)] * 5
    with caplog.at_level(logging.ERROR):
        await until_done(schedule, hours)
    assert len(noted.fails["C1"]) == 4
    assert reason in caplog.text
    assert world.last("C1") == "skipped"
    ada = Chat(world.service, user=User("UADA", "Ada", admin=True), origin=Origin("slack", "T1", "C1"))
    said = {"ours": "made a mistake", "blocked": "block its words"}[why]
    assert said in ada.say("tips list").text


def test_what_fails_for_long_is_tried_less_often() -> None:
    def pause(minutes: float) -> timedelta:
        now = NINE + timedelta(minutes=minutes)
        settled = meaning(NotSent("unreachable"), NINE, now)
        assert isinstance(settled, RetryAt)
        return settled.at - now

    assert pause(0) == pause(1) == timedelta(seconds=30)
    assert pause(6) == timedelta(minutes=3)
    assert pause(60) == timedelta(minutes=10)
    assert isinstance(meaning(NotSent("internal_error", maybe=True), NINE, NINE), Unknown)


async def test_a_platform_that_is_away_for_hours_is_asked_a_few_dozen_times(service: Service) -> None:
    hours, noted, schedule, _ = timed(service, Pace())
    World(service, noted, hours.now).subscribe("C1")  # type: ignore[arg-type]
    noted.fails["C1"] = [NotSent("unreachable")] * 1_000
    await until_done(schedule, hours)
    assert 15 < 1_000 - len(noted.fails["C1"]) < 40
    assert noted.took == {}
