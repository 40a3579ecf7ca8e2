"""A supervised task never dies in silence: it is logged, started again, and shown."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.errors import SettingsError
from bot.supervisor import Supervisor, TaskState, TaskStatus


class FailingTask:
    """A task that raises what it is given, one a start, and then runs until cancelled."""

    def __init__(self, *failures: BaseException) -> None:
        self._failures = list(failures)
        self.starts = 0
        self.is_running = asyncio.Event()

    async def run(self) -> None:
        self.starts += 1
        if self._failures:
            raise self._failures.pop(0)
        self.is_running.set()
        await asyncio.Event().wait()


async def _sleep(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_a_failed_task_is_logged_and_started_again(caplog: pytest.LogCaptureFixture) -> None:
    task, supervisor = FailingTask(RuntimeError("planted"), OSError("away")), Supervisor(_sleep)
    supervisor.supervise("delivery worker", task.run)
    await asyncio.wait_for(task.is_running.wait(), 5)
    assert task.starts == 3
    assert supervisor.statuses == (TaskStatus("delivery worker", TaskState.RUNNING, 2, "OSError"),)
    failed, lost = [record for record in caplog.records if record.name == "bot.supervisor"]
    assert failed.levelno == logging.ERROR
    assert "delivery worker" in failed.getMessage()
    assert failed.exc_info is not None
    assert (lost.levelno, lost.exc_info) == (logging.WARNING, None)
    await supervisor.stop()


async def test_a_wrong_setting_is_not_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    task, supervisor = FailingTask(SettingsError("SLACK_BOT_TOKEN: is revoked")), Supervisor(_sleep)
    supervisor.supervise("Slack", task.run)
    await supervisor.stop(())
    while supervisor.statuses[0].state is TaskState.RUNNING:
        await asyncio.sleep(0)
    assert supervisor.statuses == (TaskStatus("Slack", TaskState.FAILED, 0, "SettingsError"),)
    assert "is revoked" in caplog.text
    await supervisor.stop()


async def test_a_one_shot_task_ends_as_finished() -> None:
    supervisor = Supervisor(_sleep)

    async def run() -> None:
        return None

    supervisor.supervise("model warm-up", run)
    while supervisor.statuses[0].state is TaskState.RUNNING:
        await asyncio.sleep(0)
    assert supervisor.statuses[0].state is TaskState.FINISHED


async def test_backoff_grows_and_starts_anew_after_a_stable_run() -> None:
    pauses: list[float] = []
    seconds = 0.0
    runs = iter((0.0, 0.0, 0.0, 3_600.0, 0.0))  # how long each start runs before it fails

    async def sleep(pause: float) -> None:
        pauses.append(pause)

    async def run() -> None:
        nonlocal seconds
        try:
            seconds += next(runs)
        except StopIteration:
            return
        raise RuntimeError

    supervisor = Supervisor(sleep, lambda: seconds)
    supervisor.supervise("watcher", run)
    while supervisor.statuses[0].state is not TaskState.FINISHED:
        await asyncio.sleep(0)
    assert pauses == [1, 2, 4, 1, 2]


async def test_a_name_belongs_to_one_task() -> None:
    supervisor = Supervisor(_sleep)
    task = FailingTask()
    supervisor.supervise("Slack", task.run)
    with pytest.raises(ValueError, match="Slack"):
        supervisor.supervise("Slack", task.run)
    await supervisor.stop()
