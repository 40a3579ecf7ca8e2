"""The tick against a platform that counts: once each, in time, and in doubt rather than twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import NotSent
from bot.platforms.answering import Answering
from bot.schedule import Schedule
from bot.schedule.schedule import EVERY
from bot.service import Edition
from bot.store.community import Community
from bot.store.outbox import LEASE
from tests.chat import service_over
from tests.schedule.world import NINE, WORKSPACE, Channels, Clock, Slow, World


async def test_what_is_due_is_posted_once_and_the_next_moment_is_known(world: World) -> None:
    world.subscribe("C1", "C2")
    assert await world.tick() == NINE + timedelta(days=1)
    await world.tick()
    assert world.channels.took == {"C1": 1, "C2": 1}
    assert world.last("C1") == "sent"


async def test_ten_restarts_around_a_slot_make_one_post(edition: Edition, tmp_path: Path) -> None:
    channels = Channels()
    for number in range(10):
        service = service_over(edition, tmp_path)
        again = World(service, channels, Clock(NINE + timedelta(seconds=number - 5)))
        if number == 0:
            again.subscribe("C1")
        await again.tick()
        service.context.home.close()
    assert channels.took == {"C1": 1}


async def test_a_loop_that_stalled_for_90_seconds_posts_once(world: World) -> None:
    world.subscribe("C1")
    world.clock.now = NINE + timedelta(seconds=90)
    await asyncio.gather(world.tick(), world.tick())
    assert world.channels.took == {"C1": 1}


async def test_two_processes_on_one_database_share_the_posts(database_url: str, edition: Edition) -> None:
    channels, clock = Channels(), Clock()
    two = [World(service_over(edition, Path(), database_url), channels, clock) for _ in range(2)]
    two[0].subscribe(*(f"C{number}" for number in range(30)))
    await asyncio.gather(*(one.tick() for one in two))
    for one in two:
        one.service.context.home.close()
    assert channels.took == {f"C{number}": 1 for number in range(30)}


async def test_a_lost_answer_is_in_doubt_and_its_owner_is_told_once(world: World) -> None:
    world.subscribe("C1")
    world.channels.fails["C1"] = [NotSent("timeout", maybe=True)]
    for minutes in range(5):
        world.clock.now = NINE + timedelta(minutes=minutes)
        await world.tick()
    assert world.channels.took == {"C1": 1}
    assert world.last("C1") == "unknown"
    assert [word.channel for word in world.channels.words] == ["UADA"]


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("channel_not_found", "gone"),
        ("not_in_channel", "forbidden"),
        ("50007", "closed"),
        ("50013", "forbidden"),
    ],
)
async def test_a_permanent_refusal_rests_the_tips_and_tells_once(
    world: World, reason: str, kept: str
) -> None:
    world.subscribe("C1")
    world.channels.fails["C1"] = [NotSent(reason)]
    for days in range(3):
        world.clock.now = NINE + timedelta(days=days)
        await world.tick()
    assert world.channels.took == {}
    assert len(world.channels.words) == 1
    subscription = world.service.context.store.subscriptions.get(WORKSPACE, "C1")
    assert subscription is not None
    assert subscription.paused == kept


async def test_a_rate_limit_holds_the_workspace_exactly_as_long_as_told(world: World) -> None:
    world.subscribe("C1", "C2", "C3")
    world.channels.fails["C1"] = [NotSent("ratelimited", retry_after=40)]
    await world.tick()
    assert world.channels.took.total() < 3
    world.clock.now = NINE + timedelta(seconds=39)
    before = world.channels.took.total()
    await world.tick()
    assert world.channels.took.total() == before
    world.clock.now = NINE + timedelta(seconds=41)
    await world.tick()
    assert world.channels.took == {"C1": 1, "C2": 1, "C3": 1}


async def test_a_platform_that_is_away_gets_the_tip_when_it_is_back(world: World) -> None:
    world.subscribe("C1")
    world.channels.fails["C1"] = [NotSent("unreachable"), NotSent("unreachable")]
    for minutes in range(4):
        world.clock.now = NINE + timedelta(minutes=minutes)
        await world.tick()
    assert world.channels.took == {"C1": 1}


async def test_a_defect_in_sending_leaves_the_tip_in_doubt_and_the_others_go_out(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.subscribe("C1", "C2")
    world.channels.fails["C1"] = [RuntimeError("a defect")]
    await world.tick()
    assert world.channels.took == {"C2": 1}
    assert world.last("C1") == "unknown"
    assert "could not be sent" in caplog.text


async def test_a_database_that_is_away_stops_nothing_and_tips_go_out_once_after(
    edition: Edition, tmp_path: Path
) -> None:
    away = World(service_over(edition, tmp_path, f"postgresql:///bot?host={tmp_path}"), Channels(), Clock())
    assert await away.tick() is None
    assert away.channels.took == {}


async def test_it_ticks_by_itself_when_the_next_tip_is_due(world: World) -> None:
    """On the real clock: due in a moment, posted without anybody asking; nothing is left running after."""
    due = datetime.now(UTC) + timedelta(milliseconds=300)
    world.subscribe("C1", due=due)
    answering = Answering(world.service)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731
    running = asyncio.create_task(Schedule(world.service, answering, {"slack": world.channels}, now).run())
    async with asyncio.timeout(10):
        while not world.channels.took:
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    answering.close()
    assert world.channels.took == {"C1": 1}
    assert timedelta(seconds=30) < LEASE


async def test_a_stop_while_a_tip_is_being_sent_waits_until_it_is_settled(world: World) -> None:
    world.subscribe("C1")
    slow, answering = Slow(), Answering(world.service)
    running = asyncio.create_task(Schedule(world.service, answering, {"slack": slow}, world.clock).run())
    async with asyncio.timeout(10):
        await slow.begun.wait()
    running.cancel()
    done, _ = await asyncio.wait((running,), timeout=0.2)
    assert not done, "it stopped over a tip that was being sent"
    slow.answers.set()
    await asyncio.gather(running, return_exceptions=True)
    answering.close()
    assert slow.took == {"C1": 1}
    assert world.last("C1") == "sent"


async def test_a_platform_that_this_process_only_stands_by_keeps_its_tips_for_the_others(
    world: World,
) -> None:
    world.subscribe("C1")
    world.channels.ready = False
    assert await world.tick() is None
    assert world.last("C1") == ""
    world.channels.ready = True
    await world.tick()
    assert world.channels.took == {"C1": 1}


async def test_what_waits_for_a_platform_goes_out_when_this_process_begins_to_send_there(
    world: World,
) -> None:
    """On the real clock, and sooner than the next tick would come."""
    world.subscribe("C1")
    world.channels.ready = False
    answering = Answering(world.service)
    schedule = Schedule(world.service, answering, {"slack": world.channels}, world.clock)
    running = asyncio.create_task(schedule.run())
    async with asyncio.timeout(EVERY / 2):
        assert await schedule.tick() is None
        world.channels.ready = True
        while not world.channels.took:
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    answering.close()
    assert world.channels.took == {"C1": 1}


async def test_what_waits_on_a_platform_of_another_process_brings_no_second_tick(world: World) -> None:
    world.subscribe("9", where=Community("discord", "1"))
    assert len(world.service.claim(frozenset({"discord"}), NINE)) == 1  # and that process dies
    world.subscribe("8", where=Community("discord", "1"))
    world.clock.now = NINE + LEASE
    later = NINE + timedelta(hours=1)
    world.subscribe("C1", due=later)
    assert await world.tick() == later
