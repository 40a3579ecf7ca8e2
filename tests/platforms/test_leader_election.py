"""Work that one process does at a time, with the real lock beside a SQLite file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.platforms.leader_election import LeaderElection, run_until
from bot.store.leader_lock import LeaderLock

DEADLINE = 20.0  # seconds on a busy machine
PURPOSE = "gateway"


class ElectedProcess:
    """One process: its turns, and the work it does in them."""

    def __init__(self, data: Path) -> None:
        self.election = LeaderElection(
            LeaderLock(data, None, PURPOSE), "Work", poll_interval=0.01, renew_interval=0.01
        )
        self.work_started = asyncio.Event()
        self.work_stopped = asyncio.Event()

    async def work(self) -> None:
        self.work_started.set()
        self.work_stopped.clear()
        try:
            await asyncio.Event().wait()
        finally:
            self.work_started.clear()
            self.work_stopped.set()

    @asynccontextmanager
    async def run(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.election.run(self.work))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def wait_until_standby(self) -> None:
        """Wait until another process has the turn."""
        async with asyncio.timeout(DEADLINE):
            while not self.election.is_standby:
                await asyncio.sleep(0.005)


class DataFolder:
    """A data folder that can be away, or be one in which another process has the turn already."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self._folder = folder
        self.reconnect()

    def disconnect(self) -> None:
        self._link_to("nowhere")

    def reconnect(self) -> None:
        (self._folder / "disk").mkdir(exist_ok=True)
        self._link_to("disk")

    def switch_to_held_lock(self) -> LeaderLock:
        """The turn of another process; from the first look on the folder is there again and it has it."""
        (self._folder / "other").mkdir()
        other = LeaderLock(self._folder / "other", None, PURPOSE)
        assert other.acquire_or_renew()
        self._link_to("other")
        return other

    def _link_to(self, name: str) -> None:
        link = self._folder / "link"
        link.symlink_to(self._folder / name)
        link.replace(self.data)  # in one step, so that nobody looks in between


@pytest.fixture
def data_folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


async def wait_for_event(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), DEADLINE)


async def wait_for_log(caplog: pytest.LogCaptureFixture, suffix: str) -> None:
    async with asyncio.timeout(DEADLINE):
        while not any(line.endswith(suffix) for line in caplog.messages):
            await asyncio.sleep(0.005)


async def test_standby_takes_over(data_folder: DataFolder) -> None:
    first, second = ElectedProcess(data_folder.data), ElectedProcess(data_folder.data)
    async with first.run() as working:
        await wait_for_event(first.work_started)
        async with second.run():
            await second.wait_until_standby()
            assert (second.election.is_leader, second.work_started.is_set()) == (False, False)
            working.cancel()  # as a process that is told to stop
            await wait_for_event(second.work_started)
            assert first.work_stopped.is_set(), "it handed over before it had stopped"
            assert (first.election.is_leader, second.election.is_leader) == (False, True)
            assert not second.election.is_standby
    assert not second.election.is_leader


async def test_lost_lock_stops_work_until_reacquired(
    data_folder: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    bot = ElectedProcess(data_folder.data)
    async with bot.run():
        await wait_for_event(bot.work_started)
        other = data_folder.switch_to_held_lock()
        await wait_for_event(bot.work_stopped)
        await bot.wait_until_standby()
        other.release()
        await wait_for_event(bot.work_started)
    said = [line.partition("; ")[2] for line in caplog.messages]
    assert said == ["this one steps down", "this one stands by", "this one takes over"]


async def test_database_outage_changes_no_leader(
    data_folder: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    works, waits = ElectedProcess(data_folder.data), ElectedProcess(data_folder.data)
    async with works.run():
        await wait_for_event(works.work_started)
        async with waits.run():
            await waits.wait_until_standby()
            data_folder.disconnect()
            await wait_for_log(caplog, "this process goes on")
            await wait_for_log(caplog, "this process stands by")
            assert (works.work_started.is_set(), waits.work_started.is_set()) == (True, False)
        data_folder.reconnect()
        other = LeaderLock(data_folder.data, None, PURPOSE)
        while other.acquire_or_renew():  # until it is held again, and not only believed to be
            other.release()
            await asyncio.sleep(0.02)
        await wait_for_event(works.work_started)


async def test_leader_steps_down_when_the_lock_is_taken_after_an_outage(
    data_folder: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    bot = ElectedProcess(data_folder.data)
    async with bot.run():
        await wait_for_event(bot.work_started)
        data_folder.disconnect()
        await wait_for_log(caplog, "this process goes on")
        other = data_folder.switch_to_held_lock()
        await wait_for_event(bot.work_stopped)
        await bot.wait_until_standby()
    other.release()


async def test_a_bot_that_starts_without_its_database_works(
    data_folder: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    data_folder.disconnect()
    bot = ElectedProcess(data_folder.data)
    async with bot.run():
        await wait_for_event(bot.work_started)
        other = data_folder.switch_to_held_lock()
        await wait_for_event(bot.work_stopped)
    other.release()


async def test_work_that_fails_lets_another_process_try(data_folder: DataFolder) -> None:
    async def fails() -> None:
        raise ConnectionError("no way there")

    bot, other = ElectedProcess(data_folder.data), LeaderLock(data_folder.data, None, PURPOSE)
    with pytest.raises(ConnectionError):
        await bot.election.run(fails)
    assert (bot.election.is_leader, other.acquire_or_renew()) == (False, True)
    other.release()


async def test_run_until_reports_whether_work_ended_first() -> None:
    assert await run_until(asyncio.sleep(0), asyncio.Event().wait())
    assert not await run_until(asyncio.Event().wait(), asyncio.sleep(0))
