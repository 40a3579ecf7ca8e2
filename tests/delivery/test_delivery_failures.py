"""A slow answer, a database that is away, a stop in the middle: nothing twice, nothing lost, nobody waits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.delivery import DeliveryWorker
from bot.delivery.batcher import Batcher
from bot.errors import DeliveryError
from bot.messaging.delivery import Delivery, SendIntervals
from bot.platforms.request_runner import RequestRunner
from bot.timing import CLAIM_LEASE
from tests.delivery.delivery_harness import (
    NINE_IN_BERLIN,
    DeliveryHarness,
    FakeWorkerPool,
    RecordingPlatform,
    build_timed_worker,
    run_until_idle,
)

SLACK = frozenset({"slack"})


@dataclass
class StuckPlatform(RecordingPlatform):
    """Takes every message but one, whose answer does not come before it is let go."""

    stuck_channel: str = "C0"
    release: asyncio.Event = field(default_factory=asyncio.Event)
    others_delivered: asyncio.Event = field(default_factory=asyncio.Event)
    expected_count: int = 0

    async def deliver(self, delivery: Delivery) -> str:
        """Take a message."""
        if delivery.channel == self.stuck_channel:
            await self.release.wait()
        taken = await super().deliver(delivery)
        if self.sent_counts.total() >= self.expected_count:
            self.others_delivered.set()
        return taken


async def test_one_slow_answer_holds_up_nobody_however_many_are_due(harness: DeliveryHarness) -> None:
    harness.subscribe(*(f"C{number}" for number in range(350)))
    stuck, answering = StuckPlatform(expected_count=349), RequestRunner(harness.service)
    ticking = asyncio.create_task(
        DeliveryWorker(harness.service, answering, {"slack": stuck}, harness.clock).tick()
    )
    async with asyncio.timeout(30):
        await stuck.others_delivered.wait()
    assert not ticking.done()
    stuck.release.set()
    await ticking
    answering.close()
    assert stuck.sent_counts == {f"C{number}": 1 for number in range(350)}


async def test_refusal_notification_does_not_wait_for_a_slow_response(harness: DeliveryHarness) -> None:
    for number in range(3):
        harness.subscribe(f"C{number}", due_at=NINE_IN_BERLIN - timedelta(seconds=3 - number))
    stuck, answering = (
        StuckPlatform(send_intervals=SendIntervals(workspace=0.1)),
        RequestRunner(harness.service),
    )
    stuck.errors["C2"] = [DeliveryError("is_archived")]  # after C1, with which all that is due is under way
    ticking = asyncio.create_task(
        DeliveryWorker(harness.service, answering, {"slack": stuck}, harness.clock).tick()
    )
    async with asyncio.timeout(15):
        while not stuck.notifications:
            await asyncio.sleep(0.01)
    assert not ticking.done()
    stuck.release.set()
    await ticking
    answering.close()
    assert [word.channel for word in stuck.notifications] == ["UADA"]


async def test_a_stop_cuts_a_burst_short_and_what_is_not_begun_is_free_at_once(
    harness: DeliveryHarness,
) -> None:
    harness.subscribe(*(f"C{number}" for number in range(30)))
    stuck, answering = (
        StuckPlatform(send_intervals=SendIntervals(workspace=3_600.0)),
        RequestRunner(harness.service),
    )
    schedule = DeliveryWorker(harness.service, answering, {"slack": stuck}, harness.clock)
    running = asyncio.create_task(schedule.run())
    async with asyncio.timeout(30):
        while not (begun := [n for n in range(30) if harness.find_last_state(f"C{n}") == "sending"]):
            await asyncio.sleep(0.01)
        stuck.stuck_channel = ""
        running.cancel()
        stuck.release.set()
        await asyncio.gather(running, return_exceptions=True)
    answering.close()
    left = {one.channel for one in harness.service.claim_due(SLACK, NINE_IN_BERLIN)}
    assert len(begun) == 1
    assert stuck.sent_counts.total() + len(left) == 30
    assert not left & stuck.sent_counts.keys()


async def test_a_sent_tip_outlives_a_minute_without_the_database(harness: DeliveryHarness) -> None:
    hours, noted, schedule, pool = build_timed_worker(harness.service, SendIntervals())
    harness.subscribe("C1", "C2")
    pool.is_database_down = lambda: bool(noted.timeline) and hours.elapsed < 60
    await hours.run(schedule.tick())
    assert 60 <= hours.elapsed < 80
    assert noted.sent_counts == {"C1": 1, "C2": 1}
    assert (harness.find_last_state("C1"), harness.find_last_state("C2")) == ("sent", "sent")


async def test_claim_by_another_process_after_an_outage_is_corrected(harness: DeliveryHarness) -> None:
    """It finds a lease that is over and must call the tip in doubt; whoever sent it knows better."""
    hours, noted, schedule, pool = build_timed_worker(harness.service, SendIntervals())
    harness.subscribe("C1")
    looked: list[Delivery] = []

    def away() -> bool:
        if noted.timeline and hours.elapsed >= 60 and not looked:
            looked.extend(harness.service.claim_due(SLACK, NINE_IN_BERLIN + CLAIM_LEASE))
        return bool(noted.timeline) and hours.elapsed < 60

    pool.is_database_down = away
    await hours.run(schedule.tick())
    assert [one.channel for one in looked] == ["UADA"]
    assert noted.sent_counts == {"C1": 1}
    assert harness.find_last_state("C1") == "sent"


async def test_a_database_that_is_away_when_a_tip_should_begin_stops_only_that_one(
    harness: DeliveryHarness,
) -> None:
    hours, noted, schedule, pool = build_timed_worker(harness.service, SendIntervals(workspace=1.0))
    harness.subscribe("C1", "C2", "C3")
    asked: list[float] = []

    def away() -> bool:
        asked.append(hours.elapsed)
        return len(asked) == 2  # after the claim, the first begin

    pool.is_database_down = away
    await run_until_idle(schedule, hours)
    assert noted.sent_counts == {"C1": 1, "C2": 1, "C3": 1}
    late = sorted(noted.list_times())[-1]
    assert late >= CLAIM_LEASE.total_seconds()


async def test_notification_survives_its_process(harness: DeliveryHarness) -> None:
    harness.subscribe("C1")
    (tip,) = harness.service.claim_due(SLACK, NINE_IN_BERLIN)
    harness.service.begin_sending([tip], NINE_IN_BERLIN)
    harness.clock.now = NINE_IN_BERLIN + CLAIM_LEASE  # it died; the next one finds what it left, and dies too
    assert [one.channel for one in harness.service.claim_due(SLACK, harness.clock.now)] == ["UADA"]
    harness.clock.now += CLAIM_LEASE
    await harness.tick()
    assert [one.channel for one in harness.platform.notifications] == ["UADA"]
    await harness.tick()
    assert len(harness.platform.notifications) == 1


async def test_lost_notification_response_is_not_retried_on_slack(harness: DeliveryHarness) -> None:
    hours, noted, schedule, _ = build_timed_worker(harness.service, SendIntervals())
    harness.subscribe("C1")
    noted.errors = {
        "C1": [DeliveryError("is_archived")],
        "UADA": [DeliveryError("lost", possibly_delivered=True)],
    }
    await run_until_idle(schedule, hours)
    assert noted.sent_counts == {"UADA": 1}
    assert noted.notifications == []


async def test_concurrent_writes_are_batched_with_separate_results() -> None:
    batches: list[list[int]] = []

    def work(items: list[int]) -> int:
        batches.append(items)
        if 13 in items:
            raise ValueError(items)
        return sum(items)

    together = Batcher(FakeWorkerPool(), work)
    first = [asyncio.create_task(together.submit(number)) for number in (1, 2, 3)]
    assert await asyncio.gather(*first) == [6, 6, 6]
    assert batches == [[1, 2, 3]]
    with pytest.raises(ValueError, match="13"):
        await together.submit(13)
    assert await together.submit(4) == 4
