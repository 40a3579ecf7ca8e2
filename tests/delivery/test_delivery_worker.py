"""The tick against a platform that counts: once each, in time, and in doubt rather than twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import timing
from bot.delivery import DeliveryWorker
from bot.domain.tenant import Tenant
from bot.errors import DeliveryError
from bot.platforms.request_runner import RequestRunner
from bot.service import ContentSnapshot
from bot.timing import CLAIM_LEASE
from tests.chat import build_service_from
from tests.delivery.delivery_harness import (
    NINE_IN_BERLIN,
    TENANT,
    DeliveryHarness,
    FakeClock,
    FakePlatform,
    SlowPlatform,
)


async def test_what_is_due_is_posted_once_and_the_next_moment_is_known(harness: DeliveryHarness) -> None:
    harness.subscribe("C1", "C2")
    assert await harness.tick() == NINE_IN_BERLIN + timedelta(days=1)
    await harness.tick()
    assert harness.platform.sent_counts == {"C1": 1, "C2": 1}
    assert harness.find_last_state("C1") == "sent"


async def test_ten_restarts_around_a_slot_make_one_post(snapshot: ContentSnapshot, tmp_path: Path) -> None:
    channels = FakePlatform()
    for number in range(10):
        service = build_service_from(snapshot, tmp_path)
        again = DeliveryHarness(service, channels, FakeClock(NINE_IN_BERLIN + timedelta(seconds=number - 5)))
        if number == 0:
            again.subscribe("C1")
        await again.tick()
        service.context.storage.close()
    assert channels.sent_counts == {"C1": 1}


async def test_a_loop_that_stalled_for_90_seconds_posts_once(harness: DeliveryHarness) -> None:
    harness.subscribe("C1")
    harness.clock.now = NINE_IN_BERLIN + timedelta(seconds=90)
    await asyncio.gather(harness.tick(), harness.tick())
    assert harness.platform.sent_counts == {"C1": 1}


async def test_two_processes_on_one_database_share_the_posts(
    database_url: str, snapshot: ContentSnapshot
) -> None:
    channels, clock = FakePlatform(), FakeClock()
    two = [
        DeliveryHarness(build_service_from(snapshot, Path(), database_url), channels, clock) for _ in range(2)
    ]
    two[0].subscribe(*(f"C{number}" for number in range(30)))
    await asyncio.gather(*(one.tick() for one in two))
    for one in two:
        one.service.context.storage.close()
    assert channels.sent_counts == {f"C{number}": 1 for number in range(30)}


async def test_lost_response_is_uncertain_and_notified_once(harness: DeliveryHarness) -> None:
    harness.subscribe("C1")
    harness.platform.errors["C1"] = [DeliveryError("timeout", possibly_delivered=True)]
    for minutes in range(5):
        harness.clock.now = NINE_IN_BERLIN + timedelta(minutes=minutes)
        await harness.tick()
    assert harness.platform.sent_counts == {"C1": 1}
    assert harness.find_last_state("C1") == "unknown"
    assert [word.channel for word in harness.platform.notifications] == ["UADA"]


@pytest.mark.parametrize(
    ("reason", "expected_reason"),
    [
        ("channel_not_found", "gone"),
        ("not_in_channel", "forbidden"),
        ("50007", "closed"),
        ("50013", "forbidden"),
    ],
)
async def test_permanent_refusal_pauses_and_notifies_once(
    harness: DeliveryHarness, reason: str, expected_reason: str
) -> None:
    harness.subscribe("C1")
    harness.platform.errors["C1"] = [DeliveryError(reason)]
    for days in range(3):
        harness.clock.now = NINE_IN_BERLIN + timedelta(days=days)
        await harness.tick()
    assert harness.platform.sent_counts == {}
    assert len(harness.platform.notifications) == 1
    subscription = harness.service.context.open_store().subscriptions.find(TENANT, "C1")
    assert subscription is not None
    assert subscription.pause_reason == expected_reason


async def test_rate_limit_pauses_the_tenant_until_retry_after(harness: DeliveryHarness) -> None:
    harness.subscribe("C1", "C2", "C3")
    harness.platform.errors["C1"] = [DeliveryError("ratelimited", retry_after=40)]
    await harness.tick()
    assert harness.platform.sent_counts.total() < 3
    harness.clock.now = NINE_IN_BERLIN + timedelta(seconds=39)
    before = harness.platform.sent_counts.total()
    await harness.tick()
    assert harness.platform.sent_counts.total() == before
    harness.clock.now = NINE_IN_BERLIN + timedelta(seconds=41)
    await harness.tick()
    assert harness.platform.sent_counts == {"C1": 1, "C2": 1, "C3": 1}


async def test_a_platform_that_is_away_gets_the_tip_when_it_is_back(harness: DeliveryHarness) -> None:
    harness.subscribe("C1")
    harness.platform.errors["C1"] = [DeliveryError("unreachable"), DeliveryError("unreachable")]
    for minutes in range(4):
        harness.clock.now = NINE_IN_BERLIN + timedelta(minutes=minutes)
        await harness.tick()
    assert harness.platform.sent_counts == {"C1": 1}


async def test_unexpected_error_leaves_one_tip_uncertain(
    harness: DeliveryHarness, caplog: pytest.LogCaptureFixture
) -> None:
    harness.subscribe("C1", "C2")
    harness.platform.errors["C1"] = [RuntimeError("a defect")]
    await harness.tick()
    assert harness.platform.sent_counts == {"C2": 1}
    assert harness.find_last_state("C1") == "unknown"
    assert "may be posted: the adapter failed" in caplog.text


async def test_a_database_that_is_away_stops_nothing_and_tips_go_out_once_after(
    snapshot: ContentSnapshot, tmp_path: Path
) -> None:
    away = DeliveryHarness(
        build_service_from(snapshot, tmp_path, f"postgresql:///bot?host={tmp_path}"),
        FakePlatform(),
        FakeClock(),
    )
    assert await away.tick() is None
    assert away.platform.sent_counts == {}


async def test_it_ticks_by_itself_when_the_next_tip_is_due(harness: DeliveryHarness) -> None:
    """On the real clock: due in a moment, posted without anybody asking; nothing is left running after."""
    due = datetime.now(UTC) + timedelta(milliseconds=300)
    harness.subscribe("C1", due_at=due)
    answering = RequestRunner(harness.service)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731
    running = asyncio.create_task(
        DeliveryWorker(harness.service, answering, {"slack": harness.platform}, now).run()
    )
    async with asyncio.timeout(10):
        while not harness.platform.sent_counts:
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    answering.close()
    assert harness.platform.sent_counts == {"C1": 1}
    assert timedelta(seconds=30) < CLAIM_LEASE


async def test_a_stop_while_a_tip_is_being_sent_waits_until_it_is_settled(harness: DeliveryHarness) -> None:
    harness.subscribe("C1")
    slow, answering = SlowPlatform(), RequestRunner(harness.service)
    running = asyncio.create_task(
        DeliveryWorker(harness.service, answering, {"slack": slow}, harness.clock).run()
    )
    async with asyncio.timeout(10):
        await slow.started.wait()
    running.cancel()
    done, _ = await asyncio.wait((running,), timeout=0.2)
    assert not done, "it stopped over a tip that was being sent"
    slow.release.set()
    await asyncio.gather(running, return_exceptions=True)
    answering.close()
    assert slow.sent_counts == {"C1": 1}
    assert harness.find_last_state("C1") == "sent"


async def test_standby_platform_claims_no_tips(
    harness: DeliveryHarness,
) -> None:
    harness.subscribe("C1")
    harness.platform.can_send = False
    assert await harness.tick() is None
    assert harness.find_last_state("C1") == ""
    harness.platform.can_send = True
    await harness.tick()
    assert harness.platform.sent_counts == {"C1": 1}


async def test_waiting_tips_are_sent_when_the_platform_becomes_ready(
    harness: DeliveryHarness,
) -> None:
    """On the real clock, and sooner than the next tick would come."""
    harness.subscribe("C1")
    harness.platform.can_send = False
    answering = RequestRunner(harness.service)
    schedule = DeliveryWorker(harness.service, answering, {"slack": harness.platform}, harness.clock)
    running = asyncio.create_task(schedule.run())
    async with asyncio.timeout(timing.POLL_INTERVAL / 2):
        assert await schedule.tick() is None
        harness.platform.can_send = True
        while not harness.platform.sent_counts:
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    answering.close()
    assert harness.platform.sent_counts == {"C1": 1}


async def test_tips_of_another_process_cause_no_extra_tick(harness: DeliveryHarness) -> None:
    harness.subscribe("9", tenant=Tenant("discord", "1"))
    assert (
        len(harness.service.claim_due(frozenset({"discord"}), NINE_IN_BERLIN)) == 1
    )  # and that process dies
    harness.subscribe("8", tenant=Tenant("discord", "1"))
    harness.clock.now = NINE_IN_BERLIN + CLAIM_LEASE
    later = NINE_IN_BERLIN + timedelta(hours=1)
    harness.subscribe("C1", due_at=later)
    assert await harness.tick() == later
