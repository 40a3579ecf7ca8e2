"""What a refusal means: what rests, what is left out, what is tried again and when."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from bot.delivery.error_mapping import classify_error
from bot.errors import DeliveryError
from bot.messaging.delivery import (
    DeliveryPaused,
    DeliveryRetry,
    DeliverySkipped,
    DeliveryUnknown,
    SendIntervals,
)
from bot.messaging.request import Origin, User
from bot.service import Service
from tests.chat import Chat
from tests.delivery.delivery_harness import (
    NINE_IN_BERLIN,
    DeliveryHarness,
    build_timed_worker,
    run_until_idle,
)


@pytest.mark.parametrize(
    ("reason", "expected_reason"),
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
def test_fixable_refusal_pauses_the_subscription(reason: str, expected_reason: str) -> None:
    assert classify_error(DeliveryError(reason), NINE_IN_BERLIN, NINE_IN_BERLIN) == DeliveryPaused(
        expected_reason
    )


@pytest.mark.parametrize(
    ("reason", "expected_reason"),
    [
        ("invalid_blocks", "ours"),
        ("msg_blocks_too_long", "ours"),
        ("no_text", "ours"),
        ("50035", "ours"),
        ("200000", "blocked"),
    ],
)
async def test_permanent_message_error_skips_and_notifies(
    harness: DeliveryHarness, reason: str, expected_reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert classify_error(DeliveryError(reason), NINE_IN_BERLIN, NINE_IN_BERLIN) == DeliverySkipped(
        expected_reason
    )
    hours, noted, schedule, _ = build_timed_worker(harness.service, SendIntervals())
    harness.subscribe("C1")
    noted.errors["C1"] = [DeliveryError(reason)] * 5
    with caplog.at_level(logging.ERROR):
        await run_until_idle(schedule, hours)
    assert len(noted.errors["C1"]) == 4
    assert reason in caplog.text
    assert harness.find_last_state("C1") == "skipped"
    ada = Chat(harness.service, user=User("UADA", "Ada", is_admin=True), origin=Origin("slack", "T1", "C1"))
    said = {"ours": "mistake of mine", "blocked": "block its words"}[expected_reason]
    assert said in ada.send_line("tips list").text


def test_what_fails_for_long_is_tried_less_often() -> None:
    def pause(minutes: float) -> timedelta:
        now = NINE_IN_BERLIN + timedelta(minutes=minutes)
        settled = classify_error(DeliveryError("unreachable"), NINE_IN_BERLIN, now)
        assert isinstance(settled, DeliveryRetry)
        return settled.retry_at - now

    assert pause(0) == pause(1) == timedelta(seconds=30)
    assert pause(6) == timedelta(minutes=3)
    assert pause(60) == timedelta(minutes=10)
    assert isinstance(
        classify_error(
            DeliveryError("internal_error", possibly_delivered=True), NINE_IN_BERLIN, NINE_IN_BERLIN
        ),
        DeliveryUnknown,
    )


async def test_a_platform_that_is_away_for_hours_is_asked_a_few_dozen_times(service: Service) -> None:
    hours, noted, schedule, _ = build_timed_worker(service, SendIntervals())
    DeliveryHarness(service, noted, hours.now).subscribe("C1")  # type: ignore[arg-type]
    noted.errors["C1"] = [DeliveryError("unreachable")] * 1_000
    await run_until_idle(schedule, hours)
    assert 15 < 1_000 - len(noted.errors["C1"]) < 40
    assert noted.sent_counts == {}
