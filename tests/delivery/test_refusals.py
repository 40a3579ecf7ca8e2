"""What a refusal means: what is paused, what is skipped, what is tried again and when."""

from __future__ import annotations

import logging
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain.outbox import (
    DeliveryPaused,
    DeliveryRefusedError,
    DeliverySkipped,
    DeliveryUnrecognized,
    PauseReason,
    SkipReason,
)
from bot.errors import MAX_RETRY_AFTER, MIN_RETRY_AFTER, DeliveryError
from bot.messaging.delivery import SendIntervals
from bot.messaging.plaintext import render_plain
from bot.messaging.request import Origin, User
from bot.platforms.discord import failures as discord_failures
from bot.platforms.slack import failures as slack_failures
from bot.service import Service
from tests.chat import Chat
from tests.delivery.delivery_harness import (
    NINE_IN_BERLIN,
    DeliveryHarness,
    build_timed_worker,
    run_until_idle,
)


def _map_code(code: str) -> DeliveryError:
    """What the adapter makes of a code; a number is Discord's."""
    if code.isdigit():
        return discord_failures.build_delivery_error(int(code))
    return slack_failures.build_delivery_error(code)


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
    error = _map_code(reason)
    assert isinstance(error, DeliveryRefusedError)
    assert error.result == DeliveryPaused(PauseReason(expected_reason))
    assert error.reason == reason


@pytest.mark.parametrize("code", ["enterprise_is_restricted", "99999", "400"])
def test_unknown_code_is_unrecognized_and_a_lost_answer_is_not(code: str) -> None:
    error = _map_code(code)
    assert isinstance(error, DeliveryRefusedError)
    assert error.result == DeliveryUnrecognized(code)
    for lost in (
        slack_failures.build_delivery_error("internal_error"),
        slack_failures.build_delivery_error("status 502", possibly_delivered=True),
        discord_failures.build_delivery_error(502, possibly_delivered=True),
    ):
        assert type(lost) is DeliveryError
        assert lost.possibly_delivered


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0, MIN_RETRY_AFTER),
        (-5.0, MIN_RETRY_AFTER),
        (0.75, 0.75),
        (90.0, 90.0),
        (1e300, MAX_RETRY_AFTER),
        (float("inf"), MAX_RETRY_AFTER),
        (float("nan"), MIN_RETRY_AFTER),
    ],
)
async def test_any_retry_after_is_safe(harness: DeliveryHarness, seconds: float, expected: float) -> None:
    hours, noted, schedule, _ = build_timed_worker(harness.service, SendIntervals())
    harness.subscribe("C1")
    error = DeliveryError("ratelimited", retry_after=seconds)
    assert error.retry_after == expected
    noted.errors["C1"] = [error]
    due = await hours.run(schedule.tick())
    if expected < MAX_RETRY_AFTER:
        assert due == NINE_IN_BERLIN + timedelta(seconds=expected)
        hours.elapsed = expected
        await hours.run(schedule.tick())
        assert harness.find_last_state("C1") == "sent"
    else:
        assert harness.find_last_state("C1") == "skipped"


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
    error = _map_code(reason)
    assert isinstance(error, DeliveryRefusedError)
    assert error.result == DeliverySkipped(SkipReason(expected_reason))
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


async def test_a_platform_that_is_away_for_hours_is_asked_a_few_dozen_times(service: Service) -> None:
    hours, noted, schedule, _ = build_timed_worker(service, SendIntervals())
    DeliveryHarness(service, noted, hours.now).subscribe("C1")  # type: ignore[arg-type]
    noted.errors["C1"] = [DeliveryError("unreachable")] * 1_000
    await run_until_idle(schedule, hours)
    assert 15 < 1_000 - len(noted.errors["C1"]) < 40
    assert noted.sent_counts == {}


async def test_refused_notification_backs_off(service: Service) -> None:
    """A notification that is refused with an unknown code was once sent again every 30 seconds."""
    hours, noted, schedule, _ = build_timed_worker(service, SendIntervals())
    DeliveryHarness(service, noted, hours.now).subscribe("C1")  # type: ignore[arg-type]
    noted.errors = {
        "C1": [DeliveryError("is_archived")],
        "UADA": [DeliveryError("enterprise_is_restricted")] * 1_000,
    }
    times: list[float] = []
    while hours.elapsed < timedelta(hours=6).total_seconds():
        before = len(noted.errors["UADA"])
        due = await hours.run(schedule.tick())
        times += [hours.elapsed] * (before - len(noted.errors["UADA"]))
        if due is None:
            break
        hours.elapsed = max(hours.elapsed, (due - NINE_IN_BERLIN).total_seconds())
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps[:5] == [30.0, 60.0, 120.0, 240.0, 480.0]
    assert set(gaps[5:]) <= {600.0, 86_400.0 - NINE_IN_BERLIN.timestamp() % 1}
    assert 10 < len(times) < 45


async def test_second_slot_with_an_unknown_code_pauses_and_tells_the_owner_the_code(service: Service) -> None:
    hours, noted, schedule, _ = build_timed_worker(service, SendIntervals())
    world = DeliveryHarness(service, noted, hours.now)  # type: ignore[arg-type]
    world.subscribe("C1")
    noted.errors["C1"] = [DeliveryError("enterprise_is_restricted")] * 1_000
    states = []
    for day in range(3):
        while (due := await hours.run(schedule.tick())) is not None:
            at = (due - NINE_IN_BERLIN).total_seconds()
            if at >= timedelta(days=day + 1).total_seconds():
                break
            hours.elapsed = max(hours.elapsed, at)
        states.append((world.find_last_state("C1"), [render_plain(one.reply) for one in noted.notifications]))
        hours.elapsed = timedelta(days=day + 1).total_seconds()
    assert states[0] == ("skipped", [])
    (told,) = states[1][1]
    assert "enterprise_is_restricted" in told
    assert states[2] == states[1]
    kept = service.context.open_store().subscriptions.list_all()[0]
    assert (kept.pause_reason, kept.next_due_at) == (PauseReason.UNRECOGNIZED, None)
    calls = 1_000 - len(noted.errors["C1"])
    assert 30 < calls < 50


async def test_slot_that_is_posted_between_two_unknown_codes_starts_the_count_anew(service: Service) -> None:
    hours, noted, schedule, _ = build_timed_worker(service, SendIntervals())
    DeliveryHarness(service, noted, hours.now).subscribe("C1")  # type: ignore[arg-type]
    for day in range(3):
        hours.elapsed = timedelta(days=day).total_seconds()
        noted.errors["C1"] = [] if day == 1 else [DeliveryError("enterprise_is_restricted")] * 1_000
        while (due := await hours.run(schedule.tick())) is not None:
            at = (due - NINE_IN_BERLIN).total_seconds()
            if at >= timedelta(days=day + 1).total_seconds():
                break
            hours.elapsed = max(hours.elapsed, at)
    assert service.context.open_store().subscriptions.list_all()[0].pause_reason is None
