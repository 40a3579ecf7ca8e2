"""Discord's gateway on one process at a time: standing by, taking over, stepping down."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.dialogue.delivery import Delivery
from bot.dialogue.gallery import gallery
from bot.errors import NotSent
from bot.platforms.discord.platform import Access, Discord
from bot.platforms.platform import keep
from bot.store.community import Community
from bot.store.keys import ring_of
from bot.store.store import Store
from bot.store.tips import Subscription
from bot.store.turn import Turn
from tests.databases import Server
from tests.platforms.discord.stub import CHANNEL, GUILD, Fault, Stub, running
from tests.platforms.discord.world import TURN, Stage, build, service_with, text
from tests.test_run import Running, machine, on_discord

SECRET = "a secret of the tests"
WITHIN = 30.0  # seconds in which the gateway has to move
TIP = Delivery("discord", GUILD, CHANNEL, False, gallery()["prose"], "a key")


@asynccontextmanager
async def kept(data: Path, stub: Stub, stage: Stage) -> AsyncIterator[Discord]:
    """The platform, kept running as `app.py` does."""
    access = Access("any token at all", stub.api, stub.gateway)
    platform = build(service_with(stage.commands, data), data, access, patience=0.05)
    task = asyncio.create_task(keep(platform))
    try:
        yield platform
    finally:
        stage.held.set()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await platform.close()


async def stands_by(platform: Discord) -> None:
    async with asyncio.timeout(WITHIN):
        while not platform.standing_by:
            await asyncio.sleep(0.005)


async def test_who_stands_by_sends_nothing_until_the_turn_is_free(tmp_path: Path) -> None:
    other = Turn(tmp_path, None, TURN)
    assert other.hold()
    async with running() as stub, kept(tmp_path, stub, Stage()) as platform:
        await stands_by(platform)
        assert (platform.connected, platform.ready) == (False, False)
        with pytest.raises(NotSent, match="unreachable"):
            await platform.deliver(TIP)
        assert (stub.calls, stub.identified) == ([], [])
        other.release()
        await stub.until(lambda: bool(stub.sockets))
        assert (await stub.slash("privacy")).ephemeral
        assert (platform.standing_by, platform.ready) == (False, True)


async def test_who_loses_the_turn_finishes_what_is_in_flight_and_can_take_it_again(tmp_path: Path) -> None:
    stage, other = Stage(), Turn(tmp_path, None, TURN)
    async with running() as stub, kept(tmp_path, stub, stage) as platform:
        await stub.until(lambda: bool(stub.sockets))
        asked = await stub.slash("wait")
        _take_away(tmp_path, other)
        await _sends_no_more(platform)
        assert stub.sockets, "it hung up on somebody who waits"
        stage.held.set()
        await stub.until(lambda: not stub.sockets)
        assert text(stub.shown(asked)) == "**waited**"
        await stands_by(platform)
        other.release()
        await stub.until(lambda: len(stub.identified) == 2 and bool(stub.sockets))
        assert (await stub.slash("privacy")).ephemeral


async def test_who_loses_the_turn_ends_what_it_is_posting(tmp_path: Path) -> None:
    other = Turn(tmp_path, None, TURN)
    async with running() as stub, kept(tmp_path, stub, Stage()) as platform:
        await stub.until(lambda: bool(stub.sockets))
        stub.faults.append(Fault("POST", f"/channels/{CHANNEL}/messages", 429, after=0.5))
        posting = asyncio.create_task(platform.deliver(TIP))
        await stub.until(lambda: not stub.faults)  # discord.py waits as told, and posts again
        _take_away(tmp_path, other)
        await _sends_no_more(platform)
        assert await posting in stub.messages
        await stub.until(lambda: not stub.sockets)
    other.release()


async def test_a_stop_that_comes_while_it_hangs_up_does_not_cut_that_short(tmp_path: Path) -> None:
    async with running() as stub, kept(tmp_path, stub, Stage()) as platform:
        await stub.until(lambda: bool(stub.sockets))
        first = asyncio.create_task(platform.close())
        async with asyncio.timeout(WITHIN):
            while platform.ready:
                await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        await platform.close()
        await stub.until(lambda: not stub.sockets)


def _take_away(data: Path, other: Turn) -> None:
    """As when the database started anew and another process was faster."""
    next(data.glob("*.lock")).unlink()
    assert other.hold()


async def _sends_no_more(platform: Discord) -> None:
    async with asyncio.timeout(WITHIN):
        while platform.ready:
            await asyncio.sleep(0.005)


@asynccontextmanager
async def two(folder: Path, stub: Stub, **environ: str) -> AsyncIterator[tuple[Running, Running]]:
    """Two processes on one database: the first is connected, the second stands by."""
    places = {**on_discord(stub), "CAREER_BOT_SECRET": SECRET, **environ}
    async with machine(folder, **places) as first, machine(folder, **places) as second:
        await first.start()
        assert await first.until("/readyz", Discord=True) == 200
        await second.start()
        assert await second.until("/readyz", ready=True, Discord=False) == 200
        assert "another process" in (await second.said("/readyz"))["standing by"]["Discord"]
        assert len(stub.identified) == 1
        yield first, second


async def test_of_two_processes_one_connects_and_the_other_takes_over_when_it_is_killed(
    postgresql: Server, tmp_path: Path
) -> None:
    url = postgresql.new_database()
    async with running() as stub, two(tmp_path, stub, DATABASE_URL=url) as (first, second):
        assert (await stub.slash("privacy")).ephemeral
        await first.end(signal.SIGKILL)
        _subscribe(url)
        await stub.until(lambda: len(stub.identified) == 2 and bool(stub.sockets), WITHIN)
        assert await second.until("/readyz", Discord=True) == 200
        assert "standing by" not in await second.said("/readyz")
        assert (await stub.slash("privacy")).ephemeral
        await stub.until(lambda: any("A tip for today" in text(one) for one in stub.posted()), WITHIN)


def _subscribe(url: str) -> None:
    """A tip that is due now."""
    now = datetime.now(UTC)
    row = Subscription(
        Community("discord", GUILD), CHANNEL, False, "U", "daily", "09:00", "UTC", now.date(), next_due_at=now
    )
    with closing(Store.open(Path(), url, ring_of((SECRET,)))) as store:
        store.subscriptions.put(row, now)


async def test_a_second_process_on_one_file_stands_by_and_the_last_one_needs_no_lease(tmp_path: Path) -> None:
    async with running() as stub, two(tmp_path, stub) as (first, second):
        assert await first.end(signal.SIGTERM) == 0
        assert await second.until("/readyz", Discord=True) == 200
        await second.end(signal.SIGKILL)
        await stub.until(lambda: not stub.sockets)
        await second.start()
        assert await second.until("/readyz", Discord=True) == 200
        assert (await stub.slash("privacy")).ephemeral
        assert len(stub.identified) == 3
        another = {**on_discord(stub), "DISCORD_TOKEN": "of another bot on the same file"}
        async with machine(tmp_path, CAREER_BOT_SECRET=SECRET, **another) as third:
            await third.start()
            assert await third.until("/readyz", Discord=True) == 200


async def test_a_frozen_database_neither_silences_the_bot_nor_holds_up_a_stop(
    postgresql: Server, tmp_path: Path
) -> None:
    places = {"DATABASE_URL": postgresql.new_database(), "CAREER_BOT_SECRET": SECRET}
    async with running() as stub, machine(tmp_path, **places, **on_discord(stub)) as bot:
        await bot.start()
        await stub.until(lambda: bool(stub.sockets))
        await stub.slash("export")  # a connection lies in the pool
        postgresql.freeze()
        try:
            promised = await stub.slash("export")  # a thread waits for the database
            assert promised.response["type"] == 5
            assert (await stub.slash("ask", question="should I do a phd?")).response["type"] == 4
            assert await bot.end(signal.SIGTERM) == 0
        finally:
            postgresql.thaw()
