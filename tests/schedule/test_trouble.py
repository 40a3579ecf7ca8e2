"""A slow answer, a database that is away, a stop in the middle: nothing twice, nothing lost, nobody waits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.dialogue.delivery import Delivery, Pace
from bot.errors import NotSent
from bot.platforms.answering import Answering
from bot.schedule import Schedule
from bot.schedule.together import Together
from bot.store.outbox import LEASE
from tests.schedule.world import NINE, Noted, Shelf, World, timed, until_done

SLACK = frozenset({"slack"})


@dataclass
class Stuck(Noted):
    """Takes every message but one, whose answer does not come before it is let go."""

    stuck: str = "C0"
    go: asyncio.Event = field(default_factory=asyncio.Event)
    others: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: int = 0

    async def deliver(self, delivery: Delivery) -> str:
        """Take a message."""
        if delivery.channel == self.stuck:
            await self.go.wait()
        taken = await super().deliver(delivery)
        if self.took.total() >= self.wanted:
            self.others.set()
        return taken


async def test_one_slow_answer_holds_up_nobody_however_many_are_due(world: World) -> None:
    world.subscribe(*(f"C{number}" for number in range(350)))
    stuck, answering = Stuck(wanted=349), Answering(world.service)
    ticking = asyncio.create_task(Schedule(world.service, answering, {"slack": stuck}, world.clock).tick())
    async with asyncio.timeout(30):
        await stuck.others.wait()
    assert not ticking.done()
    stuck.go.set()
    await ticking
    answering.close()
    assert stuck.took == {f"C{number}": 1 for number in range(350)}


async def test_what_a_refusal_leaves_to_say_does_not_wait_for_a_slow_answer(world: World) -> None:
    for number in range(3):
        world.subscribe(f"C{number}", due=NINE - timedelta(seconds=3 - number))
    stuck, answering = Stuck(pace=Pace(workspace=0.1)), Answering(world.service)
    stuck.fails["C2"] = [NotSent("is_archived")]  # after C1, with which all that is due is under way
    ticking = asyncio.create_task(Schedule(world.service, answering, {"slack": stuck}, world.clock).tick())
    async with asyncio.timeout(15):
        while not stuck.words:
            await asyncio.sleep(0.01)
    assert not ticking.done()
    stuck.go.set()
    await ticking
    answering.close()
    assert [word.channel for word in stuck.words] == ["UADA"]


async def test_a_stop_cuts_a_burst_short_and_what_is_not_begun_is_free_at_once(world: World) -> None:
    world.subscribe(*(f"C{number}" for number in range(30)))
    stuck, answering = Stuck(pace=Pace(workspace=3_600.0)), Answering(world.service)
    schedule = Schedule(world.service, answering, {"slack": stuck}, world.clock)
    running = asyncio.create_task(schedule.run())
    async with asyncio.timeout(30):
        while not (begun := [n for n in range(30) if world.last(f"C{n}") == "sending"]):
            await asyncio.sleep(0.01)
        stuck.stuck = ""
        running.cancel()
        stuck.go.set()
        await asyncio.gather(running, return_exceptions=True)
    answering.close()
    left = {one.channel for one in world.service.claim(SLACK, NINE)}
    assert len(begun) == 1
    assert stuck.took.total() + len(left) == 30
    assert not left & stuck.took.keys()


async def test_a_sent_tip_outlives_a_minute_without_the_database(world: World) -> None:
    hours, noted, schedule, pool = timed(world.service, Pace())
    world.subscribe("C1", "C2")
    pool.away = lambda: bool(noted.at) and hours.passed < 60
    await hours.through(schedule.tick())
    assert 60 <= hours.passed < 80
    assert noted.took == {"C1": 1, "C2": 1}
    assert (world.last("C1"), world.last("C2")) == ("sent", "sent")


async def test_another_process_that_looks_first_after_the_outage_is_corrected(world: World) -> None:
    """It finds a lease that is over and must call the tip in doubt; whoever sent it knows better."""
    hours, noted, schedule, pool = timed(world.service, Pace())
    world.subscribe("C1")
    looked: list[Delivery] = []

    def away() -> bool:
        if noted.at and hours.passed >= 60 and not looked:
            looked.extend(world.service.claim(SLACK, NINE + LEASE))
        return bool(noted.at) and hours.passed < 60

    pool.away = away
    await hours.through(schedule.tick())
    assert [one.channel for one in looked] == ["UADA"]
    assert noted.took == {"C1": 1}
    assert world.last("C1") == "sent"


async def test_a_database_that_is_away_when_a_tip_should_begin_stops_only_that_one(world: World) -> None:
    hours, noted, schedule, pool = timed(world.service, Pace(workspace=1.0))
    world.subscribe("C1", "C2", "C3")
    asked: list[float] = []

    def away() -> bool:
        asked.append(hours.passed)
        return len(asked) == 2  # after the claim, the first begin

    pool.away = away
    await until_done(schedule, hours)
    assert noted.took == {"C1": 1, "C2": 1, "C3": 1}
    late = sorted(noted.times())[-1]
    assert late >= LEASE.total_seconds()


async def test_a_word_outlives_the_process_that_wrote_it(world: World) -> None:
    world.subscribe("C1")
    (tip,) = world.service.claim(SLACK, NINE)
    world.service.begin([tip], NINE)
    world.clock.now = NINE + LEASE  # it died; the next one finds what it left, and dies too
    assert [one.channel for one in world.service.claim(SLACK, world.clock.now)] == ["UADA"]
    world.clock.now += LEASE
    await world.tick()
    assert [one.channel for one in world.channels.words] == ["UADA"]
    await world.tick()
    assert len(world.channels.words) == 1


async def test_a_lost_answer_to_a_word_is_not_repeated_on_slack(world: World) -> None:
    hours, noted, schedule, _ = timed(world.service, Pace())
    world.subscribe("C1")
    noted.fails = {"C1": [NotSent("is_archived")], "UADA": [NotSent("lost", maybe=True)]}
    await until_done(schedule, hours)
    assert noted.took == {"UADA": 1}
    assert noted.words == []


async def test_what_comes_while_the_database_works_goes_together_and_each_hears_its_own() -> None:
    batches: list[list[int]] = []

    def work(items: list[int]) -> int:
        batches.append(items)
        if 13 in items:
            raise ValueError(items)
        return sum(items)

    together = Together(Shelf(), work)
    first = [asyncio.create_task(together.do(number)) for number in (1, 2, 3)]
    assert await asyncio.gather(*first) == [6, 6, 6]
    assert batches == [[1, 2, 3]]
    with pytest.raises(ValueError, match="13"):
        await together.do(13)
    assert await together.do(4) == 4
