"""Work that one process does at a time, with the real lock beside a SQLite file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.platforms.turns import Turns, unless
from bot.store.turn import Turn

DEADLINE = 20.0  # seconds on a busy machine
PURPOSE = "gateway"


class Bot:
    """One process: its turns, and the work it does in them."""

    def __init__(self, data: Path) -> None:
        self.turns = Turns(Turn(data, None, PURPOSE), "Work", look=0.01, renew=0.01)
        self.works = asyncio.Event()
        self.rests = asyncio.Event()

    async def work(self) -> None:
        self.works.set()
        self.rests.clear()
        try:
            await asyncio.Event().wait()
        finally:
            self.works.clear()
            self.rests.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.turns.run(self.work))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def stands_by(self) -> None:
        """Wait until another process has the turn."""
        async with asyncio.timeout(DEADLINE):
            while not self.turns.standing_by:
                await asyncio.sleep(0.005)


class Disk:
    """A data folder that can be away, or be one in which another process has the turn already."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self._folder = folder
        self.back()

    def away(self) -> None:
        self._point("nowhere")

    def back(self) -> None:
        (self._folder / "disk").mkdir(exist_ok=True)
        self._point("disk")

    def taken(self) -> Turn:
        """The turn of another process; from the first look on the folder is there again and it has it."""
        (self._folder / "other").mkdir()
        other = Turn(self._folder / "other", None, PURPOSE)
        assert other.hold()
        self._point("other")
        return other

    def _point(self, name: str) -> None:
        link = self._folder / "link"
        link.symlink_to(self._folder / name)
        link.replace(self.data)  # in one step, so that nobody looks in between


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


async def begun(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), DEADLINE)


async def told(caplog: pytest.LogCaptureFixture, end: str) -> None:
    async with asyncio.timeout(DEADLINE):
        while not any(line.endswith(end) for line in caplog.messages):
            await asyncio.sleep(0.005)


async def test_one_works_the_other_stands_by_and_takes_over(disk: Disk) -> None:
    first, second = Bot(disk.data), Bot(disk.data)
    async with first.running() as working:
        await begun(first.works)
        async with second.running():
            await second.stands_by()
            assert (second.turns.ours, second.works.is_set()) == (False, False)
            working.cancel()  # as a process that is told to stop
            await begun(second.works)
            assert first.rests.is_set(), "it handed over before it had stopped"
            assert (first.turns.ours, second.turns.ours) == (False, True)
            assert not second.turns.standing_by
    assert not second.turns.ours


async def test_who_lost_the_turn_rests_and_works_again_when_it_is_free(
    disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    bot = Bot(disk.data)
    async with bot.running():
        await begun(bot.works)
        other = disk.taken()
        await begun(bot.rests)
        await bot.stands_by()
        other.release()
        await begun(bot.works)
    said = [line.partition("; ")[2] for line in caplog.messages]
    assert said == ["this one steps down", "this one stands by", "this one takes over"]


async def test_while_the_database_is_away_everybody_goes_on_as_before(
    disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    works, waits = Bot(disk.data), Bot(disk.data)
    async with works.running():
        await begun(works.works)
        async with waits.running():
            await waits.stands_by()
            disk.away()
            await told(caplog, "this process goes on")
            await told(caplog, "this process stands by")
            assert (works.works.is_set(), waits.works.is_set()) == (True, False)
        disk.back()
        other = Turn(disk.data, None, PURPOSE)
        while other.hold():  # until it is held again, and not only believed to be
            other.release()
            await asyncio.sleep(0.02)
        await begun(works.works)


async def test_who_finds_the_turn_taken_after_an_outage_steps_down(
    disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    bot = Bot(disk.data)
    async with bot.running():
        await begun(bot.works)
        disk.away()
        await told(caplog, "this process goes on")
        other = disk.taken()
        await begun(bot.rests)
        await bot.stands_by()
    other.release()


async def test_a_bot_that_starts_without_its_database_works(
    disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    disk.away()
    bot = Bot(disk.data)
    async with bot.running():
        await begun(bot.works)
        other = disk.taken()
        await begun(bot.rests)
    other.release()


async def test_work_that_fails_lets_another_process_try(disk: Disk) -> None:
    async def fails() -> None:
        raise ConnectionError("no way there")

    bot, other = Bot(disk.data), Turn(disk.data, None, PURPOSE)
    with pytest.raises(ConnectionError):
        await bot.turns.run(fails)
    assert (bot.turns.ours, other.hold()) == (False, True)
    other.release()


async def test_of_work_and_what_ends_it_the_first_is_told() -> None:
    assert await unless(asyncio.sleep(0), asyncio.Event().wait())
    assert not await unless(asyncio.Event().wait(), asyncio.sleep(0))
