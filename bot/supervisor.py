"""The supervisor: the one owner of every task that lives as long as the bot.

A task whose result nobody awaits dies in silence: no log line, and tips or reloads are gone until a restart.
So every long-lived task is started here. It has a name, its failures are logged with their traceback, it is
started again with backoff, and `/readyz` and `admin status` show its state.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot import timing
from bot.errors import SettingsError
from bot.retry import Sleep

log = logging.getLogger(__name__)


class TaskState(StrEnum):
    """What a supervised task is doing."""

    RUNNING = "running"
    RESTARTING = "restarting"
    """It failed and waits for its next start."""
    FINISHED = "finished"
    """It returned; a one-shot task is done."""
    FAILED = "failed"
    """It is not started again: a setting is wrong."""


@dataclass(frozen=True, slots=True)
class TaskStatus:
    """One supervised task as people see it.

    Attributes:
        restarts: how often it was started again since the bot started.
        last_error: the class of the newest failure; empty when it never failed. No message: it may quote people.
    """

    name: str
    state: TaskState
    restarts: int = 0
    last_error: str = ""


class Supervisor:
    """Starts long-lived tasks, starts them again when they fail, and stops them.

    Args:
        sleep: waits so many seconds.
        clock: seconds, monotonic.
    """

    def __init__(self, sleep: Sleep = asyncio.sleep, clock: Callable[[], float] = time.monotonic) -> None:
        self._sleep = sleep
        self._clock = clock
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._statuses: dict[str, TaskStatus] = {}

    def supervise(self, name: str, run: Callable[[], Awaitable[object]]) -> None:
        """Run a coroutine function until it returns or `stop` is called.

        Args:
            name: unique; appears in the log, in `/readyz` and in `admin status`.
            run: called again for each start, so it must build whatever it needs anew.

        Raises:
            ValueError: when the name is taken by a task that still runs.
        """
        if (task := self._tasks.get(name)) is not None and not task.done():
            raise ValueError(f"the task {name!r} is supervised already")
        self._statuses[name] = TaskStatus(name, TaskState.RUNNING)
        self._tasks[name] = asyncio.create_task(self._run(name, run), name=name)

    @property
    def statuses(self) -> tuple[TaskStatus, ...]:
        """Every task, in the order of its start."""
        return tuple(self._statuses.values())

    def describe(self) -> Mapping[str, str]:
        """Return every task's state by its name, with its last failure: `restarting (OSError, 3 restarts)`."""
        return {status.name: _describe(status) for status in self.statuses}

    async def stop(self, names: Iterable[str] | None = None) -> None:
        """Cancel tasks and wait for them; all of them when no names are given."""
        tasks = [
            self._tasks[name] for name in (self._tasks if names is None else names) if name in self._tasks
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, name: str, run: Callable[[], Awaitable[object]]) -> None:
        """Start, wait, start again. Never raises, so that losing one task does not stop another."""
        restarts, failures = 0, 0
        while True:
            started_at = self._clock()
            self._set(name, TaskState.RUNNING, restarts)
            try:
                await run()
            except SettingsError as error:
                log.error("task %s stopped until the next start of the bot: %s", name, error)
                return self._set(name, TaskState.FAILED, restarts, error)
            except (
                OSError
            ) as error:  # the other side or the way to it is away: no fault of ours, no traceback
                failures = self._count_failures(failures, started_at)
                log.warning(
                    "task %s lost its connection, restarts in %.0f s: %s", name, _delay(failures), error
                )
                self._set(name, TaskState.RESTARTING, restarts, error)
            except Exception as error:
                failures = self._count_failures(failures, started_at)
                log.exception("task %s failed, restarts in %.0f s", name, _delay(failures))
                self._set(name, TaskState.RESTARTING, restarts, error)
            else:
                return self._set(name, TaskState.FINISHED, restarts)
            await self._sleep(_delay(failures))
            restarts += 1

    def _count_failures(self, before: int, started_at: float) -> int:
        """Count failures in a row; a task that ran well for a while starts at one again."""
        return 1 if self._clock() - started_at >= timing.TASK_STABLE_AFTER else before + 1

    def _set(self, name: str, state: TaskState, restarts: int, error: BaseException | None = None) -> None:
        last_error = self._statuses[name].last_error if error is None else type(error).__name__
        self._statuses[name] = TaskStatus(name, state, restarts, last_error)


def _delay(failures: int) -> float:
    return timing.TASK_RESTART.delay(failures)


def _describe(status: TaskStatus) -> str:
    if not status.last_error:
        return status.state
    return f"{status.state} ({status.last_error}, {status.restarts} restarts)"
