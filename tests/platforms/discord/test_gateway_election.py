"""Discord's gateway on one process at a time: standing by, taking over, stepping down."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.domain.tenant import Tenant
from bot.domain.tips.schedule import Schedule
from bot.domain.tips.subscription import Subscription
from bot.errors import DeliveryError
from bot.messaging.delivery import Delivery, DeliveryKind
from bot.messaging.samples import build_sample_replies
from bot.platforms.discord.platform import DiscordCredentials, DiscordPlatform
from bot.store.key_ring import build_key_ring
from bot.store.leader_lock import LeaderLock
from bot.store.store import Store
from tests.platforms.discord.discord_harness import (
    LOCK_PURPOSE,
    ProbeCommands,
    build_platform,
    build_service,
    read_text,
)
from tests.platforms.discord.fake_server import CHANNEL, GUILD, FakeDiscord, InjectedFault, run_fake_discord
from tests.platforms.supervised_platform import supervise_until_cancelled
from tests.postgres import PostgresServer
from tests.test_run_command import BotProcess, build_discord_env, run_machine

SECRET = "a secret of the tests"
DEADLINE = 30.0  # seconds in which the gateway has to move
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TIP = Delivery(
    DeliveryKind.TIP, "discord", GUILD, CHANNEL, False, build_sample_replies()["prose"], "a key", NOON
)


@asynccontextmanager
async def run_supervised(
    data_dir: Path, discord: FakeDiscord, commands: ProbeCommands
) -> AsyncIterator[DiscordPlatform]:
    """The platform, kept running as `app.py` does."""
    access = DiscordCredentials("any token at all", discord.api_url, discord.gateway_url)
    platform = build_platform(build_service(commands.commands, data_dir), data_dir, access, patience=0.05)
    task = asyncio.create_task(supervise_until_cancelled(platform))
    try:
        yield platform
    finally:
        commands.release.set()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await platform.close()


async def wait_until_standby(platform: DiscordPlatform) -> None:
    async with asyncio.timeout(DEADLINE):
        while not platform.is_standby:
            await asyncio.sleep(0.005)


async def test_standby_sends_nothing_until_the_lock_is_free(tmp_path: Path) -> None:
    other = LeaderLock(tmp_path, None, LOCK_PURPOSE)
    assert other.acquire_or_renew()
    async with run_fake_discord() as stub, run_supervised(tmp_path, stub, ProbeCommands()) as platform:
        await wait_until_standby(platform)
        assert (platform.is_connected, platform.can_send) == (False, False)
        with pytest.raises(DeliveryError, match="unreachable"):
            await platform.deliver(TIP)
        assert (stub.calls, stub.identify_payloads) == ([], [])
        other.release()
        await stub.wait_until(lambda: bool(stub.sockets))
        assert (await stub.send_slash_command("privacy")).is_ephemeral
        assert (platform.is_standby, platform.can_send) == (False, True)


async def test_losing_the_lock_finishes_in_flight_work_and_allows_reacquire(tmp_path: Path) -> None:
    stage, other = ProbeCommands(), LeaderLock(tmp_path, None, LOCK_PURPOSE)
    async with run_fake_discord() as stub, run_supervised(tmp_path, stub, stage) as platform:
        await stub.wait_until(lambda: bool(stub.sockets))
        asked = await stub.send_slash_command("wait")
        _take_lock(tmp_path, other)
        await _wait_until_not_ready(platform)
        assert stub.sockets, "it hung up on somebody who waits"
        stage.release.set()
        await stub.wait_until(lambda: not stub.sockets)
        assert read_text(stub.result_message(asked)) == "**waited**"
        await wait_until_standby(platform)
        other.release()
        await stub.wait_until(lambda: len(stub.identify_payloads) == 2 and bool(stub.sockets))
        assert (await stub.send_slash_command("privacy")).is_ephemeral


async def test_losing_the_lock_finishes_the_current_post(tmp_path: Path) -> None:
    other = LeaderLock(tmp_path, None, LOCK_PURPOSE)
    async with run_fake_discord() as stub, run_supervised(tmp_path, stub, ProbeCommands()) as platform:
        await stub.wait_until(lambda: bool(stub.sockets))
        stub.faults.append(InjectedFault("POST", f"/channels/{CHANNEL}/messages", 429, retry_after=0.5))
        posting = asyncio.create_task(platform.deliver(TIP))
        await stub.wait_until(lambda: not stub.faults)  # discord.py waits as told, and posts again
        _take_lock(tmp_path, other)
        await _wait_until_not_ready(platform)
        assert await posting in stub.messages
        await stub.wait_until(lambda: not stub.sockets)
    other.release()


async def test_stop_during_disconnect_waits_for_the_disconnect(tmp_path: Path) -> None:
    async with run_fake_discord() as stub, run_supervised(tmp_path, stub, ProbeCommands()) as platform:
        await stub.wait_until(lambda: bool(stub.sockets))
        first = asyncio.create_task(platform.close())
        async with asyncio.timeout(DEADLINE):
            while platform.can_send:
                await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        await platform.close()
        await stub.wait_until(lambda: not stub.sockets)


def _take_lock(data_dir: Path, other_lock: LeaderLock) -> None:
    """As when the database started anew and another process was faster."""
    next(data_dir.glob("*.lock")).unlink()
    assert other_lock.acquire_or_renew()


async def _wait_until_not_ready(platform: DiscordPlatform) -> None:
    async with asyncio.timeout(DEADLINE):
        while platform.can_send:
            await asyncio.sleep(0.005)


@asynccontextmanager
async def run_two_processes(
    folder: Path, discord: FakeDiscord, **environ: str
) -> AsyncIterator[tuple[BotProcess, BotProcess]]:
    """Two processes on one database: the first is connected, the second stands by."""
    places = {**build_discord_env(discord), "CAREER_BOT_SECRET_KEYS": SECRET, **environ}
    async with run_machine(folder, **places) as first, run_machine(folder, **places) as second:
        await first.start()
        assert await first.wait_until("/readyz", Discord=True) == 200
        await second.start()
        assert await second.wait_until("/readyz", ready=True, Discord=False) == 200
        assert "another process" in (await second.fetch("/readyz"))["standby"]["Discord"]
        assert len(discord.identify_payloads) == 1
        yield first, second


@pytest.mark.slow
async def test_of_two_processes_one_connects_and_the_other_takes_over_when_it_is_killed(
    postgresql: PostgresServer, tmp_path: Path
) -> None:
    url = postgresql.new_database()
    async with (
        run_fake_discord() as stub,
        run_two_processes(tmp_path, stub, DATABASE_URL=url) as (first, second),
    ):
        assert (await stub.send_slash_command("privacy")).is_ephemeral
        await first.stop(signal.SIGKILL)
        _create_due_subscription(url)
        await stub.wait_until(lambda: len(stub.identify_payloads) == 2 and bool(stub.sockets), DEADLINE)
        assert await second.wait_until("/readyz", Discord=True) == 200
        assert "standby" not in await second.fetch("/readyz")
        assert (await stub.send_slash_command("privacy")).is_ephemeral
        await stub.wait_until(
            lambda: any("A tip for today" in read_text(one) for one in stub.list_bot_messages()), DEADLINE
        )


def _create_due_subscription(url: str) -> None:
    """A tip that is due now."""
    now = datetime.now(UTC)
    row = Subscription(
        Tenant("discord", GUILD),
        CHANNEL,
        False,
        "U",
        Schedule("daily", time(9), "UTC", now.date()),
        next_due_at=now,
    )
    with closing(Store.open(Path(), url, build_key_ring((SECRET,)))) as store:
        store.subscriptions.save(row, now)


@pytest.mark.slow
async def test_standby_on_one_file_takes_over_and_needs_no_lease(tmp_path: Path) -> None:
    async with run_fake_discord() as stub, run_two_processes(tmp_path, stub) as (first, second):
        assert await first.stop(signal.SIGTERM) == 0
        assert await second.wait_until("/readyz", Discord=True) == 200
        await second.stop(signal.SIGKILL)
        await stub.wait_until(lambda: not stub.sockets)
        await second.start()
        assert await second.wait_until("/readyz", Discord=True) == 200
        assert (await stub.send_slash_command("privacy")).is_ephemeral
        assert len(stub.identify_payloads) == 3
        another = {**build_discord_env(stub), "DISCORD_TOKEN": "of another bot on the same file"}
        async with run_machine(tmp_path, CAREER_BOT_SECRET_KEYS=SECRET, **another) as third:
            await third.start()
            assert await third.wait_until("/readyz", Discord=True) == 200


@pytest.mark.slow
async def test_a_frozen_database_neither_silences_the_bot_nor_holds_up_a_stop(
    postgresql: PostgresServer, tmp_path: Path
) -> None:
    places = {"DATABASE_URL": postgresql.new_database(), "CAREER_BOT_SECRET_KEYS": SECRET}
    async with run_fake_discord() as stub, run_machine(tmp_path, **places, **build_discord_env(stub)) as bot:
        await bot.start()
        await stub.wait_until(lambda: bool(stub.sockets))
        await stub.send_slash_command("export")  # a connection lies in the pool
        postgresql.freeze()
        try:
            promised = await stub.send_slash_command("export")  # a thread waits for the database
            assert promised.response is not None
            assert promised.response["type"] == 5
            answered = (await stub.send_slash_command("ask", question="should I do a phd?")).response
            assert answered is not None
            assert answered["type"] == 4
            assert await bot.stop(signal.SIGTERM) == 0
        finally:
            postgresql.thaw()
